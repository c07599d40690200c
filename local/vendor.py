"""The vendors' side of recordings: their files, and the APIs that know of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from oss2.utils import Crc64

from local.story.huawei.calls import APP
from local.story.huawei.notifications import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.cloud.files import FileHost
    from local.cloud.huawei import HuaweiServer
    from local.cloud.pls import PlsServer
    from local.story import Recording
    from local.story.huawei import HuaweiRecording


def shelve(recordings: Iterable[Recording], files: FileHost, pls: PlsServer, *, at_ms: int | None = None) -> None:
    """Have every recording as it is at one moment; what was done to one that was shelved before is forgotten.

    Args:
        recordings: all of them; the API knows those without a file too, as not ready.
        files: has the files of those that are ready.
        pls: gives the links to them.
        at_ms: the moment in the story's time, epoch milliseconds; None for when all are ready.
    """
    for one in recordings:
        ready = at_ms is None or one.ready_at_ms <= at_ms
        if ready:
            files.put(one.file, one.size)
        pls.recordings.add(one.call_id, one.call_time_ms, one.pool_key, one.file, ring=one.ring, ready=ready)


def shelve_told(notification: bytes, files: FileHost, huawei: HuaweiServer, size: int) -> list[str]:
    """Have the recordings that a notification of Huawei's call records tells of, each of `size` bytes.

    Returns the names of the files; Huawei keeps them for seven days from now.
    """
    names = []
    for told in json.loads(notification)["feeLst"]:
        if name := told.get("recordObjectName"):
            files.put(name, size)
            huawei.recordings.add(told["appKey"], name, told["recordDomain"], name)
            names.append(name)
    return names


def shelve_huawei(recordings: Iterable[HuaweiRecording], files: FileHost, huawei: HuaweiServer) -> None:
    """Have the recordings of a day at Huawei's: those whose call record holds no link are known to the API."""
    for one in recordings:
        files.put(one.file, one.size)
        if not one.linked:
            huawei.recordings.add(APP, one.file, DOMAIN, one.file)


class Original(NamedTuple):
    """What must be in an archived copy: how many bytes, and their CRC-64 (ECMA-182) as an object store tells it."""

    size: int
    crc64: int


def original(files: FileHost, recording: Recording | HuaweiRecording) -> Original:
    """The true size and checksum of a recording, read off the shelf; KeyError if it is not there."""
    size, checksum = 0, Crc64()
    for block in files.body(recording.file).blocks():
        size += len(block)
        checksum.update(block)
    return Original(size, checksum.crc)
