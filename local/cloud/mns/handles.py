"""Receipt handles, in the form that real ones have: clients that mangle `+` or `/` must fail here too."""

from __future__ import annotations

import base64
import re
import secrets

_SHAPE = re.compile(r"1-[A-Za-z0-9+/]{46}")


def new_handle() -> str:
    """A handle nobody had before."""
    token = base64.b64encode(secrets.token_bytes(33)).decode("ascii")
    # Chance alone would leave out one of the two in many a handle.
    return f"1-{token[:14]}+{token[14:30]}/{token[30:]}"


def is_handle(text: str) -> bool:
    """Whether `text` could have come from `new_handle`."""
    return _SHAPE.fullmatch(text) is not None
