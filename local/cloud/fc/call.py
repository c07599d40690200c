"""What a request asks for: which function of which generation, and how it is to be invoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from local.cloud.http import Request

INVOKE = "InvokeFunction"
UNKNOWN = "Unknown"
LATEST = "LATEST"
OLD = "/2016-08-15/"

_NEW_PATH = re.compile(r"/2023-03-30/functions/(?P<function>[^/]+)/invocations")
_OLD_PATH = re.compile(r"/2016-08-15/services/(?P<service>[^/]+)/functions/(?P<function>[^/]+)/invocations")


class Call(NamedTuple):
    """One invocation.

    Attributes:
        service: of 2.0; None for 3.0, which has none.
        function: its name.
        qualifier: the version or alias; LATEST if the request names none.
        asynchronous: accepted now, carried out later.
        tail: the end of the log is wanted.
    """

    service: str | None
    function: str
    qualifier: str
    asynchronous: bool
    tail: bool


def is_old(request: Request) -> bool:
    """Whether it speaks with 2.0."""
    return request.target.startswith(OLD)


def read_call(request: Request) -> Call | None:
    """The invocation that `request` asks for; None if it asks for none, or for something else."""
    path, _, query = request.target.partition("?")
    found = (_OLD_PATH if is_old(request) else _NEW_PATH).fullmatch(path)
    if found is None or request.method != "POST":
        return None
    parts = {name: unquote(value) for name, value in found.groupdict().items()}
    service = None
    qualifier = dict(parse_qsl(query)).get("qualifier", "")
    if "service" in parts:
        service, _, qualifier = parts["service"].partition(".")
    return Call(
        service,
        parts["function"],
        qualifier or LATEST,
        asynchronous=request.headers.get("x-fc-invocation-type", "Sync").lower() == "async",
        tail=request.headers.get("x-fc-log-type", "None").lower() == "tail",
    )
