"""What a person may see of a phone number."""

from __future__ import annotations

SHOWN_HEAD = 3
SHOWN_TAIL = 4


def mask(number: str | None) -> str:
    """`13900000001` becomes `139****0001`; what is too short to hide anything becomes `****`."""
    if not number or len(number) <= SHOWN_HEAD + SHOWN_TAIL:
        return "****" if number else ""
    return f"{number[:SHOWN_HEAD]}****{number[-SHOWN_TAIL:]}"
