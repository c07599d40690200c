"""The instance that requests work on: the store, the tables in it, and the clock."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore.errors import invalid, missing
from local.cloud.tablestore.schema import Index, Table, table_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.cloud.tablestore.store import Store


class Instance:
    """Tables and indexes by name. Use it inside `transaction` only."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self._clock = clock
        self._spaces: dict[str, Table | Index] = {}
        with store.transaction():
            self.reload()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One request's work; the tables are read again should a change of them be rolled back."""
        with self.store.transaction():
            before = self._spaces
            try:
                yield
            except BaseException:
                self._spaces = before
                raise

    def reload(self) -> None:
        """See what the catalogue says now."""
        lines = self.store.spaces()
        spaces: dict[str, Table | Index] = {}
        for line in lines:
            if line.main is None:
                metas = [
                    (index.id, pb2.IndexMeta.FromString(index.definition)) for index in lines if index.main == line.id
                ]
                table = table_from(line.id, pb2.DescribeTableResponse.FromString(line.definition), metas)
                spaces[table.name] = table
                spaces.update((index.name, index) for index in table.indexes)
        self._spaces = spaces

    @property
    def now(self) -> int:
        """Milliseconds since the epoch."""
        return int(self._clock() * 1000)

    @property
    def names(self) -> list[str]:
        """The names of the tables, without the indexes, in order."""
        return sorted(space.name for space in self._spaces.values() if isinstance(space, Table))

    def __len__(self) -> int:
        return len(self._spaces)

    def __contains__(self, name: object) -> bool:
        return name in self._spaces

    def readable(self, name: str) -> Table | Index:
        """The table or index of this name, or OTSObjectNotExist."""
        if name not in self._spaces:
            raise missing("table")
        return self._spaces[name]

    def writable(self, name: str) -> Table:
        """The table of this name; an index is refused."""
        space = self.readable(name)
        if isinstance(space, Index):
            raise invalid("Can't write index table directly.")
        return space
