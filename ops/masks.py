"""What may be seen of a receipt without asking for it: names and structure, no number and no text."""

from __future__ import annotations

import json
import re
from typing import Any

from receipts.nesting import too_deep

MOST_SHAPE = 40
MOST_BEGINNING = 400
_DIGITS = re.compile(r"\d{5,}")
# A name, the opening quote and the colon included; or what is none.
_NAME = re.compile(r'("(?:[^"\\\n]|\\.){1,60}"\s*:)')


def masked_body(body: bytes) -> str:
    """The body with every value hidden; of what is not JSON the length and the masked beginning."""
    try:
        value = json.loads(body)
        if not too_deep(value):
            return json.dumps(masked_value(value), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        pass
    return f"not JSON, {len(body)} bytes, beginning with\n{_beginning(body)}"


def masked_value(value: Any) -> Any:
    """The same structure under the same names: texts as their shape, long numbers as their length."""
    if isinstance(value, dict):
        return {masked_name(name): masked_value(each) for name, each in value.items()}
    if isinstance(value, list):
        return [masked_value(each) for each in value]
    if isinstance(value, str):
        return shape(value)
    if isinstance(value, int | float) and _DIGITS.search(written := json.dumps(value)):
        return f"<number of {sum(map(str.isdigit, written))} digits>"
    return value


def masked_name(name: str) -> str:
    """A field's name; somebody might use a number as one."""
    plain = "".join(each if each.isprintable() else "?" for each in name)
    return _DIGITS.sub(lambda found: "#" * len(found[0]), plain)


def shape(text: str) -> str:
    """`####-##-## ##:##:##` of a time, `xxxxx` of a word; of a long text no more than its length."""
    if len(text) > MOST_SHAPE:
        return f"<text of {len(text)} characters>"
    return "".join(map(_hidden, text))


def _hidden(character: str) -> str:
    if character.isdigit():
        return "#"
    kept = character.isascii() and character.isprintable() and not character.isalnum()
    return character if kept else "x"


def _beginning(body: bytes) -> str:
    """Names stay, as in JSON that breaks off; everything else is hidden."""
    text = body[: MOST_BEGINNING * 4].decode("utf-8", "replace")[:MOST_BEGINNING]
    parts = _NAME.split(text)
    return "".join(masked_name(part) if place % 2 else "".join(map(_hidden, part)) for place, part in enumerate(parts))
