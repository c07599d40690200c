"""How deep a JSON value is nested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is kept must be readable again, from however deep a stack: receipts nest two or three times.
MOST_DEPTH = 50


def too_deep(value: Any) -> bool:
    """Whether lists and objects stand in each other more than MOST_DEPTH times: level by level, no recursion."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _inside(outer)]
        if not level:
            return False
    return any(isinstance(inner, dict | list) for inner in level)


def _inside(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
