"""OSS: the bucket as declared, and to be listed with these keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor import compared
from ops.doctor.lines import ok
from ops.provisioning import bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.lines import Line
    from receipts.credentials import Credentials
    from receipts.settings import BucketSettings

NAME = "OSS"
SETTINGS = "OSS_ENDPOINT, OSS_BUCKET, OSS_REGION"


def check(settings: BucketSettings, keys: Credentials, seconds: float) -> Iterator[Line]:
    """The lines about the bucket. Raises the SDK's errors."""
    with bucket.opened(settings, keys, seconds) as opened:
        looks = list(bucket.looks(opened, settings))
        yield from compared.lines("bucket", looks)
        if not looks[0].missing:
            opened.list_objects_v2(prefix="recordings/", max_keys=1)
            yield ok("objects", "can be listed")
