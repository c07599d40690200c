"""How much time and how many bytes one download may take."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Seconds and bytes.

    Attributes:
        total_seconds: from the first look-up to the last byte, hops and the reader's own work included.
        max_bytes: size of the body.
        first_byte_seconds: per hop, from the look-up of the name to the end of the answer's headers.
        idle_seconds: without any byte of the body.
    """

    total_seconds: float
    max_bytes: int
    first_byte_seconds: float = 15.0
    idle_seconds: float = 15.0
