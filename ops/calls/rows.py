"""Rows about calls, with what nobody should see in passing hidden."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.masks import masked_value
from receipts.masking import mask, masked

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBERS = ("number_a", "number_x", "number_b", "caller", "callee")
# JSON of receipts, of links, of what was said.
NESTED = ("facts", "source", "sentences")
KEYS_AND_LOCKS = ("shard", "revision")
VENDORS = ("aliyun", "huawei")


def call_ids_of(word: str) -> list[str]:
    """The keys that a call may have, from the vendor's id with or without `<vendor>:`; Aliyun's first."""
    vendor, colon, _ = word.partition(":")
    return [word] if colon and vendor in VENDORS else [f"{vendor}:{word}" for vendor in VENDORS]


def short_id(call_id: str) -> str:
    """The id as the commands take it: without `aliyun:`."""
    return call_id.removeprefix("aliyun:")


def hidden(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with numbers masked, and no value in what is JSON."""
    return {name: _hidden(name, value) for name, value in row.items()}


def _hidden(name: str, value: Any) -> Any:
    if name in NUMBERS:
        return mask(value)
    if name in NESTED:
        return json.dumps(masked_value(json.loads(value)), ensure_ascii=False)
    # Ids and keys stay: they are what a row is found by.
    return masked(value) if name == "last_error" else value
