"""Recordings as rows: announced, and moved from state to state under an optimistic lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.domain.recording import Recording
from receipts.joining.facts import canonical, revision
from receipts.recordings.announcing import joined, ready_at
from receipts.recordings.jobs import Job
from receipts.store import schema
from receipts.store.joining import join_into
from receipts.store.pending import REVISION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from receipts.errors import BadReceipt
    from receipts.recordings.announcement import Announcement
    from receipts.recordings.settings import RecordingRules
    from receipts.store.patience import Patience
    from receipts.store.pending import Columns
    from receipts.store.rows import Rows
    from receipts.store.schema import Key, Table


class PendingRecording(NamedTuple):
    """Announcements of one recording, to be joined into its row."""

    recording_id: str
    announcements: tuple[Announcement, ...]
    rules: RecordingRules

    @property
    def table(self) -> Table:
        """The table of recordings."""
        return schema.RECORDINGS

    @property
    def key(self) -> Key:
        """The row's key."""
        return schema.key(schema.RECORDINGS, self.recording_id)

    @property
    def reads(self) -> tuple[str, ...]:
        """All columns: a row is written whole."""
        return ()

    def merged(self, stored: Columns | None) -> Columns | None:
        """The row with what the announcements add to it."""
        before = after = None if stored is None else read(stored)
        for told in self.announcements:
            after = joined(after, told, self.rules)
        return None if after is None or after == before else written(after)

    def job(self) -> Job:
        """The job that asks for it as soon as one of the announcements says that it can be had."""
        return Job(self.recording_id, min(ready_at(told, self.rules) for told in self.announcements))


def pending(announcements: Iterable[Announcement], rules: RecordingRules) -> list[PendingRecording]:
    """The announcements, those of one recording together."""
    by_id: dict[str, list[Announcement]] = {}
    for told in announcements:
        by_id.setdefault(told.recording_id, []).append(told)
    return [PendingRecording(recording_id, tuple(same), rules) for recording_id, same in by_id.items()]


class _Transition(NamedTuple):
    """A step from one state of a recording to the next; `seen` takes the recording as the step left it."""

    recording_id: str
    step: Callable[[Recording], Recording | None]
    seen: dict[str, Recording]

    @property
    def table(self) -> Table:
        return schema.RECORDINGS

    @property
    def key(self) -> Key:
        return schema.key(schema.RECORDINGS, self.recording_id)

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def merged(self, stored: Columns | None) -> Columns | None:
        if stored is None:
            return None
        before = read(stored)
        after = self.step(before)
        self.seen[self.recording_id] = before if after is None else after
        return None if after is None or after == before else written(after)


class Changed(NamedTuple):
    """Recordings as they now are, by id; and why others could not be read or written at all."""

    recordings: dict[str, Recording]
    refused: dict[str, BadReceipt]


def change(
    rows: Rows, recording_id: str, step: Callable[[Recording], Recording | None], patience: Patience
) -> Recording | None:
    """Take the recording one step on, and return it as it then is; None if there is no such recording.

    Raises:
        StoreUnavailable, StoreMisconfigured: as `change_all`.
        BadReceipt: the row cannot be read or written at all.
    """
    changed = change_all(rows, {recording_id: step}, patience)
    for why in changed.refused.values():
        raise why
    return changed.recordings.get(recording_id)


def change_all(rows: Rows, steps: Mapping[str, Callable[[Recording], Recording | None]], patience: Patience) -> Changed:
    """Take each recording that there is one step on.

    A step is given the row as it is stored, and again if somebody else was faster; None leaves it as it is. It must
    recognise its own work, as the answer to a write may be lost.

    Raises:
        StoreUnavailable: a row could not be read or written within `patience`.
        StoreMisconfigured: the store refuses for a reason that no retry mends.
    """
    seen: dict[str, Recording] = {}
    refused: dict[str, BadReceipt] = {}
    for item, why in join_into(rows, [_Transition(name, step, seen) for name, step in steps.items()], patience):
        name = dict(item.key)["recording_id"]
        refused[name] = why
        seen.pop(name, None)
    return Changed(seen, refused)


def read(stored: Columns) -> Recording:
    """The row as a model; columns that a later version adds are left alone."""
    return Recording.model_validate({name: stored[name] for name in Recording.model_fields if name in stored})


def written(recording: Recording) -> Columns:
    """The model as a row."""
    columns = recording.columns()
    return {**columns, REVISION: revision(canonical(columns))}
