"""The queue as `receive` uses it: signed BatchSendMessage over one connection that is kept alive.

The vendor's SDK is left aside here on purpose: loading it takes longer than the whole answer may take, it sends a
message again by itself when the answer is lost, and over https it has no time-out.
Wire format: Alibaba Cloud MNS API, version 2015-06-06, BatchSendMessage.
"""

from __future__ import annotations

import base64
import hmac
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from receipts.errors import QueueForbidden, QueueUnavailable
from receipts.journal.exchange import Service
from receipts.refusal_codes import denied

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.credentials import Credentials
    from receipts.deadline import Deadline

API_VERSION = "2015-06-06"
CREATED = 201
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Queue:
    """Sends to one queue. Not for use by two threads at once, as an instance serves one request at a time.

    Args:
        endpoint: address of the MNS service, without a trailing slash.
        name: the queue's name.
        clock: the time of day in epoch seconds, for the signature.
    """

    def __init__(self, endpoint: str, name: str, clock: Callable[[], float]) -> None:
        self._service = Service(endpoint)
        self._name = name
        self._resource = f"/queues/{quote(name, safe='')}/messages"
        self._clock = clock

    def send(
        self, messages: list[bytes], credentials: Credentials, deadline: Deadline, delays: list[int] | None = None
    ) -> None:
        """Put the messages (XML-safe text, at most what one batch call takes) on the queue, all of them.

        `delays`: the seconds (up to 7 days) after which each of them is handed out; None for at once.

        Raises:
            QueueUnavailable: not every message was accepted before the deadline. Some may have been.
            QueueForbidden: the role has no right to send.
        """
        request = self._request(_batch(messages, delays), credentials)
        try:
            answer = self._service.exchange(request, deadline)
        except OSError as error:
            raise QueueUnavailable(f"the queue did not answer ({type(error).__name__})") from None
        accepted = answer.body.count(b"<MessageId>")
        if answer.status != CREATED or accepted != len(messages):
            code = answer.body.partition(b"Code>")[2].partition(b"<")[0][:64].decode("ascii", "replace")
            if denied(code):
                raise QueueForbidden(
                    f"the queue answered {answer.status} {code} to mns:BatchSendMessage on {self._name}"
                )
            told = f"{answer.status} {code}, {accepted} of {len(messages)} accepted"
            raise QueueUnavailable(f"the queue answered {told}")

    def close(self) -> None:
        """Close the connection, if there is one."""
        self._service.close()

    def _request(self, body: bytes, credentials: Credentials) -> bytes:
        """The bytes of the signed request."""
        date = _http_date(self._clock())
        to_sign = f"POST\n\ntext/xml\n{date}\nx-mns-version:{API_VERSION}\n{self._resource}"
        digest = hmac.digest(credentials.secret.encode(), to_sign.encode(), "sha1")
        lines = [
            f"POST {self._resource} HTTP/1.1",
            f"Host: {self._service.netloc}",
            f"Authorization: MNS {credentials.key_id}:{base64.b64encode(digest).decode()}",
            "Content-Type: text/xml",
            f"Content-Length: {len(body)}",
            f"Date: {date}",
            f"x-mns-version: {API_VERSION}",
        ]
        if credentials.token:
            lines.append(f"security-token: {credentials.token}")
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a credential holds a line break")
        return "\r\n".join([*lines, "", ""]).encode() + body


def _batch(messages: list[bytes], delays: list[int] | None) -> bytes:
    if delays is None:
        bodies = b"".join(b"<Message><MessageBody>" + message + b"</MessageBody></Message>" for message in messages)
    else:
        bodies = b"".join(
            b"<Message><MessageBody>%b</MessageBody><DelaySeconds>%d</DelaySeconds></Message>" % each
            for each in zip(messages, delays, strict=True)
        )
    return b'<?xml version="1.0"?><Messages xmlns="http://mns.aliyuncs.com/doc/v1/">' + bodies + b"</Messages>"


def _http_date(seconds: float) -> str:
    """The moment as HTTP writes it: always in English, whatever the process's locale."""
    at = time.gmtime(seconds)
    day, month = DAYS[at.tm_wday], MONTHS[at.tm_mon]
    return f"{day}, {at.tm_mday:02} {month} {at.tm_year} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"
