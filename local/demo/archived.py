"""What was archived, held against the vendor's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.stack import BUCKET
from local.vendor import Original, original

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.demo.reading import Tables
    from local.stack import Stack
    from local.story import Recording
    from local.story.huawei import HuaweiRecording


def damaged(stack: Stack, recordings: Iterable[Recording | HuaweiRecording], tables: Tables) -> list[str]:
    """The archived recordings that are not the vendor's files byte for byte; empty when all are."""
    keys = {row["recording_id"]: row.get("object_key") for row in tables.recordings}
    problems = []
    for recording in recordings:
        key = keys.get(recording.recording_id)
        if key is None:
            continue
        headers = stack.oss.headers(BUCKET, key)
        copy = Original(int(headers["content-length"]), int(headers["x-oss-hash-crc64ecma"]))
        if copy != original(stack.files, recording):
            problems.append(f"recording {recording.recording_id} is not what the vendor has")
    return problems
