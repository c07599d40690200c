"""What a function does in a month, and what that is in compute units."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.cost.billing import Size, billed_seconds, idle_units, units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.cost.assumptions import Assumptions
    from benchmarks.cost.measured import Batch, Measurements, Push
    from benchmarks.cost.sizes import Deployed

MILLION = 1_000_000
# What a receive or a delete of a queue takes.
MESSAGES_AT_ONCE = 16
HOUR_SECONDS, DAY_SECONDS, DAY_MINUTES = 3600, 24 * 3600, 24 * 60


class Given(NamedTuple):
    """All that the model goes by: what was measured, what is assumed, and the functions as they are deployed."""

    measured: Measurements
    assumed: Assumptions
    functions: Mapping[str, Deployed]


class Work(NamedTuple):
    """What one function does in a month.

    Attributes:
        invocations: how many.
        seconds: that one takes, as it is billed.
        size: of its instances.
        at_once: instances at work in the busiest minute, by Little's law: invocations per second times seconds.
    """

    invocations: float
    seconds: float
    size: Size
    at_once: float

    def units(self, *, disk: bool = False) -> float:
        """Compute units of the month."""
        return units(self.invocations, self.invocations * self.seconds, self.size, disk=disk)


class Rates(NamedTuple):
    """How often things happen: in a month, and per second."""

    calls: float
    assumed: Assumptions

    @property
    def receipts(self) -> float:
        """In a month."""
        return self.calls * self.assumed.days * self.assumed.receipts_per_call

    @property
    def pushes(self) -> float:
        """In a month; each becomes one message of the queue."""
        return self.receipts / self.assumed.receipts_per_push

    @property
    def recordings(self) -> float:
        """In a month."""
        return self.calls * self.assumed.days * self.assumed.recorded_share

    def per_second(self, in_a_month: float, *, peak: bool) -> float:
        """The mean of the active hours, or of the busiest minute."""
        mean = in_a_month / (self.assumed.days * self.assumed.active_hours * HOUR_SECONDS)
        return mean * (self.assumed.peak_factor if peak else 1)


def works(rates: Rates, given: Given) -> dict[str, Work]:
    """What grows with the calls, by function."""
    push = given.measured.push(given.assumed.receipts_per_push)
    return {
        "receive": _work(rates, rates.pushes, receiving(push, given), given.functions["receive"]),
        "ingest": _ingest(rates, given),
        "archive": _work(rates, rates.recordings, archiving(given), given.functions["archive"]),
    }


def usual_batch(rates: Rates, given: Given, *, peak: bool) -> Batch:
    """The event of `ingest` that the window makes of so many messages a second."""
    most, seconds = given.functions["ingest"].window or (1, 0.0)
    return given.measured.batch(min(most, 1 + rates.per_second(rates.pushes, peak=peak) * seconds))


def fixed(given: Given) -> dict[str, tuple[float, float]]:
    """Compute units of a month that are the same at any number of calls: without the disk, and with it."""
    seconds = given.assumed.days * DAY_SECONDS
    found = {
        f"`{name}`, {one.warm} warm instance": (
            idle_units(one.warm * seconds, one.size),
            idle_units(one.warm * seconds, one.size, disk=True),
        )
        for name, one in given.functions.items()
        if one.warm
    }
    for name, job, which in (("sweep", given.measured.sweep, ""), ("poll", given.measured.poll, ", no queue named")):
        one = given.functions[name]
        busy = _seconds(job.cpu_ms, job.requests, given.assumed, one.size)
        found[f"`{name}`, every {one.every_minutes} min{which}"] = _ticks(one, busy, given.assumed)
    return found


def polling(given: Given) -> tuple[float, float]:
    """Compute units of a month of `poll` whose queues stay empty: every tick waits for messages once.

    A receipt that it stores costs what it costs `ingest`: it is the same code.
    """
    poll = given.functions["poll"]
    seconds = float(poll.environment["POLL_WAIT_SECONDS"]) + given.assumed.request_ms / 1000
    return _ticks(poll, seconds, given.assumed)


def receiving(push: Push, given: Given) -> float:
    """Billed seconds of one push."""
    return _seconds(push.cpu_ms, push.requests, given.assumed, given.functions["receive"].size)


def ingesting(batch: Batch, given: Given) -> float:
    """Billed seconds of one event of `ingest`."""
    requests = batch.reads + batch.writes + batch.sends
    return _seconds(batch.cpu_ms, requests, given.assumed, given.functions["ingest"].size)


def archiving(given: Given) -> float:
    """Billed seconds of one recording: what goes around the copy, its CPU time, and the way there and back."""
    job, megabytes = given.measured.archive, recording_mb(given.assumed)
    cpu = job.cpu_ms + max(0.0, megabytes - 1) * given.measured.archive_cpu_ms_per_mb
    moving = megabytes / given.assumed.download_mb_per_second
    return _seconds(cpu, job.requests, given.assumed, given.functions["archive"].size) + moving


def recording_mb(assumed: Assumptions) -> float:
    """MB of one recording."""
    return assumed.recorded_minutes * assumed.mb_per_minute


def units_of_receipts(given: Given, per_push: int, receipts: float = MILLION) -> float:
    """Compute units of so many receipts that come in pushes of one size (0: 1 to 8), stored in full events."""
    batch = given.measured.full_batch(per_push)
    push = given.measured.push(batch.receipts / batch.messages)
    pushes, events = receipts / push.receipts, receipts / batch.receipts
    receive, ingest = (given.functions[name].size for name in ("receive", "ingest"))
    taken = units(pushes, pushes * receiving(push, given), receive)
    return taken + units(events, events * ingesting(batch, given), ingest)


def pulled_units(given: Given, receipts: float = MILLION) -> float:
    """Compute units of so many receipts that `poll` pulls, one in each message, without its ticks.

    Reckoned from `ingest`, whose code it runs; it receives and deletes 16 messages at a time besides. Its consumers
    wait side by side, here one after the other: it is cheaper than that.
    """
    batch, poll = given.measured.full_batch(1), given.functions["poll"].size
    requests = batch.reads + batch.writes + batch.sends + 2 * batch.messages / MESSAGES_AT_ONCE
    seconds = _seconds(batch.cpu_ms, requests, given.assumed, poll)
    return units(0, receipts / batch.receipts * seconds, poll)


def naive_units(given: Given, receipts: float = MILLION) -> float:
    """Compute units of one invocation and one row for each of so many receipts, in an instance as `receive` has it."""
    size = given.functions["receive"].size
    return units(receipts, receipts * _seconds(given.measured.naive_cpu_ms, 1, given.assumed, size), size)


def _work(rates: Rates, invocations: float, seconds: float, function: Deployed) -> Work:
    return Work(invocations, seconds, function.size, rates.per_second(invocations, peak=True) * seconds)


def _ingest(rates: Rates, given: Given) -> Work:
    """At the peak its events are larger than in the mean."""
    usual, full = (usual_batch(rates, given, peak=peak) for peak in (False, True))
    at_peak = rates.per_second(rates.pushes, peak=True) / full.messages * ingesting(full, given)
    return Work(rates.pushes / usual.messages, ingesting(usual, given), given.functions["ingest"].size, at_peak)


def _ticks(function: Deployed, seconds: float, assumed: Assumptions) -> tuple[float, float]:
    ticks = assumed.days * DAY_MINUTES / (function.every_minutes or 1)
    return units(ticks, ticks * seconds, function.size), units(ticks, ticks * seconds, function.size, disk=True)


def _seconds(cpu_ms: float, requests: float, assumed: Assumptions, size: Size) -> float:
    return billed_seconds(cpu_ms / 1000 * assumed.cpu_factor, requests, size, assumed.request_ms / 1000)
