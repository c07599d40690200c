"""What the story says was recorded can be asked for and fetched, byte for byte, when it is ready and not before."""

from __future__ import annotations

import http.client
import json
import zlib
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from oss2.utils import Crc64

from local.cloud.files import FileHost
from local.cloud.pls import PlsServer, RecordingCodes
from local.story import story
from local.vendor import Original, original, shelve
from tests.local.pls.support import ask
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.story import Recording

NOT_READY = "isv.MADE_UP_NOT_READY"
CHINA = timezone(timedelta(hours=8))
DAY = story(7, calls=40)
MAGIC = {"mp3": b"\xff\xfb", "wav": b"RIFF", "amr": b"#!AMR\n", "ogg": b"OggS"}
TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "amr": "audio/amr", "ogg": "audio/ogg"}


class Vendor(NamedTuple):
    """Both servers."""

    files: FileHost
    pls: PlsServer


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor who has nothing yet."""
    codes = RecordingCodes(not_ready=NOT_READY)
    with FileHost() as files, PlsServer(key=KEY, link=files.url, codes=codes) as pls:
        yield Vendor(files, pls)


def asked(pls: PlsServer, recording: Recording) -> Any:
    """The API's answer about both recordings of the call."""
    called = datetime.fromtimestamp(recording.call_time_ms / 1000, CHINA).strftime("%Y-%m-%d %H:%M:%S")
    question = {"CallId": recording.call_id, "CallTime": called, "PartnerKey": recording.pool_key, "CheckSubs": "true"}
    return ask(pls, question, action="GetTotalPublicUrl")


def fetched(link: str) -> tuple[str, bytes]:
    """The content type and the bytes that a link leads to."""
    parts = urlsplit(link)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        assert response.status == 200
        return response.getheader("Content-Type", ""), response.read()
    finally:
        connection.close()


def test_every_recording_can_be_fetched_whole(vendor: Vendor) -> None:
    """Through the API's link, with the size, the kind and the checksum that are told of the original."""
    shelve(DAY.recordings, vendor.files, vendor.pls)
    for recording in DAY.recordings:
        link = asked(vendor.pls, recording)["Data"]["RingPublicUrl" if recording.ring else "PhonePublicUrl"]
        content_type, content = fetched(link)
        assert len(content) == recording.size
        assert content_type == TYPES[recording.kind]
        assert content.startswith(MAGIC[recording.kind])
        checksum = Crc64()
        checksum.update(content)
        assert original(vendor.files, recording) == Original(len(content), checksum.crc)


def test_no_two_recordings_are_alike(vendor: Vendor) -> None:
    """A copy under the wrong name is found out."""
    shelve(DAY.recordings, vendor.files, vendor.pls)
    assert len({original(vendor.files, recording) for recording in DAY.recordings}) == len(DAY.recordings)


def test_links_in_receipts_lead_to_the_files(vendor: Vendor) -> None:
    """When the story was told with the file host's links."""
    day = story(7, calls=11, link=vendor.files.url)
    shelve(day.recordings, vendor.files, vendor.pls)
    good = [push for push in day.pushes if push.message_type == "SecretReport" and push.body.endswith(b"]")]
    receipts = [receipt for push in good for receipt in json.loads(push.body)]
    links = {receipt[name] for receipt in receipts for name in ("record_url", "ring_record_url") if name in receipt}
    linked = [it for it in day.recordings if it.linked]
    assert len(links) == len(linked) > 0
    originals = {zlib.crc32(b"".join(vendor.files.body(it.file).blocks())) for it in linked}
    assert {zlib.crc32(fetched(link)[1]) for link in links} == originals


def test_a_recording_is_there_from_its_time_on(vendor: Vendor) -> None:
    """Before, the API says so and there is no file; the next look finds what became ready in between."""
    first, *_, last = sorted((it for it in DAY.recordings if not it.ring), key=lambda it: it.ready_at_ms)
    shelve(DAY.recordings, vendor.files, vendor.pls, at_ms=first.ready_at_ms)
    assert asked(vendor.pls, first)["Code"] == "OK"
    assert asked(vendor.pls, last)["Code"] == NOT_READY
    with pytest.raises(KeyError):
        original(vendor.files, last)
    shelve(DAY.recordings, vendor.files, vendor.pls, at_ms=last.ready_at_ms)
    assert asked(vendor.pls, last)["Code"] == "OK"
    assert original(vendor.files, last).size == last.size
