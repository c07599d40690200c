"""What the function of a timer gets, and how asynchronous invocations are repeated."""

from __future__ import annotations

import itertools
import json
import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from local.host.timer import run_timer
from template.functions import TimerTrigger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.host.support import Eventually, MakeFunction, StartHost

_START = datetime(2026, 2, 27, 15, 59, 30, tzinfo=timezone.utc)
_TIMER = TimerTrigger("every-minute", "@every 1m", "the payload", enabled=True)


def test_a_timer_waits_for_each_tick_and_then_delivers_the_documented_event() -> None:
    """With a clock that only waiting moves."""
    now = [_START]
    events: list[bytes] = []

    def wait(seconds: float) -> bool:
        now[0] += timedelta(seconds=seconds)
        return len(events) == 2

    run_timer(_TIMER, events.append, clock=lambda: now[0], wait=wait)
    assert [json.loads(event) for event in events] == [
        {"triggerTime": f"2026-02-27T16:0{minute}:30Z", "triggerName": "every-minute", "payload": "the payload"}
        for minute in (0, 1)
    ]


def test_a_timer_that_is_late_does_not_skip() -> None:
    """A tick whose time has passed is delivered at once."""
    waits: list[float] = []
    late = iter([_START, *[_START + timedelta(minutes=10)] * 9])

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 3

    run_timer(_TIMER, lambda _event: None, clock=lambda: next(late), wait=wait)
    assert waits == [0, 0, 0]


def _failing(tmp_path: Path, failures: int) -> str:
    return f"""
import pathlib
count = pathlib.Path({str(tmp_path / "count")!r})
def handler(event, context):
    attempts = int(count.read_text()) if count.exists() else 0
    count.write_text(str(attempts + 1))
    if attempts < {failures}:
        raise OSError("not yet")
    return event
"""


def test_a_tick_is_repeated_until_it_works(make: MakeFunction, start: StartHost, tmp_path: Path) -> None:
    """Asynchronous invocations are tried again, three times unless the template says otherwise."""
    host = start(make(_failing(tmp_path, 3), triggers=(_TIMER,)))
    result = host.tick("f")
    assert result.ok
    assert json.loads(result.payload)["payload"] == "the payload"


def test_the_template_says_how_often(make: MakeFunction, start: StartHost, tmp_path: Path) -> None:
    """With maxAsyncRetryAttempts 0 the next tick is the repetition."""
    host = start(make(_failing(tmp_path, 1), triggers=(_TIMER,), async_retries=0))
    assert host.tick("f").error_type == "UnhandledInvocationError"
    assert host.tick("f").ok


def test_a_tick_tells_the_time_of_the_clock(make: MakeFunction, start: StartHost) -> None:
    """The event that is fired by hand is the one of a timer that is due now, by the clock that the host was given."""
    host = start(
        make("def handler(event, context):\n    return event\n", triggers=(_TIMER._replace(cron="0 */5 * * * *"),)),
        clock=_START.timestamp,
    )
    assert json.loads(host.tick("f").payload) == {
        "triggerTime": "2026-02-27T15:59:30Z",
        "triggerName": "every-minute",
        "payload": "the payload",
    }


def test_timers_run_as_fast_as_the_host_is_told(make: MakeFunction, start: StartHost, eventually: Eventually) -> None:
    """At a thousandth, a minute between ticks is 60 ms; the events tell a minute all the same."""
    source = "import json\n\ndef handler(event, context):\n    print('at', json.loads(event)['triggerTime'])\n"
    host = start(make(source, triggers=(_TIMER,), max_instances=1), timer_scale=0.001)
    eventually(lambda: host.log("f").count("at ") >= 3)
    told = re.findall(r"at (\S+)Z", host.log("f"))
    # Ticks that wait for the instance get it in any order.
    moments = sorted(datetime.fromisoformat(it) for it in told)
    gaps = {(later - earlier) % timedelta(minutes=1) for earlier, later in itertools.pairwise(moments)}
    assert gaps == {timedelta()}


def test_a_host_fires_timers_by_itself(make: MakeFunction, start: StartHost, eventually: Eventually) -> None:
    """Enabled ones, unless the caller wants to tick."""
    every_second = _TIMER._replace(cron="* * * * * *")
    source = "def handler(event, context):\n    print('ticked', context.function.name)\n    return ''\n"
    quiet = make(source, name="off", triggers=(every_second._replace(enabled=False),))
    host = start(make(source, triggers=(every_second,)), quiet)
    eventually(lambda: "ticked f" in host.log("f"))
    assert host.log("off") == ""
    other = start(make(source, name="g", triggers=(every_second,)), timers=False)
    assert other.instances("g") == []
