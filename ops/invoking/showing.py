"""An outcome for people, and for machines."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from ops import output

if TYPE_CHECKING:
    from rich.console import Console

    from ops.invoking.outcome import Outcome


def show(outcome: Outcome, to: Console) -> None:
    """Which request it was, what the function answered, what it printed."""
    took = "" if outcome.milliseconds is None else f"   {outcome.milliseconds:.0f} ms"
    to.print("[bold]request[/]  ", output.text(outcome.request_id or "unknown"), took, sep="")
    if outcome.accepted:
        to.print("[bold]accepted[/]: it runs now or later, and again if it fails. Its log has the request's id.")
        return
    answer = _parsed(outcome.answer)
    if outcome.error_type:
        to.print("[bold red]error[/]    ", output.text(outcome.error_type), sep="")
        _print(to, answer)
    elif isinstance(answer, dict) and isinstance(answer.get("statusCode"), int):
        _show_http(to, answer)
    else:
        to.print("[bold]answer[/]")
        _print(to, answer)
    if outcome.log:
        to.print("[bold]log[/]")
        to.print(output.text(outcome.log.rstrip()), soft_wrap=True)


def as_json(function: str, outcome: Outcome) -> dict[str, Any]:
    """The same as one object; `answer` is a JSON value where it was JSON, otherwise text."""
    return {
        "function": function,
        "request_id": outcome.request_id,
        "accepted": outcome.accepted,
        "error_type": outcome.error_type,
        "milliseconds": outcome.milliseconds,
        "answer": None if outcome.accepted else _parsed(outcome.answer),
        "log": outcome.log,
    }


def _show_http(to: Console, answer: dict[str, Any]) -> None:
    headers = answer.get("headers")
    to.print("[bold]answer[/]   HTTP ", str(answer["statusCode"]), sep="")
    for name, value in headers.items() if isinstance(headers, dict) else ():
        to.print("         ", output.text(f"{name}: {value}"), sep="", soft_wrap=True)
    body = answer.get("body")
    if body:
        _print(to, _parsed(_decoded(str(body), encoded=answer.get("isBase64Encoded") is True)))


def _decoded(body: str, *, encoded: bool) -> bytes:
    try:
        if encoded:
            return base64.b64decode(body, validate=True)
    except ValueError:
        # It is not what it says.
        pass
    return body.encode("utf-8", "backslashreplace")


def _parsed(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return answer.decode("utf-8", "replace")


def _print(to: Console, value: Any) -> None:
    said = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    to.print(output.text(said), soft_wrap=True)
