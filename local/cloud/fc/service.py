"""The service behind the HTTP server: path, signature, function, answer or refusal."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from local.cloud.fc import signature_v2, signature_v3
from local.cloud.fc.call import INVOKE, UNKNOWN, is_old, read_call
from local.cloud.fc.errors import FcError, body_of
from local.cloud.http import Request, Response
from local.cloud.rpc.nonces import Nonces
from local.host.log_slice import slice_of
from local.host.pool import PoolClosedError
from local.host.result import new_request_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.faults import Fault
    from local.cloud.fc.access import Access
    from local.cloud.fc.call import Call
    from local.cloud.fc.functions import Functions, Runner

MOST_SYNC_BYTES = 32 * 1024 * 1024
MOST_ASYNC_BYTES = 128 * 1024
LOG_BYTES = 4 * 1024


class FcService:
    """The functions of one account as an `Answerer`.

    Args:
        functions: which there are.
        runner: what runs them.
        access: who may invoke.
        stamps: epoch seconds that the time stamps of requests are judged by.
    """

    def __init__(self, functions: Functions, runner: Runner, access: Access, stamps: Callable[[], float]) -> None:
        self._functions = functions
        self._runner = runner
        self._access = access
        self._stamps = stamps
        self._nonces = Nonces()

    def operation(self, request: Request) -> str:
        """InvokeFunction, of whichever generation, or Unknown."""
        return INVOKE if read_call(request) else UNKNOWN

    def answer(self, request: Request, fault: Fault | None) -> Response:  # noqa: ARG002 - an Answerer's; it has no parts
        """Invoke, if the signature is right."""
        request_id = new_request_id()
        try:
            call = self._admitted(request)
            return self._invoke(self._functions.find(call), call, request.body, request_id)
        except FcError as error:
            return _refused(request, error, request_id)
        except PoolClosedError:
            return _refused(request, FcError("ResourceThrottled"), request_id)

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """An error as the service words it."""
        return _refused(request, FcError(code, FcError.text_of(code), status=status), new_request_id())

    def _admitted(self, request: Request) -> Call:
        """The call, which is signed and of a size that is taken. Raises FcError."""
        call = read_call(request)
        if call is None:
            raise FcError("PathNotSupported")
        if is_old(request):
            signature_v2.verify(request, self._access, self._stamps())
        else:
            signature_v3.verify(request, self._access, self._nonces, self._stamps())
        if len(request.body) > (MOST_ASYNC_BYTES if call.asynchronous else MOST_SYNC_BYTES):
            raise FcError("EntityTooLarge")
        return call

    def _invoke(self, name: str, call: Call, event: bytes, request_id: str) -> Response:
        headers = {"X-Fc-Request-Id": request_id}
        if call.asynchronous:
            self._runner.submit(name, event, request_id)
            return Response(202, headers, b"")
        before = len(self._runner.log(name)) if call.tail else 0
        result = self._runner.invoke(name, event, request_id)
        headers["Content-Type"] = "application/octet-stream" if result.ok else "application/json"
        headers["X-Fc-Invocation-Duration"] = f"{result.milliseconds:.0f}"
        if result.error_type:
            headers["X-Fc-Error-Type"] = result.error_type
        if call.tail:
            log = slice_of(self._runner.log(name)[before:], request_id).encode()[-LOG_BYTES:]
            headers["X-Fc-Log-Result"] = base64.b64encode(log).decode()
        return Response(200, headers, result.payload)


def _refused(request: Request, error: FcError, request_id: str) -> Response:
    headers = {"Content-Type": "application/json", "X-Fc-Request-Id": request_id}
    return Response(error.status, headers, body_of(error, request_id, old=is_old(request)))
