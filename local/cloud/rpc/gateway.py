"""The gateway of the vendor's RPC-style APIs: who asks, for which API, and the answer in JSON."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Protocol, cast

from local.cloud.access import AccessKey
from local.cloud.http import Request, Response
from local.cloud.ram import Identities, identities_of
from local.cloud.rpc.errors import BUSINESS_STATUS, RpcError, invalid, missing
from local.cloud.rpc.nonces import Nonces
from local.cloud.rpc.parameters import read_parameters
from local.cloud.rpc.signature import AccountKeys, Keyring, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from local.cloud.faults import Fault

UNKNOWN = "Unknown"


class Api(Protocol):
    """One API: what to call it by, and how it answers."""

    @property
    def action(self) -> str:
        """Its name, as in `Action`."""

    @property
    def product(self) -> str:
        """Whose it is, as policies name it."""

    @property
    def version(self) -> str:
        """Its version, as in `Version`."""

    def answer(self, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        """What to answer beside `Code`, `Message` and `RequestId`.

        Raises:
            RpcError: when it refuses.
        """


class Gateway:
    """A few APIs as an `Answerer`, whatever product they belong to.

    Args:
        apis: what is served.
        keys: the key of the account, all its keys with their rights, or who decides about keys; such a one gives
            every right.
        clock: epoch seconds that time stamps are judged by.
    """

    def __init__(self, apis: Iterable[Api], keys: AccessKey | Identities | Keyring, clock: Callable[[], float]) -> None:
        self._apis = {api.action: api for api in apis}
        self._rights = identities_of(keys) if isinstance(keys, AccessKey | Identities) else None
        self._keys = AccountKeys(self._rights) if self._rights else cast("Keyring", keys)
        self._clock = clock
        self._nonces = Nonces()

    def operation(self, request: Request) -> str:
        """The `Action`, or `UNKNOWN` for one that is not served here."""
        action = read_parameters(request).get("Action", "")
        return action if action in self._apis else UNKNOWN

    def answer(self, request: Request, fault: Fault | None) -> Response:  # noqa: ARG002 - no API here has parts
        """Carry `request` out, if its signature is right."""
        try:
            content = self._carry_out(request)
        except RpcError as error:
            return _refusal(request, error)
        return _response(200, {"Code": "OK", "Message": "OK", **content})

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """An error as the gateway words it; with status 200, as the API does."""
        return _refusal(request, RpcError(code, status=status))

    def _carry_out(self, request: Request) -> Mapping[str, Any]:
        if request.method not in ("GET", "POST"):
            raise RpcError("UnsupportedHTTPMethod")
        parameters = read_parameters(request)
        api = self._api(request, parameters)
        # Left out, it means XML, which no SDK of this project asks for.
        if parameters.get("Format", "").upper() != "JSON":
            raise RpcError("InvalidParameter.Format")
        verify(request.method, parameters, self._keys, self._nonces, self._clock())
        action = f"{api.product}:{api.action}"
        # No API here knows resources of its own.
        if self._rights and not self._rights.permits(parameters["AccessKeyId"], action, "*"):
            raise RpcError("isp.RAM_PERMISSION_DENY")
        return api.answer(parameters)

    def _api(self, request: Request, parameters: Mapping[str, str]) -> Api:
        for name in ("Action", "Version"):
            if not parameters.get(name):
                raise missing(name)
        api = self._apis.get(parameters["Action"])
        if api is None or request.target.partition("?")[0] != "/":
            raise RpcError("InvalidApi.NotFound")
        if parameters["Version"] != api.version:
            raise invalid("Version")
        return api


def _refusal(request: Request, error: RpcError) -> Response:
    content = {"Code": error.code, "Message": error.message}
    if error.status != BUSINESS_STATUS:
        content["HostId"] = request.headers.get("host", "")
        content["Recommend"] = f"https://next.api.aliyun.com/troubleshoot?q={error.code}"
    return _response(error.status, content)


def _response(status: int, content: Mapping[str, Any]) -> Response:
    request_id = str(uuid.uuid4()).upper()
    headers = {"Content-Type": "application/json;charset=utf-8", "x-acs-request-id": request_id}
    return Response(status, headers, json.dumps({**content, "RequestId": request_id}, ensure_ascii=False).encode())
