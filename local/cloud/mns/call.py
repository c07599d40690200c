"""What a request asks for: the operation's name, the queue, the parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from local.cloud.mns.errors import MnsError
from local.cloud.mns.numbers import whole

if TYPE_CHECKING:
    from local.cloud.faults import Fault
    from local.cloud.http import Request

UNKNOWN = "Unknown"
_QUERY_ITEMS = {
    "metaoverride",
    "numofmessages",
    "peekonly",
    "receipthandle",
    "visibilitytimeout",
    "waitseconds",
}
# The root of a body, past its declaration: enough to name the operation; the answer parses it properly.
_FIRST_TAG = re.compile(rb"<([A-Za-z]\w*)")
_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)


class Call(NamedTuple):
    """One request, taken apart.

    Attributes:
        operation: the API's name, or `UNKNOWN`.
        queue: the queue's name as in the path, or empty.
        parameters: of the query, by their names in lower case: the service does not mind case there.
        request: as it came.
        fault: what is to go wrong; only its `fail_parts` matter here.
    """

    operation: str
    queue: str
    parameters: dict[str, str]
    request: Request
    fault: Fault | None = None

    @property
    def host(self) -> str:
        """Where the client sent this to, fit for an address and for XML."""
        return host_of(self.request)

    def number(self, name: str, low: int, high: int) -> int | None:
        """A parameter that is a number, or None if it was not sent.

        Raises:
            MnsError: InvalidArgument outside `low` to `high`.
        """
        text = self.parameters.get(name.lower())
        return None if text is None else whole(name, text, low, high)

    def check(self) -> None:
        """Refuse what is no operation.

        Raises:
            MnsError: InvalidRequestURL, or InvalidQueryString for an item no operation has.
        """
        if self.operation == UNKNOWN:
            raise MnsError("InvalidRequestURL")
        if not self.parameters.keys() <= _QUERY_ITEMS:
            raise MnsError("InvalidQueryString")


def host_of(request: Request) -> str:
    """The `Host` that `request` names, or 127.0.0.1 if that is no host."""
    host = request.headers.get("host", "")
    return host if _HOST.fullmatch(host) else "127.0.0.1"


def read_call(request: Request, fault: Fault | None = None) -> Call:
    """Take `request` apart; never fails."""
    path, _, query = request.target.partition("?")
    parameters: dict[str, str] = {}
    for item in filter(None, query.split("&")):
        name, _, value = item.partition("=")
        # Not a form: a plus sign in a receipt handle is a plus sign, percent-encoded or not.
        parameters[unquote(name).lower()] = unquote(value)
    parts = [unquote(part) for part in path.split("/")]
    queue = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - "", "queues", the name
    return Call(_operation(request, parts, parameters), queue, parameters, request, fault)


def _operation(request: Request, parts: list[str], parameters: dict[str, str]) -> str:
    match parts:
        case ["", "queues"]:
            return "ListQueue" if request.method == "GET" else UNKNOWN
        case ["", "queues", name] if name:
            return _on_queue(request.method, parameters)
        case ["", "queues", name, "messages"] if name:
            return _on_messages(request, parameters)
    return UNKNOWN


def _on_queue(method: str, parameters: dict[str, str]) -> str:
    if method == "PUT":
        override = parameters.get("metaoverride", "").lower() == "true"
        return "SetQueueAttributes" if override else "CreateQueue"
    return {"GET": "GetQueueAttributes", "DELETE": "DeleteQueue"}.get(method, UNKNOWN)


def _on_messages(request: Request, parameters: dict[str, str]) -> str:
    match request.method:
        case "POST":
            tag = _FIRST_TAG.search(request.body)
            return "BatchSendMessage" if tag and tag[1] == b"Messages" else "SendMessage"
        case "GET":
            batch = "Batch" if "numofmessages" in parameters else ""
            verb = "Peek" if parameters.get("peekonly", "").lower() == "true" else "Receive"
            return f"{batch}{verb}Message"
        case "DELETE":
            # With neither a handle nor a list of them, the handle is what is missing.
            return "BatchDeleteMessage" if request.body and "receipthandle" not in parameters else "DeleteMessage"
        case "PUT":
            return "ChangeMessageVisibility"
    return UNKNOWN
