"""What a copy costs that checks nothing: from a link to the bucket, with the vendor's SDK, part by part."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import oss2
from oss2.credentials import StaticCredentialsProvider
from oss2.http import Session
from oss2.models import PartInfo

if TYPE_CHECKING:
    from receipts.credentials import Credentials
    from receipts.settings import BucketSettings


class Streaming:
    """Copies into one bucket.

    Args:
        settings: where it is.
        keys: whose it is.
        part_bytes: what is held at once, and sent as one object if it is all.
    """

    def __init__(self, settings: BucketSettings, keys: Credentials, part_bytes: int) -> None:
        auth = oss2.ProviderAuthV4(StaticCredentialsProvider(keys.key_id, keys.secret))
        session = Session()
        session.session.trust_env = False
        self._bucket: Any = oss2.Bucket(
            auth, settings.endpoint, settings.bucket, region=settings.region, session=session, enable_crc=False
        )
        self._held = memoryview(bytearray(part_bytes))

    def copy(self, url: str, key: str) -> None:
        """Copy what the link leads to."""
        where = urlsplit(url)
        connection = http.client.HTTPConnection(where.netloc)
        connection.request("GET", f"{where.path}?{where.query}")
        answer = connection.getresponse()
        if (answer.length or 0) <= len(self._held):
            self._bucket.put_object(key, self._part(answer))
        else:
            self._in_parts(answer, key)
        connection.close()

    def _in_parts(self, answer: http.client.HTTPResponse, key: str) -> None:
        upload_id = self._bucket.init_multipart_upload(key).upload_id
        parts: list[Any] = []
        while body := self._part(answer):
            done = self._bucket.upload_part(key, upload_id, len(parts) + 1, body)
            parts.append(PartInfo(len(parts) + 1, done.etag))
        self._bucket.complete_multipart_upload(key, upload_id, parts)

    def _part(self, answer: http.client.HTTPResponse) -> memoryview:
        filled = 0
        while filled < len(self._held) and (got := answer.readinto(self._held[filled:])):
            filled += got
        return self._held[:filled]
