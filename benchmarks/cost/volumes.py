"""A month at so many calls a day: compute units, requests to each service, bytes, and how full each limit is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.cost import model
from benchmarks.cost.model import Rates

if TYPE_CHECKING:
    from benchmarks.cost.model import Given, Work

GB, MB = 1000**3, 1000**2


class Requests(NamedTuple):
    """What is asked of the services in a month; all of it is billed by the services themselves.

    Attributes:
        sent: messages sent to the queues; as many are received, and deleted.
        reads: BatchGetRow requests, with `rows_read` rows and `read_units` capacity units in them.
        writes: BatchWriteRow requests, with `rows_written` rows and `write_units` units of tables, without indexes.
        objects: requests to the bucket.
        links: requests to the vendors for links and files.
        log_lines: lines of the functions and of the platform together.
    """

    sent: float
    reads: float
    rows_read: float
    read_units: float
    writes: float
    rows_written: float
    write_units: float
    objects: float
    links: float
    log_lines: float


class Month(NamedTuple):
    """A month.

    Attributes:
        calls: a day.
        days: of the month.
        work: by function, what grows with the calls.
        fixed: compute units of what runs whatever comes, without and with the disk.
        per_event: messages in an event of `ingest`, in the mean.
        requests: what is asked of the services.
        queue_per_second: messages sent, received and deleted in the busiest second, which is what the queues count.
        rows_per_second: rows written in the busiest second, without indexes.
        links_per_second: links to recordings asked for in the busiest second.
        tables_gb: that a month adds to the tables and their indexes.
        recordings_gb: that it adds to the bucket.
        log_gb: that it adds to the log.
    """

    calls: float
    days: float
    work: dict[str, Work]
    fixed: dict[str, tuple[float, float]]
    per_event: float
    requests: Requests
    queue_per_second: float
    rows_per_second: float
    links_per_second: float
    tables_gb: float
    recordings_gb: float
    log_gb: float

    def units(self, *, disk: bool = False) -> float:
        """Compute units of all functions."""
        return sum(one.units(disk=disk) for one in self.work.values()) + sum(both[disk] for both in self.fixed.values())


def month(calls: float, given: Given) -> Month:
    """The month of so many calls a day."""
    rates = Rates(calls, given.assumed)
    work = model.works(rates, given)
    requests = _requests(rates, given, work["ingest"].invocations)
    return Month(
        calls=calls,
        days=given.assumed.days,
        work=work,
        fixed=model.fixed(given),
        per_event=model.usual_batch(rates, given, peak=False).messages,
        requests=requests,
        queue_per_second=rates.per_second(3 * requests.sent, peak=True),
        rows_per_second=rates.per_second(requests.rows_written, peak=True),
        links_per_second=rates.per_second(rates.recordings, peak=True),
        tables_gb=sum(one.bytes_per_call for one in given.measured.tables) * calls * given.assumed.days / GB,
        recordings_gb=rates.recordings * model.recording_mb(given.assumed) * MB / GB,
        log_gb=_log_bytes(rates, given, work["ingest"].invocations) / GB,
    )


def _requests(rates: Rates, given: Given, events: float) -> Requests:
    batch = model.usual_batch(rates, given, peak=False)
    job, recordings = given.measured.archive, rates.recordings
    # Of what an archived recording asks of the store, half are reads and half writes, a row each.
    halves = recordings * job.tablestore / 2
    return Requests(
        sent=rates.pushes * given.measured.push(given.assumed.receipts_per_push).requests + recordings,
        reads=events * batch.reads + halves,
        rows_read=events * batch.rows_read + halves,
        read_units=events * batch.read_units + halves,
        writes=events * batch.writes + halves,
        rows_written=events * batch.rows_written + halves,
        write_units=events * batch.write_units + halves,
        objects=recordings * job.bucket,
        links=recordings * job.vendor,
        log_lines=2 * (rates.pushes + events + recordings),
    )


def _log_bytes(rates: Rates, given: Given, events: float) -> float:
    """The functions' own lines, and the row that the platform writes for each invocation."""
    row = given.assumed.metrics_bytes
    push = given.measured.push(given.assumed.receipts_per_push)
    batch = model.usual_batch(rates, given, peak=False)
    return (
        rates.pushes * (push.log_bytes + row)
        + events * (batch.log_bytes + row)
        + rates.recordings * (given.measured.archive.log_bytes + row)
    )
