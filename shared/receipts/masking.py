"""What a person may see of a phone number."""

from __future__ import annotations

import re

# Ids and host names are made by vendors, and sometimes of what looks like a phone number.
# The second form is a mobile number of China as people write it.
_LONG_NUMBER = re.compile(r"\d{7,}|(?<!\d)1\d\d([- ])\d{4}\1\d{4}(?!\d)")
_BETWEEN_GROUPS = str.maketrans("", "", "- ")
CHINA = "+86"
SHOWN_HEAD = 3
SHOWN_TAIL = 4


def mask(number: str | None) -> str:
    """`13900000001`, also with `+86`, becomes `139****0001`; what is too short to hide anything becomes `****`."""
    number = number and number.removeprefix(CHINA)
    if not number or len(number) <= SHOWN_HEAD + SHOWN_TAIL:
        return "****" if number else ""
    return f"{number[:SHOWN_HEAD]}****{number[-SHOWN_TAIL:]}"


def masked(text: str) -> str:
    """The text with every number of seven digits and more in it masked, and mobile numbers written in groups."""
    return _LONG_NUMBER.sub(lambda number: mask(number[0].translate(_BETWEEN_GROUPS)), text)
