"""Rows and definitions in SQLite: one connection, one transaction at a time."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.tablestore.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A space is what has rows of its own: a table (main is null) or one of its indexes (main is the table's id).
# Rows keep a rowid and their key has its own index, so that a big row never sits in the tree that is searched.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS spaces (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, main INTEGER, definition BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS rows (space INTEGER NOT NULL, key BLOB NOT NULL, row BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS rows_by_key ON rows (space, key);
"""


class Space(NamedTuple):
    """One line of the catalogue: `definition` is a serialized DescribeTableResponse or IndexMeta."""

    id: int
    name: str
    main: int | None
    definition: bytes


class Store:
    """The database file, or memory; every method but `transaction` and `close` needs an open transaction."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._closed = False
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        # A commit survives the death of the process; only a power cut may take the last ones.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside happens at once, or not at all if it raises."""
        with self._lock:
            if self._closed:
                raise RefusedError(503, "OTSServerUnavailable", "The server is stopping.")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Give the file back, after the transaction that is open now."""
        with self._lock:
            self._closed = True
            self._db.close()

    def get(self, space: int, key: bytes) -> bytes | None:
        """The row under a key."""
        found = self._db.execute("SELECT row FROM rows WHERE space = ? AND key = ?", (space, key)).fetchone()
        return found[0] if found else None

    def put(self, space: int, key: bytes, row: bytes) -> None:
        """Write a row over whatever was there."""
        self._db.execute(
            "INSERT INTO rows (space, key, row) VALUES (?, ?, ?)"
            " ON CONFLICT (space, key) DO UPDATE SET row = excluded.row",
            (space, key, row),
        )

    def delete(self, space: int, key: bytes) -> None:
        """Forget the row under a key, if there is one."""
        self._db.execute("DELETE FROM rows WHERE space = ? AND key = ?", (space, key))

    def ascending(self, space: int, first: bytes, end: bytes) -> Iterator[bytes]:
        """Rows from `first` on, up to and without `end`."""
        return self._scan("key >= ? AND key < ? ORDER BY key", (space, first, end))

    def descending(self, space: int, first: bytes, end: bytes) -> Iterator[bytes]:
        """Rows from `first` down to and without `end`."""
        return self._scan("key <= ? AND key > ? ORDER BY key DESC", (space, first, end))

    def everything(self, space: int) -> list[bytes]:
        """Every row of a space."""
        return list(self._scan("1", (space,)))

    def _scan(self, rest: str, values: tuple[int | bytes, ...]) -> Iterator[bytes]:
        # `rest` is one of the constants above.
        cursor = self._db.execute(f"SELECT row FROM rows WHERE space = ? AND {rest}", values)  # noqa: S608
        try:
            for (row,) in cursor:
                yield row
        finally:
            cursor.close()

    def spaces(self) -> list[Space]:
        """The catalogue in the order of creation."""
        lines = self._db.execute("SELECT id, name, main, definition FROM spaces ORDER BY id")
        return [Space(*line) for line in lines]

    def add_space(self, name: str, definition: bytes, main: int | None = None) -> int:
        """Add a table or an index; returns its id."""
        cursor = self._db.execute(
            "INSERT INTO spaces (name, main, definition) VALUES (?, ?, ?)", (name, main, definition)
        )
        assert cursor.lastrowid is not None  # noqa: S101 - tells mypy what an INSERT promises
        return cursor.lastrowid

    def redefine(self, space: int, definition: bytes) -> None:
        """Change what the catalogue says about a space."""
        self._db.execute("UPDATE spaces SET definition = ? WHERE id = ?", (definition, space))

    def drop_space(self, space: int) -> None:
        """Forget a space with its rows."""
        self._db.execute("DELETE FROM rows WHERE space = ?", (space,))
        self._db.execute("DELETE FROM spaces WHERE id = ?", (space,))
