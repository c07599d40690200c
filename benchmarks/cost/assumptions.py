"""What nobody has measured: each with its value, to be replaced by your own figures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def _is(default: float, meaning: str) -> float:
    value: float = field(default=default, metadata={"meaning": meaning})
    return value


@dataclass(frozen=True)
class Assumptions:
    """All of them; `meaning` in the metadata of each field."""

    receipts_per_call: float = _is(3.5, "receipts of one call: 3 to 4 of Aliyun, as many notifications of Huawei")
    receipts_per_push: float = _is(4, "receipts in one push; the vendor does not say how many it sends together")
    recorded_share: float = _is(0.3, "calls of which there is a recording")
    recorded_minutes: float = _is(2, "minutes of one recording")
    mb_per_minute: float = _is(
        0.96, "MB of a recorded minute (WAV, 8 kHz, 16 bit, one channel; MP3 is a sixth of it or less)"
    )
    request_ms: float = _is(10, "milliseconds until a service of the same region has answered a request")
    download_mb_per_second: float = _is(10, "MB per second at which a recording is fetched and put")
    cpu_factor: float = _is(1, "CPU time there for one second of CPU time on the machine measured on")
    active_hours: float = _is(14, "hours of the day over which the calls are spread")
    peak_factor: float = _is(4, "the busiest minute against the mean of the active hours")
    days: float = _is(30, "days of a month")
    metrics_bytes: float = _is(900, "bytes of the row that the platform logs for each invocation")


def changed(assumptions: Assumptions, words: Iterable[str]) -> Assumptions:
    """With others in their place, written `name=value`. Raises ValueError that says what is there."""
    names = {one.name for one in fields(assumptions)}
    for word in words:
        name, _, value = word.partition("=")
        if name not in names:
            raise ValueError(f"no such assumption: {name}; there are {', '.join(sorted(names))}")
        try:
            assumptions = replace(assumptions, **{name: float(value)})
        except ValueError:
            raise ValueError(f"{name} needs a number, not {value!r}") from None
    return assumptions
