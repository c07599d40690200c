"""The bucket of recordings, through OSS's own SDK: what is there, and what is put there.

Nothing is ever overwritten. What the service says it stored is compared with what was sent: its CRC-64 of every
object and part comes back with the answer.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

import oss2
from oss2.credentials import StaticCredentialsProvider
from oss2.exceptions import NoSuchKey, OssError, RequestError
from oss2.http import Session
from oss2.models import PartInfo
from requests.exceptions import RequestException

from receipts.errors import BucketForbidden, BucketMisconfigured, BucketUnavailable, ReceiptsError
from receipts.refusal_codes import denied

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.credentials import Credentials
    from receipts.settings import BucketSettings

# It logs whole requests, and warns of what is raised anyway.
logging.getLogger("oss2").setLevel(logging.CRITICAL + 1)

CONNECT_SECONDS, READ_SECONDS = 3, 30
CONFLICT, TOO_MANY, SERVER_ERROR = 409, 429, 500
EXISTS = "FileAlreadyExists"
# What the role needs for it: several operations of the API go by one action.
LIST, GET, PUT = "oss:ListObjects", "oss:GetObject", "oss:PutObject"
ABORT, DELETE = "oss:AbortMultipartUpload", "oss:DeleteObject"
CRC_HEADER = "x-oss-hash-crc64ecma"
SENT_HEADER = "x-oss-meta-sent-crc64"
FORBID_OVERWRITE = {"x-oss-forbid-overwrite": "true"}
PASSING = ("RequestTimeout", "QpsLimitExceeded", "RequestTimeTooSkewed", "NoSuchUpload")


class Exists(ReceiptsError):
    """There is an object of this key already."""


class Stored(NamedTuple):
    """An object in the bucket."""

    key: str
    size: int
    crc64: int
    content_type: str


class Part(NamedTuple):
    """A part of an upload, as the service stored it."""

    number: int
    etag: str
    size: int
    crc64: int

    def told(self) -> Any:
        """The same as the SDK knows it."""
        return PartInfo(self.number, self.etag, size=self.size, part_crc=self.crc64)


class RecordingBucket:
    """One bucket.

    Args:
        settings: where it is, and how objects are encrypted.
        keys: whose it is.
    """

    def __init__(self, settings: BucketSettings, keys: Credentials) -> None:
        auth = oss2.ProviderAuthV4(StaticCredentialsProvider(keys.key_id, keys.secret, keys.token or None))
        self._session = Session()
        # No proxy and no .netrc: neither is there, and to look for them costs more than to sign the request.
        self._session.session.trust_env = False
        self._bucket: Any = oss2.Bucket(
            auth,
            settings.endpoint,
            settings.bucket,
            region=settings.region,
            session=self._session,
            connect_timeout=(CONNECT_SECONDS, READ_SECONDS),
            # The sums are compared here, over all parts together and with what came from the vendor.
            enable_crc=False,
        )
        self._headers = {"x-oss-object-acl": "private"}
        if settings.encryption:
            self._headers["x-oss-server-side-encryption"] = settings.encryption

    def find(self, stem: str) -> Stored | None:
        """The object whose key is `stem` and an extension, or None. Raises the errors of `put`."""
        listed = _asked(LIST, lambda: self._bucket.list_objects_v2(prefix=f"{stem}.", max_keys=1))
        for found in listed.object_list:
            return self.head(found.key)
        return None

    def head(self, key: str) -> Stored | None:
        """The object of that key, or None if there is none that is what it should be. Raises the errors of `put`."""
        try:
            head = _asked(GET, lambda: self._bucket.head_object(key))
        except NoSuchKey:
            return None
        sent, kept = head.headers.get(SENT_HEADER), head.headers.get(CRC_HEADER)
        if sent and kept and sent != kept:
            # Damaged on the way, and its sender died before removing it.
            self.remove(key)
            return None
        return Stored(key, head.content_length, int(kept or sent or 0), head.content_type)

    def put(self, key: str, body: memoryview, content_type: str, crc64: int) -> int:
        """Store a small object, whose sum is `crc64`; returns the service's CRC-64 of what it stored.

        An object that was damaged on the way tells so by itself: the sum that was sent stands beside the service's own.

        Raises:
            Exists: there is one already.
            BucketUnavailable: try again.
            BucketMisconfigured: the bucket refuses for a reason that no retry mends.
        """
        headers = {**self._headers, **FORBID_OVERWRITE, "Content-Type": content_type, SENT_HEADER: str(crc64)}
        return int(_asked(PUT, lambda: self._bucket.put_object(key, body, headers=headers)).headers[CRC_HEADER])

    def begin(self, key: str, content_type: str) -> str:
        """Begin an upload in parts; returns its id. Raises the errors of `put`."""
        headers = {**self._headers, "Content-Type": content_type}
        return str(_asked(PUT, lambda: self._bucket.init_multipart_upload(key, headers=headers)).upload_id)

    def put_part(self, key: str, upload_id: str, number: int, body: memoryview) -> Part:
        """Store part `number` (from 1). Raises the errors of `put`."""
        done = _asked(PUT, lambda: self._bucket.upload_part(key, upload_id, number, body))
        return Part(number, done.etag, len(body), int(done.headers[CRC_HEADER]))

    def complete(self, key: str, upload_id: str, parts: list[Part]) -> int:
        """Make the object of its parts; returns the service's CRC-64 of all. Raises the errors of `put`."""
        told = [part.told() for part in parts]
        done = _asked(
            PUT, lambda: self._bucket.complete_multipart_upload(key, upload_id, told, headers=dict(FORBID_OVERWRITE))
        )
        return int(done.headers[CRC_HEADER])

    def abort(self, key: str, upload_id: str) -> None:
        """Drop an upload and its parts. Raises the errors of `put`."""
        _asked(ABORT, lambda: self._bucket.abort_multipart_upload(key, upload_id))

    def remove(self, key: str) -> None:
        """Remove an object that is not what it should be. Raises the errors of `put`."""
        _asked(DELETE, lambda: self._bucket.delete_object(key))

    def close(self) -> None:
        """Close the connections."""
        self._session.session.close()


def _asked(action: str, ask: Callable[[], Any]) -> Any:
    try:
        answer = ask()
        # The SDK leaves some answers unread (to HEAD, and to the last request of an upload in parts), and a connection
        # with an unread answer is never used again.
        answer.resp.read()
    except NoSuchKey:
        raise
    except (RequestError, RequestException):
        # The second kind: the connection broke in the middle of an answer, which the SDK passes on as it comes.
        raise BucketUnavailable("OSS did not answer") from None
    except OssError as error:
        if error.status == CONFLICT and error.code == EXISTS:
            raise Exists from None
        # Only status and code: the message repeats the key and more.
        told = f"OSS answered {error.status} {error.code}"
        if error.status >= SERVER_ERROR or error.status == TOO_MANY or error.code in PASSING:
            raise BucketUnavailable(told) from None
        if denied(error.code or ""):
            raise BucketForbidden(f"{told} to {action} on recordings/*") from None
        raise BucketMisconfigured(told) from None
    return answer
