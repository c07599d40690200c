"""Requests of the vendor's SDKs, taken down as they come over the wire, to be changed and sent on."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from alibabacloud_fc20230330 import models
from alibabacloud_fc20230330.client import Client
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.core import DaraCore
from darabonba.runtime import RuntimeOptions
from fc2 import client as fc2

from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer, Request, Response
from tests.local.support import KEY, Answer, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from local.cloud.access import AccessKey
    from local.cloud.faults import Fault

EVENT = b'{"n": 1}'


class Sent(NamedTuple):
    """A signed request."""

    target: str
    headers: dict[str, str]
    body: bytes

    def to(self, server: LoopbackServer, **headers: str | None) -> Answer:
        """Send it to `server`, with some headers changed, or left out."""
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        # The body may be another by now.
        changed["content-length"] = str(len(self.body))
        kept = {name: value for name, value in {**self.headers, **changed}.items() if value is not None}
        return send(server, "POST", self.target, self.body, kept)


class _Taker:
    """An `Answerer` that takes every request down and lets the caller believe that all went well."""

    def __init__(self) -> None:
        self.taken: list[Request] = []

    def operation(self, request: Request) -> str:
        """All the same."""
        return request.method

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """An answer without content."""
        self.taken.append(request)
        return Response(200, {}, b"")

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """Not asked for."""
        raise NotImplementedError


@contextlib.contextmanager
def taking_down() -> Iterator[tuple[str, list[Request]]]:
    """An endpoint, and the requests that came to it."""
    taker = _Taker()
    with LoopbackServer(taker, Faults()) as server:
        yield server.endpoint, taker.taken


def taken_down(speak: Callable[[str], Any]) -> Sent:
    """The one request that `speak` makes when it is given an endpoint."""
    with taking_down() as (endpoint, requests):
        speak(endpoint)
    (request,) = requests
    return Sent(request.target, request.headers, request.body)


def new(  # noqa: PLR0913 - a request has that many sides
    *,
    function: str = "receipts-echo",
    event: bytes = EVENT,
    key: AccessKey = KEY,
    token: str | None = None,
    qualifier: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Sent:
    """A request of the SDK of 3.0."""

    def speak(endpoint: str) -> None:
        config = Config(
            access_key_id=key.key_id,
            access_key_secret=key.secret,
            security_token=token,
            protocol="HTTP",
            endpoint=endpoint.removeprefix("http://"),
        )
        request = models.InvokeFunctionRequest(body=event, qualifier=qualifier)
        more = models.InvokeFunctionHeaders(common_headers=dict(headers or {}))
        Client(config).invoke_function_with_options(function, request, more, RuntimeOptions())
        while DaraCore._sessions:
            DaraCore._sessions.popitem()[1].close()

    return taken_down(speak)


def old(  # noqa: PLR0913 - the same
    *,
    function: str = "echo",
    event: bytes = EVENT,
    key: AccessKey = KEY,
    token: str = "",
    qualifier: str | None = None,
    headers: Mapping[str, str] | None = None,
    service: str = "receipts",
) -> Sent:
    """A request of the SDK of 2.0."""

    def speak(endpoint: str) -> None:
        caller = fc2.Client(
            endpoint=endpoint, accessKeyID=key.key_id, accessKeySecret=key.secret, securityToken=token, Timeout=10
        )
        caller.invoke_function(service, function, payload=event, headers=dict(headers or {}), qualifier=qualifier)

    return taken_down(speak)
