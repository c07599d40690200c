"""What provisioning tells of each thing it looked at."""

from __future__ import annotations

from typing import NamedTuple

MADE, THERE, DIFFERENT = "made", "there already", "DIFFERENT"


class Step(NamedTuple):
    """What was found or made: `state` is one of MADE, THERE, DIFFERENT; `advice` says what to do, if anything."""

    kind: str
    name: str
    state: str
    advice: str = ""
