"""Objects in the bucket, for receipts that no queue message holds: put, get, remove. Standard library only.

The vendor's SDK is left aside for the same reasons as the queue's: `receive` has no time to load it, and every wait
here ends at one deadline. Recordings, which are streamed, go through the SDK.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from receipts.errors import BucketForbidden, BucketMisconfigured, BucketUnavailable
from receipts.journal.exchange import MOST_BODY_BYTES, Service
from receipts.journal.oss_signature import Request, signed
from receipts.refusal_codes import denied

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.credentials import Credentials
    from receipts.deadline import Deadline
    from receipts.journal.exchange import Answer
    from receipts.settings import BucketSettings

OK, NO_CONTENT, NOT_FOUND, CONFLICT, TOO_MANY, SERVER_ERROR = 200, 204, 404, 409, 429, 500
# Told as an error of the caller's, and gone at the next try.
PASSING = ("RequestTimeout",)
# Rights, for the most part; it is also what a bucket of another account answers.


class Bucket:
    """The objects of one bucket, private and encrypted as set. Not for use by two threads at once.

    Args:
        settings: where the bucket is, and how objects are encrypted.
        clock: the time of day in epoch seconds, for the signature.
    """

    def __init__(self, settings: BucketSettings, clock: Callable[[], float]) -> None:
        scheme, _, netloc = settings.endpoint.partition("://")
        # An address without a name has no room for the bucket in it, so it stands in the path.
        self._in_path = _nameless(urlsplit(settings.endpoint).hostname or "")
        self._service = Service(settings.endpoint if self._in_path else f"{scheme}://{settings.bucket}.{netloc}")
        self._encryption = settings.encryption
        self._region = settings.region
        self._clock = clock
        self.name = settings.bucket

    def put(self, key: str, body: bytes, credentials: Credentials, deadline: Deadline) -> None:
        """Store an object under a key that is its own; one that is there already is taken for the same.

        Raises:
            BucketUnavailable: the bucket did not take it before the deadline; it may have.
            BucketMisconfigured: it never will.
        """
        md5 = hashlib.md5(body, usedforsecurity=False).digest()
        headers = {
            "content-md5": base64.b64encode(md5).decode(),
            "content-type": "application/octet-stream",
            "x-oss-forbid-overwrite": "true",
            "x-oss-object-acl": "private",
        }
        if self._encryption:
            headers["x-oss-server-side-encryption"] = self._encryption
        answer = self._asked(Request("PUT", self._path(key), headers), body, credentials, deadline)
        there = answer.status == CONFLICT and _code(answer) == "FileAlreadyExists"
        if answer.status != OK and not there:
            raise _refusal(answer, "oss:PutObject", key)

    def get(self, key: str, most: int, credentials: Credentials, deadline: Deadline) -> bytes | None:
        """The object's bytes, `most` of them, or None if there is no such object.

        Raises:
            BucketUnavailable: the bucket did not give it before the deadline.
            BucketMisconfigured: it never will.
        """
        answer = self._asked(Request("GET", self._path(key), {}), b"", credentials, deadline, most)
        if answer.status == NOT_FOUND and _code(answer) == "NoSuchKey":
            return None
        if answer.status != OK:
            raise _refusal(answer, "oss:GetObject", key)
        return answer.body

    def remove(self, key: str, credentials: Credentials, deadline: Deadline) -> None:
        """Remove the object; one that is not there is removed. Raises as `put`."""
        answer = self._asked(Request("DELETE", self._path(key), {}), b"", credentials, deadline)
        if answer.status != NO_CONTENT:
            raise _refusal(answer, "oss:DeleteObject", key)

    def close(self) -> None:
        """Close the connection, if there is one."""
        self._service.close()

    def _path(self, key: str) -> str:
        return f"/{self.name}/{key}"

    def _asked(
        self, request: Request, body: bytes, credentials: Credentials, deadline: Deadline, most: int = 0
    ) -> Answer:
        headers = signed(request, credentials, self._region, self._clock())
        target = quote(request.path if self._in_path else request.path.removeprefix(f"/{self.name}"))
        lines = [
            f"{request.method} {target} HTTP/1.1",
            f"host: {self._service.netloc}",
            f"content-length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a credential holds a line break")
        head = "\r\n".join([*lines, "", ""]).encode()
        try:
            return self._service.exchange(head + body, deadline, max(most, MOST_BODY_BYTES))
        except OSError as error:
            raise BucketUnavailable(f"the bucket did not answer ({type(error).__name__})") from None


def _nameless(host: str) -> bool:
    return host == "localhost" or ":" in host or host.replace(".", "").isdigit()


def _code(answer: Answer) -> str:
    return answer.body.partition(b"<Code>")[2].partition(b"<")[0][:64].decode("ascii", "replace")


def _refusal(answer: Answer, action: str, key: str) -> BucketUnavailable | BucketMisconfigured:
    """The error for an answer: the code alone, as the service's message repeats the key."""
    code = _code(answer)
    told = f"the bucket answered {answer.status} {code}"
    if denied(code):
        return BucketForbidden(f"{told} to {action} on {key.partition('/')[0]}/*")
    if answer.status >= SERVER_ERROR or answer.status == TOO_MANY or code in PASSING:
        return BucketUnavailable(told)
    return BucketMisconfigured(told)
