"""The platform's HTTP event (Function Compute 3.0, version v1) and the answer it wants back."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, NamedTuple
from urllib.parse import unquote

from receipts.errors import Refusal

NOT_FOUND, UNAVAILABLE = 404, 503
# Made once: json.dumps would make one anew for every answer.
_JSON = json.JSONEncoder(separators=(",", ":"))


class HttpRequest(NamedTuple):
    """One HTTP request: the decoded segments of its path, header names in lower case, the body's bytes."""

    method: str
    path: tuple[str, ...]
    headers: dict[str, str]
    body: bytes


def decoded(event: bytes) -> HttpRequest:
    """The request inside the event.

    Raises:
        Refusal: 404, the event is not one of the HTTP trigger (somebody invoked the function directly).
    """
    try:
        fields = json.loads(event)
        http = fields["requestContext"]["http"]
        raw_path = fields.get("rawPath") or http["path"]
        # Half a character cannot be written to the journal: it becomes a question mark.
        readable = raw_path.encode("utf-8", "replace").decode()
        segments = tuple(unquote(segment) for segment in readable.strip("/").split("/"))
        headers = {name.lower(): str(value) for name, value in (fields.get("headers") or {}).items()}
        return HttpRequest(http["method"].upper(), segments, headers, _body(fields))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(NOT_FOUND, "not an HTTP request of version v1") from None


def _body(fields: dict[str, Any]) -> bytes:
    text = fields.get("body") or ""
    if not isinstance(text, str):
        return json.dumps(text).encode()
    if fields.get("isBase64Encoded"):
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            # Kept as it came: what cannot be read becomes a dead letter, not a refusal.
            pass
    return text.encode("utf-8", "surrogatepass")


def answer(status: int, body: dict[str, object], headers: dict[str, str] | None = None) -> dict[str, object]:
    """What the handler returns: all four keys, as the platform does not say what a missing one means."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json; charset=utf-8", **(headers or {})},
        "isBase64Encoded": False,
        "body": _JSON.encode(body),
    }


def empty(status: int) -> dict[str, object]:
    """An answer without a body."""
    return {"statusCode": status, "headers": {}, "isBase64Encoded": False, "body": ""}


def refused(refusal: Refusal) -> dict[str, object]:
    """The answer to what is not taken in."""
    return answer(refusal.status, {"code": refusal.status, "msg": str(refusal)}, refusal.headers)


def send_again() -> dict[str, object]:
    """The answer to what is not on the queue."""
    return answer(UNAVAILABLE, {"code": UNAVAILABLE, "msg": "not stored, send again"})
