"""The service behind the HTTP server: signature, operation, answer or refusal."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Protocol

from local.cloud.http import Request, Response
from local.cloud.mns.call import host_of, read_call
from local.cloud.mns.document import single
from local.cloud.mns.errors import MnsError
from local.cloud.mns.message_operations import MessageOperations
from local.cloud.mns.queue_operations import QueueOperations
from local.cloud.mns.signature import Keyring, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.faults import Fault
    from local.cloud.mns.call import Call
    from local.cloud.mns.queues import Queues


class Guard(Protocol):
    """Decides what the holder of a key may do."""

    def check(self, key_id: str, call: Call) -> None:
        """Let `call` pass, which is signed with the key `key_id`, and be carried out.

        Raises:
            MnsError: when it is refused.
        """


class MnsService:
    """The queues of one account as an `Answerer`.

    Args:
        queues: what is asked about.
        keys: who may ask.
        stamps: epoch seconds that the time stamps of requests are judged by.
        guard: what who may do; None for everything.
    """

    def __init__(self, queues: Queues, keys: Keyring, stamps: Callable[[], float], guard: Guard | None = None) -> None:
        self._keys = keys
        self._stamps = stamps
        self._guard = guard
        self._operations = QueueOperations(queues).by_name | MessageOperations(queues).by_name

    def operation(self, request: Request) -> str:
        """The API's name for what `request` asks."""
        return read_call(request).operation

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """Carry `request` out, if its signature is right."""
        try:
            key_id = verify(request, self._keys, self._stamps())
            call = read_call(request, fault)
            call.check()
            if self._guard is not None:
                self._guard.check(key_id, call)
            response = self._operations[call.operation](call)
        except MnsError as error:
            return _refusal(request, error.status, error.code, error.message)
        return _stamped(response, _request_id())

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """An error as the service words it."""
        return _refusal(request, status, code, MnsError.text_of(code))


def _refusal(request: Request, status: int, code: str, message: str) -> Response:
    request_id = _request_id()
    content = {
        "Code": code,
        "Message": message,
        "RequestId": request_id,
        "HostId": f"http://{host_of(request)}",
    }
    return _stamped(Response(status, {}, single("Error", content)), request_id)


def _request_id() -> str:
    return secrets.token_hex(12).upper()


def _stamped(response: Response, request_id: str) -> Response:
    headers = {"x-mns-request-id": request_id, "x-mns-version": "2015-06-06", **response.headers}
    if response.body:
        headers["Content-Type"] = "text/xml;charset=utf-8"
    return response._replace(headers=headers)
