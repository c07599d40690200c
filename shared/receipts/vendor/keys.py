"""Ids that become a part of a row's key: present, and within what a key may hold (1 KB in TableStore)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator

from receipts.vendor.fields import id_or_none, text_or_none

# 1 KB less the room for "aliyun:". The vendor documents 100 characters for a call id.
MOST_KEY_BYTES = 1000


def key(value: Any) -> str:
    """The id as text. Raises ValueError when it is blank, no text or whole number, or longer than a key may be."""
    text = id_or_none(value)
    if text is None:
        raise ValueError("is blank")
    return _within(text)


def optional_key(value: Any) -> str | None:
    """The id as text, or None. An index key has the same limit as a row's key."""
    text = text_or_none(value)
    return None if text is None else _within(text)


def _within(text: str) -> str:
    # A character takes at most four bytes: nearly every id is short enough without counting them.
    if len(text) > MOST_KEY_BYTES // 4 and len(text.encode("utf-8", "replace")) > MOST_KEY_BYTES:
        raise ValueError(f"is longer than {MOST_KEY_BYTES} bytes")
    return text


Key = Annotated[str, PlainValidator(key)]
OptionalKey = Annotated[str | None, PlainValidator(optional_key)]
