"""Phone numbers in the one form in which questions and the rule book are compared: `+8613900000001`.

The platform writes numbers so; people and tables write `13900000001`, `139-0000-0001` or `010-12345678`.
"""

from __future__ import annotations

import re
import unicodedata

CHINA = "+86"
# The most that the vendor's fields hold.
MOST_CHARACTERS = 32
# Longer text is no number, however many blanks are in it.
MOST_WRITTEN = 64
MOBILE_DIGITS = 11
# A landline with its leading 0: three or four digits of area, seven or eight of the line.
LANDLINE_DIGITS = range(10, 13)
_BETWEEN = re.compile(r"[\s().\-]+")
_CHINESE_WITHOUT_PLUS = re.compile(r"861\d{10}")
_GLOBAL = re.compile(r"\+[1-9]\d{2,29}")


def normal(written: object) -> str:
    """The number in the one form; empty for what is no number.

    Without `+` and `00`, 11 digits and numbers that begin with a single 0 count as Chinese. Other digits, such as
    `10086`, stay as they are.
    """
    if type(written) is int:
        written = str(written) if abs(written) < 10**MOST_CHARACTERS else ""
    if not isinstance(written, str) or len(written) > MOST_WRITTEN:
        return ""
    # Full-width digits become the usual ones.
    number = _BETWEEN.sub("", unicodedata.normalize("NFKC", written))
    plus = number.startswith(("+", "00"))
    number = number[1 if number.startswith("+") else 2 :] if plus else number
    if not (number.isascii() and number.isdigit()):
        return ""
    number = _with_plus(number) if plus else _without_plus(number)
    return number if len(number) <= MOST_CHARACTERS else ""


def is_global(number: str) -> bool:
    """Whether the platform can connect to it: `+`, the country, the number; 4 to 31 characters."""
    return _GLOBAL.fullmatch(number) is not None


def _with_plus(number: str) -> str:
    # No area begins with a 0: it is the one that is dialled before it within the country.
    return CHINA + number[2:].lstrip("0") if number.startswith("860") else f"+{number}"


def _without_plus(number: str) -> str:
    if number.startswith("0") and len(number) in LANDLINE_DIGITS:
        return CHINA + number[1:]
    if len(number) == MOBILE_DIGITS:
        return CHINA + number
    return f"+{number}" if _CHINESE_WITHOUT_PLUS.fullmatch(number) else number
