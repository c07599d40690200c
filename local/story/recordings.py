"""What the vendor recorded of the day's calls, and which receipts tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.story.plots import PLOTS
from local.story.world import POOL, epoch_ms, happens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

    from local.story.calls import Call

KINDS, KIND_WEIGHTS = ("mp3", "wav", "amr", "ogg"), (70, 15, 10, 5)
# Every so many recordings there is a large one; the first comes after the few of a day of one call per plot.
LARGE_EVERY, FIRST_LARGE = 12, 5


class Recording(NamedTuple):
    """One recording: of the talk, or of the ringing before it.

    Attributes:
        recording_id: as in the table: `aliyun:<call_id>:call` or `aliyun:<call_id>:ring`.
        call_id: as the vendor has it.
        call_time_ms: when the call was dialled, epoch milliseconds.
        pool_key: the pool of its privacy number.
        ring: whether it is of the ringing.
        file: its name on the file host; says nothing of who called whom.
        kind: `mp3`, `wav`, `amr` or `ogg`; the file's suffix.
        size: bytes.
        ready_at_ms: from when on the file is there, epoch milliseconds; always after the call's end.
        announced: whether a SecretRecording tells of it.
        linked: whether the call's SecretReport has a link to it (`record_url`, `ring_record_url`).
    """

    recording_id: str
    call_id: str
    call_time_ms: int
    pool_key: str
    ring: bool
    file: str
    kind: str
    size: int
    ready_at_ms: int
    announced: bool
    linked: bool

    @property
    def link_field(self) -> str:
        """The field of the report that a link to it stands in."""
        return "ring_record_url" if self.ring else "record_url"


class _Told(NamedTuple):
    """How receipts tell of a recording; see `Recording`."""

    ring: bool
    announced: bool
    linked: bool


def recorded(rng: Random, calls: Iterable[Call]) -> Iterator[Recording]:
    """The recordings of the calls, in the calls' order; every one is announced, linked or both.

    Of the calls that were answered about a third is announced only, a fifth announced and linked, a seventh linked
    only. Of those that rang a twelfth has the ringing recorded. The first call of every plot has all that it can have.
    """
    number = 0
    for call in calls:
        for told in _told(rng, call):
            yield _recording(rng, call, number, told)
            number += 1


def _told(rng: Random, call: Call) -> Iterator[_Told]:
    """Each recording of the call."""
    if call.plot.outcome is None:
        return
    first = call.number < len(PLOTS)
    if call.plot.outcome == "answered":
        announced = "recording" in call.kinds
        linked = happens(rng, 40 if announced else 30) or first
        if announced or linked:
            yield _Told(ring=False, announced=announced, linked=linked)
    if call.plot.rings and (happens(rng, 8) or first):
        yield _Told(ring=True, announced=False, linked=True)


def _recording(rng: Random, call: Call, number: int, told: _Told) -> Recording:
    what = "ring" if told.ring else "call"
    kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
    large = number % LARGE_EVERY == FIRST_LARGE
    return Recording(
        recording_id=f"aliyun:{call.call_id}:{what}",
        call_id=call.call_id,
        call_time_ms=epoch_ms(call.dialed),
        pool_key=POOL,
        ring=told.ring,
        file=f"{call.parties.sub_id}_{call.call_id}_{what}.{kind}",
        kind=kind,
        size=rng.randint(2_000_000, 6_000_000) if large else rng.randint(20_000, 300_000),
        ready_at_ms=epoch_ms(call.ended + rng.randint(60, 1200)),
        announced=told.announced,
        linked=told.linked,
    )
