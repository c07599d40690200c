"""A loopback object store with an empty bucket, reached by the product's own client, and bodies that fit no message."""

from __future__ import annotations

import base64
import contextlib
import json
import random
from typing import TYPE_CHECKING, Any

import oss2

from local.cloud.oss import OssServer
from receipts.settings import BucketSettings
from tests.store.support import BUCKET, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "cn-hangzhou"


def settings_of(server: OssServer, **fields: Any) -> BucketSettings:
    """How the bucket is reached."""
    return BucketSettings(server.endpoint, BUCKET, REGION, "AES256")._replace(**fields)


def environment_of(server: OssServer) -> dict[str, str]:
    """What a function is told about it."""
    return {"OSS_ENDPOINT": server.endpoint, "OSS_BUCKET": BUCKET, "OSS_REGION": REGION}


@contextlib.contextmanager
def with_bucket() -> Iterator[OssServer]:
    """A server with the bucket."""
    with OssServer(key=KEY) as server:
        session = oss2.Session()
        auth = oss2.make_auth(*KEY, oss2.AUTH_VERSION_4)
        bucket = oss2.Bucket(auth, server.endpoint, BUCKET, session=session, region=REGION)
        bucket.create_bucket(oss2.BUCKET_ACL_PRIVATE).resp.read()
        session.session.close()
        server.faults.calls.clear()
        yield server


def noise(size: int, seed: int = 1) -> str:
    """Text that hardly compresses: by a quarter."""
    return base64.b64encode(random.Random(seed).randbytes(size * 3 // 4)).decode()


def transcript(call_id: str, size: int = 300_000) -> dict[str, Any]:
    """A receipt of `SecretAsrReport` with so many bytes of text."""
    said = {"beginTime": 0, "endTime": 9, "channelId": 1, "text": noise(size, len(call_id))}
    return {"callId": call_id, "secretNo": "17000000002", "statusCode": "21050000", "sentences": [said]}


def body_of(*receipts: Any) -> bytes:
    """A push's body."""
    return json.dumps(receipts).encode()
