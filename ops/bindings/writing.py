"""Writes rows into the rule book, and takes them out."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from rich.progress import Progress

from ops import output
from ops.reading import patience
from receipts.store.joining import join_into

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.bindings.binding import Binding
    from ops.reading import Store
    from receipts.store.pending import Columns
    from receipts.store.schema import Key, Table

CHUNK = 100


class Counts(NamedTuple):
    """How many rows are new, say something else than before, or said so already."""

    new: int = 0
    changed: int = 0
    same: int = 0


class _Counted(NamedTuple):
    """A row on its way, with what became of it: `new`, `changed` or `same`."""

    binding: Binding
    became: list[str]
    dry: bool

    @property
    def table(self) -> Table:
        return self.binding.table

    @property
    def key(self) -> Key:
        return self.binding.key

    @property
    def reads(self) -> tuple[str, ...]:
        return self.binding.reads

    def merged(self, stored: Columns | None) -> Columns | None:
        row = self.binding.merged(stored)
        # The last word: after a lost race the row is read again.
        self.became[:] = ["same" if row is None else "new" if stored is None else "changed"]
        return None if self.dry else row


def put_all(store: Store, bindings: Sequence[Binding], *, dry: bool = False) -> Counts:
    """Write the rows, some at a time, or with `dry` only look at what is there. Safe to repeat.

    Raises:
        StoreUnavailable, StoreMisconfigured, BadReceipt: not all of them are written.
    """
    became: list[list[str]] = [[] for _ in bindings]
    to = output.aside()
    done = 0
    with Progress(console=to, transient=True, disable=not to.is_terminal) as progress:
        task = progress.add_task("Looking" if dry else "Writing", total=len(bindings))
        for start in range(0, len(bindings), CHUNK):
            chunk = slice(start, start + CHUNK)
            rows = [_Counted(one, what, dry) for one, what in zip(bindings[chunk], became[chunk], strict=True)]
            with _told(done, len(bindings)):
                refused = join_into(store.rows, rows, patience())
                if refused:
                    raise refused[0].why
            done += len(rows)
            progress.advance(task, len(rows))
    words = [what[0] for what in became]
    return Counts(words.count("new"), words.count("changed"), words.count("same"))


@contextlib.contextmanager
def _told(done: int, many: int) -> Iterator[None]:
    """Says that it was broken off, so that one knows to run it again."""
    try:
        yield
    except BaseException:
        if many > CHUNK:
            output.aside().print(f"Broken off after {done} of {many} rows; running it again does the rest.")
        raise
