"""The queue as `receive` uses it: signed BatchSendMessage over one connection that is kept alive.

The vendor's SDK is left aside here on purpose: loading it takes longer than the whole answer may take, it sends
a message again by itself when the answer is lost, and over https it has no time-out.
Wire format: Alibaba Cloud MNS API, version 2015-06-06, BatchSendMessage.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import threading
from email.utils import formatdate
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit

from receipts.errors import QueueUnavailable
from receipts.journal.deadline import DeadlineSocket

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from receipts.credentials import Credentials
    from receipts.journal.deadline import Deadline

API_VERSION = "2015-06-06"
CREATED = 201


class Queue:
    """Sends to one queue. Not for use by two threads at once, as an instance serves one request at a time.

    Args:
        endpoint: address of the MNS service, without a trailing slash.
        name: the queue's name.
        clock: the time of day in epoch seconds, for the signature.
    """

    def __init__(self, endpoint: str, name: str, clock: Callable[[], float]) -> None:
        parts = urlsplit(endpoint)
        self._secure = parts.scheme == "https"
        self._host = parts.netloc
        self._resource = f"/queues/{quote(name, safe='')}/messages"
        self._clock = clock
        self._connection: http.client.HTTPConnection | None = None

    def send(self, messages: list[bytes], credentials: Credentials, deadline: Deadline) -> None:
        """Put the messages (XML-safe text, at most what one batch call takes) on the queue, all of them.

        Raises:
            QueueUnavailable: not every message was accepted before the deadline. Some may have been.
        """
        body = _batch(messages)
        try:
            status, answer = self._post(body, self._signed(credentials), deadline)
        except (OSError, http.client.HTTPException) as error:
            self._close()
            raise QueueUnavailable(f"the queue did not answer ({type(error).__name__})") from None
        accepted = answer.count(b"<MessageId>")
        if status != CREATED or accepted != len(messages):
            code = answer.partition(b"Code>")[2].partition(b"<")[0][:64].decode("ascii", "replace")
            raise QueueUnavailable(f"the queue answered {status} {code}, {accepted} of {len(messages)} accepted")

    def _signed(self, credentials: Credentials) -> dict[str, str]:
        date = formatdate(self._clock(), usegmt=True)
        to_sign = f"POST\n\ntext/xml\n{date}\nx-mns-version:{API_VERSION}\n{self._resource}"
        digest = hmac.new(credentials.secret.encode(), to_sign.encode(), hashlib.sha1).digest()
        headers = {
            "Authorization": f"MNS {credentials.key_id}:{base64.b64encode(digest).decode()}",
            "Content-Type": "text/xml",
            "Date": date,
            "x-mns-version": API_VERSION,
        }
        if credentials.token:
            headers["security-token"] = credentials.token
        return headers

    def _post(self, body: bytes, headers: dict[str, str], deadline: Deadline) -> tuple[int, bytes]:
        # After an answer with `Connection: close` there is no socket any more.
        if self._connection is not None and self._connection.sock is not None:
            try:
                return self._exchange(self._connection, body, headers, deadline)
            except (http.client.RemoteDisconnected, ConnectionError):
                # The service had closed the idle connection: the one fault that a new connection mends.
                self._close()
        self._connection = self._opened(deadline)
        return self._exchange(self._connection, body, headers, deadline)

    def _exchange(
        self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> tuple[int, bytes]:
        # http.client takes anything that sends and makes files for a socket.
        cast("DeadlineSocket", connection.sock).deadline = deadline
        connection.request("POST", self._resource, body, headers)
        response = connection.getresponse()
        return response.status, response.read()

    def _opened(self, deadline: Deadline) -> http.client.HTTPConnection:
        """A new connection. In a thread of its own, because nothing else can bound a look-up of the host's name."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, timeout=deadline.remaining())
        failure: list[OSError] = []
        abandoned = threading.Event()

        def connect() -> None:
            try:
                connection.connect()
            except OSError as error:
                failure.append(error)
            if abandoned.is_set():
                connection.close()

        opening = threading.Thread(target=connect, daemon=True)
        opening.start()
        opening.join(deadline.remaining())
        if opening.is_alive():
            abandoned.set()
            raise TimeoutError("no connection to the queue before the deadline")
        if failure:
            raise failure[0]
        connection.sock = cast("socket.socket", DeadlineSocket(connection.sock))
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _batch(messages: list[bytes]) -> bytes:
    bodies = b"".join(b"<Message><MessageBody>" + message + b"</MessageBody></Message>" for message in messages)
    return b'<?xml version="1.0"?><Messages xmlns="http://mns.aliyuncs.com/doc/v1/">' + bodies + b"</Messages>"
