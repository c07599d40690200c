"""An HTTP request as the FC 3.0 `v1` event, and a handler's return value as an HTTP answer."""

from __future__ import annotations

import base64
import binascii
import json
import re
import urllib.parse
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from local.host.result import Result

# Content types whose body is text to the platform; the documentation only says that binary ones are encoded.
_TEXT = re.compile(
    r"text/|application/(json|xml|javascript|x-www-form-urlencoded)\b|[^;]+\+(json|xml)\b", re.IGNORECASE
)


class HttpRequest(NamedTuple):
    """One request as it came: `target` is the raw path with its query; headers may repeat."""

    method: str
    target: str
    protocol: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str


class HttpAnswer(NamedTuple):
    """One HTTP answer; header values are strings without line breaks."""

    status: int
    headers: dict[str, str]
    body: bytes


def http_event(request: HttpRequest, *, account_id: str, function: str, request_id: str, now: datetime) -> bytes:
    """The event that an HTTP trigger hands to the function, as JSON bytes."""
    path, _, query = request.target.partition("?")
    headers = _comma_joined((_canonical(name), value) for name, value in request.headers)
    body, encoded = _body(request.body, headers.get("Content-Type", ""))
    domain = f"{function}.localhost"
    event = {
        "version": "v1",
        "rawPath": path,
        "headers": headers,
        "queryParameters": _comma_joined(urllib.parse.parse_qsl(query, keep_blank_values=True)),
        "body": body,
        "isBase64Encoded": encoded,
        "requestContext": {
            "accountId": account_id,
            "domainName": domain,
            "domainPrefix": function,
            "requestId": request_id,
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "timeEpoch": str(int(now.timestamp() * 1000)),
            "http": {
                "method": request.method,
                "path": urllib.parse.unquote(path, errors="replace"),
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": headers.get("User-Agent", ""),
            },
        },
    }
    return json.dumps(event).encode()


def http_answer(result: Result) -> HttpAnswer:
    """What the client gets for an invocation; an error of the function is 502 with its type in a header."""
    if not result.ok:
        return refusal(502, result.error_type or "", result.payload)
    try:
        returned = json.loads(result.payload)
    except ValueError:
        returned = None
    # Without a status code the platform is believed to answer 200 with the whole value: unconfirmed, so the
    # functions always give one.
    if not isinstance(returned, dict) or "statusCode" not in returned:
        return HttpAnswer(200, {"Content-Type": "application/json"}, result.payload)
    try:
        return _structured(returned)
    except (TypeError, ValueError, AttributeError, binascii.Error) as error:
        report = {"errorMessage": f"malformed HTTP answer: {error}", "errorType": "InvalidResponse"}
        return refusal(502, "UnhandledInvocationError", json.dumps(report).encode())


def refusal(status: int, error_type: str, body: bytes) -> HttpAnswer:
    """An answer that the platform, not the function, gives."""
    return HttpAnswer(status, {"Content-Type": "application/json", "X-Fc-Error-Type": error_type}, body)


def _structured(returned: dict[str, Any]) -> HttpAnswer:
    status = int(returned["statusCode"])
    if not 200 <= status <= 599:  # noqa: PLR2004 - the range of final HTTP statuses
        raise ValueError(f"status {status}")
    headers = {str(name): str(value) for name, value in (returned.get("headers") or {}).items()}
    for name, value in headers.items():
        if set("\r\n") & set((name + value).encode("latin-1").decode("latin-1")):
            raise ValueError("line break in a header")
    body = returned.get("body") or ""
    if returned.get("isBase64Encoded"):
        return HttpAnswer(status, headers, base64.b64decode(body, validate=True))
    return HttpAnswer(status, headers, body.encode())


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    """Text as it is; binary content types and undecodable bytes as base64."""
    if not content_type or _TEXT.match(content_type.strip()):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _canonical(name: str) -> str:
    """`x-api-key` as Go writes it: `X-Api-Key`."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def _comma_joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined
