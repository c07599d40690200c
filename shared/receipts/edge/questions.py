"""Whether a push of Huawei's is a question: in Block mode the platform waits for what to do with a call or a text."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

Kind = Literal["call", "text"]
CALL: Literal["call"] = "call"
TEXT: Literal["text"] = "text"
# A question is one event or one text, a few KB; what is larger is not read for it.
MOST_BYTES = 16 * 1024
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_MODE = re.compile(rb"block", re.IGNORECASE)
_PART = re.compile(rb"status[\s_-]*info|sms[\s_-]*event", re.IGNORECASE)


def asks(body: bytes) -> Kind | None:
    """Whether the body asks where a call (`call`) or a text (`text`) shall go; a call before a text. Never raises.

    Names and words in any spelling: no caller is left waiting because of a capital letter. Cheap for everything else:
    only a body that holds the mode's name beside an event or a text is read. A call record of the same mode (`feeLst`)
    holds the name, too, and asks nothing.
    """
    if len(body) > MOST_BYTES or not _MODE.search(body) or not _PART.search(body):
        return None
    try:
        told = named(json.loads(body))
    except (ValueError, RecursionError):
        return None
    if _is(told.get("eventtype"), "callin") and _waits(told.get("statusinfo"), "notifymode"):
        return CALL
    return TEXT if _waits(told.get("smsevent"), "notificationmode") else None


def named(value: Any) -> dict[str, Any]:
    """The members of an object by their names in small letters, without `_`, `-` and blanks; none of anything else.

    A list of exactly one object is that object.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return {}
    return {_BETWEEN_WORDS.sub("", name).lower(): each for name, each in value.items()}


def _waits(part: Any, mode: str) -> bool:
    return _is(named(part).get(mode), "block")


def _is(value: Any, word: str) -> bool:
    return isinstance(value, str) and value.strip().lower() == word
