"""The ways a call can go."""

from __future__ import annotations

from typing import NamedTuple

BY_PLATFORM, BY_CALLER, BY_CALLEE = 0, 1, 2


class Plot(NamedTuple):
    """How a call goes.

    Attributes:
        weight: how often, against the other plots.
        status: where the call stands at the end of the day.
        outcome: how it ended; None while it goes on.
        rings: whether the callee's telephone rings.
        cause: `release_cause`.
        unconnected: `unconnected_cause`.
        released_by: the possible `release_dir`s.
        bound: whether X belongs to a binding.
    """

    weight: int
    status: str = "ended"
    outcome: str | None = None
    rings: bool = False
    cause: int = 0
    unconnected: int = 0
    released_by: tuple[int, ...] = (BY_PLATFORM,)
    bound: bool = True


# Only causes that every published list of them reads alike, or that `unconnected` decides.
PLOTS = (
    Plot(50, outcome="answered", rings=True, cause=16, released_by=(BY_CALLER, BY_CALLEE)),
    Plot(12, outcome="busy", cause=17, unconnected=4, released_by=(BY_CALLEE,)),
    Plot(12, outcome="no_answer", rings=True, cause=19, unconnected=4),
    Plot(5, outcome="rejected", rings=True, cause=7, unconnected=4, released_by=(BY_CALLEE,)),
    Plot(5, outcome="unreachable", cause=20, unconnected=4),
    Plot(4, outcome="blocked", cause=21, unconnected=1),
    Plot(4, outcome="unbound", cause=21, unconnected=2, bound=False),
    Plot(2, outcome="failed", cause=34, unconnected=4),
    Plot(2, status="initiated"),
    Plot(2, status="ringing", rings=True),
    Plot(2, status="answered", rings=True),
)
WEIGHTS = tuple(plot.weight for plot in PLOTS)
