"""Is this machine's clock right? The services refuse what is signed a quarter of an hour off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.lines import ok, skipped, warning, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.doctor.lines import Line
    from ops.doctor.running import Examined

WHAT = "clock"
WARN_SECONDS, WRONG_SECONDS = 60, 600
DO = "Set this machine's clock, by NTP if you can: from 15 minutes on every signature is refused."


def line(services: Sequence[Examined]) -> Line:
    """The clock beside those of the services that tell the time."""
    told = {one.service.name: one.ahead for one in services if one.ahead is not None}
    if not told:
        return skipped(WHAT, "no service tells the time", "Mend what keeps them from being reached.")
    # One of several may be off by itself: the middle one is believed.
    middle = sorted(told.values())[len(told) // 2]
    off = round(abs(middle))
    found = (
        f"{off} s {'behind' if middle < 0 else 'ahead of'} {', '.join(told)}" if off > 1 else f"as {', '.join(told)}"
    )
    if off > WRONG_SECONDS:
        return wrong(WHAT, found, DO)
    return warning(WHAT, found, DO) if off > WARN_SECONDS else ok(WHAT, found)
