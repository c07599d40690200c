"""A timer trigger: waits for the next time, hands its event over, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.host.events import timer_event
from template.cron import fire_times

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from template.functions import TimerTrigger


def run_timer(
    trigger: TimerTrigger,
    deliver: Callable[[bytes], object],
    *,
    clock: Callable[[], datetime],
    wait: Callable[[float], bool],
) -> None:
    """Fire until told to stop.

    Args:
        trigger: when, and with which payload.
        deliver: takes the event; must not wait for the function, or ticks would be late.
        clock: the time, aware.
        wait: sleeps so many seconds; True at once when everything is to stop.
    """
    for at in fire_times(trigger.cron, clock()):
        if wait(max((at - clock()).total_seconds(), 0.0)):
            return
        deliver(timer_event(trigger, at))
