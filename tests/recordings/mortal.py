"""A function that dies at one of its external calls."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from receipts.recordings.attempt import Means
from receipts.recordings.bucket import RecordingBucket
from receipts.recordings.jobs import Jobs
from receipts.store import schema
from receipts.store.rows import Rows
from receipts.store.scanning import IndexRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.recordings.archive import ArchiveTools
    from receipts.recordings.sweeping import SweepTools
    from tests.recordings.support import World


class Killed(BaseException):
    """The end of the process: nothing in it catches this, and it calls nobody any more."""


class Life:
    """Lets `at` calls pass (None: all), then ends.

    Args:
        at: the number of the last call, from 0.
        carried_out: whether that call reaches the other side before the end.
    """

    def __init__(self, at: int | None = None, *, carried_out: bool = False) -> None:
        self.calls: list[str] = []
        self._at, self._carried_out = at, carried_out

    def call(self, name: str, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Make the call, or die."""
        self.calls.append(name)
        made = len(self.calls) - 1
        if self._at is None or made < self._at:
            return call(*args, **named)
        if made == self._at and self._carried_out:
            _hang_up(call(*args, **named))
        raise Killed


def _hang_up(answer: Any) -> None:
    """Close the connection that came of a call, as the system does when a process dies."""
    if isinstance(answer, socket.socket):
        answer.close()
    elif hasattr(answer, "resp"):
        answer.resp.response.close()


class Mortal:
    """Somebody to call, for as long as the life lasts."""

    def __init__(self, target: Any, life: Life, *calls: str) -> None:
        self._target, self._life, self._calls = target, life, calls

    def __getattr__(self, name: str) -> Any:
        """A call that may be the last, or whatever else the target has."""
        found = getattr(self._target, name)
        if name not in self._calls:
            return found
        return lambda *args, **named: self._life.call(name, found, *args, **named)


def _rows(world: World, life: Life) -> Any:
    return Mortal(world.store.client, life, "batch_get_row", "batch_write_row", "get_range")


def mortal_jobs(world: World, life: Life) -> Jobs:
    """The queue of jobs, in that life."""
    usual = world.jobs
    queue: Any = Mortal(usual._queue, life, "send")
    return Jobs(queue, usual._keys, usual._clock, usual._monotonic)


def mortal_rows(world: World, life: Life) -> Rows:
    """The rows, in that life."""
    return Rows(_rows(world, life), "")


def mortal_tools(world: World, life: Life) -> ArchiveTools:
    """What archiving works with, in that life; the world's own clients do the work."""
    tools = world.tools
    bucket = RecordingBucket.__new__(RecordingBucket)
    bucket.__dict__.update(world.bucket.__dict__)
    calls = ("put_object", "init_multipart_upload", "upload_part", "complete_multipart_upload", "list_objects_v2")
    bucket._bucket = Mortal(world.bucket._bucket, life, *calls, "head_object", "abort_multipart_upload")
    links: Any = Mortal(world.links, life, "link")
    network: Any = Mortal(tools.means.network, life, "connect")
    means = Means({"aliyun": links}, tools.means.policy, tools.means.limits, network, bucket)
    return tools._replace(rows=mortal_rows(world, life), jobs=mortal_jobs(world, life), means=means)


def mortal_sweep_tools(world: World, life: Life) -> SweepTools:
    """What a sweep works with, in that life."""
    indexes = IndexRows(_rows(world, life), "", schema.RECORDINGS)
    return world.sweep_tools()._replace(rows=mortal_rows(world, life), jobs=mortal_jobs(world, life), indexes=indexes)
