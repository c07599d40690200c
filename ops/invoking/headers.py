"""The headers in which both generations say how to invoke, and how it went."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ops.invoking.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

INVOCATION = {False: "Sync", True: "Async"}
# The last 4 KB of the log come with the answer.
LOG = "Tail"


def outcome_of(headers: Mapping[str, str], answer: bytes, *, accepted: bool) -> Outcome:
    """What an answer without an error of the service's came to; header names in whatever case `headers` takes."""
    return Outcome(
        headers.get("x-fc-request-id") or "",
        answer,
        headers.get("x-fc-error-type") or None,
        _number(headers.get("x-fc-invocation-duration")),
        _text(headers.get("x-fc-log-result") or ""),
        accepted,
    )


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _text(tail: str) -> str:
    try:
        return base64.b64decode(tail).decode("utf-8", "replace")
    # More than binascii.Error: of what is not even ASCII it complains in another way.
    except ValueError:
        return ""
