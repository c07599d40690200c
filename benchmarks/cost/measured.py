"""What was measured of the functions' work: CPU on some machine, requests, bytes; kept between runs as a file."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

PATH = Path(__file__).resolve().parent / "measured.json"


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Point = TypeVar("_Point", bound=_Figures)


class Push(_Figures):
    """One push that `receive` takes: CPU milliseconds, requests to the queue, bytes of its message and log line."""

    receipts: int
    cpu_ms: float
    requests: float
    message_bytes: float
    log_bytes: float


class Batch(_Figures):
    """One event that `ingest` stores, the mean of several.

    Attributes:
        messages: in the event.
        per_push: receipts in each message; 0: 1 to 8.
        receipts: in the event.
        cpu_ms: CPU milliseconds.
        reads: BatchGetRow requests; `rows_read` in them, `read_units` that the store counts for them.
        writes: BatchWriteRow requests; `rows_written` in them, `write_units` of the tables, without indexes.
        sends: requests to the queue of recordings, for `jobs` jobs.
        log_bytes: of its log lines.
    """

    messages: int
    per_push: int
    receipts: float
    cpu_ms: float
    reads: float
    rows_read: float
    read_units: float
    writes: float
    rows_written: float
    write_units: float
    sends: float
    jobs: float
    log_bytes: float


class Job(_Figures):
    """One invocation of `archive`, `sweep` or `poll`: CPU milliseconds, and requests by service."""

    cpu_ms: float
    tablestore: float
    queue: float
    bucket: float
    vendor: float
    log_bytes: float

    @property
    def requests(self) -> float:
        """All of them, one after the other."""
        return self.tablestore + self.queue + self.bucket + self.vendor


class Table(_Figures):
    """What a call leaves in a table or index: rows, and bytes as the loopback store keeps them."""

    name: str
    index: bool
    rows_per_call: float
    bytes_per_call: float


class Measurements(_Figures):
    """All of it.

    Attributes:
        machine: what it was measured on.
        naive_cpu_ms: of a function that is invoked with one receipt and puts one row.
        pushes: `receive`, by the number of receipts.
        batches: `ingest`, by the number of messages and of receipts in each.
        archive: of a recording of 1 MB.
        archive_cpu_ms_per_mb: of each MB beyond that.
        sweep: one that finds nothing.
        poll: one without queues.
        tables: rows and bytes of a call.
    """

    machine: dict[str, str]
    naive_cpu_ms: float
    pushes: list[Push]
    batches: list[Batch]
    archive: Job
    archive_cpu_ms_per_mb: float
    sweep: Job
    poll: Job
    tables: list[Table]

    def push(self, receipts: float) -> Push:
        """A push of so many receipts, between the two measured ones that are next to it."""
        return _between(self.pushes, "receipts", receipts)

    def batch(self, messages: float) -> Batch:
        """An event of so many messages of 1 to 8 receipts, likewise."""
        return _between([one for one in self.batches if one.per_push == 0], "messages", messages)

    def full_batch(self, per_push: int) -> Batch:
        """An event of a hundred messages of so many receipts each, as measured."""
        return next(one for one in self.batches if one.per_push == per_push and one.messages == 100)


def load(path: Path = PATH) -> Measurements:
    """Those of the last measurement."""
    return Measurements.model_validate_json(path.read_bytes())


def save(measured: Measurements, path: Path = PATH) -> None:
    """Keep them."""
    path.write_text(measured.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _between(points: list[_Point], along: str, at: float) -> _Point:
    """The point at `at` on the straight lines through the points; beyond the last one its line goes on."""
    points = sorted(points, key=lambda point: float(getattr(point, along)))
    pairs = list(pairwise(points))
    low, high = next((pair for pair in pairs if at <= getattr(pair[1], along)), pairs[-1])
    start, end = float(getattr(low, along)), float(getattr(high, along))
    # Below the first point there is nothing: a push has a receipt, an event a message.
    part = (max(at, start) - start) / (end - start)
    return low.model_copy(
        update={name: value + (getattr(high, name) - value) * part for name, value in low.model_dump().items()}
    )
