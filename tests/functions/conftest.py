"""Whatever a test makes a function log is held against docs/operations.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from receipts.logs import Log
from tests.log_table import wrong_with

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def lines_of_the_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every line that is logged meanwhile is JSON of the fields and types of its row in the table, and short enough."""
    wrong: list[str] = []
    write = Log._write

    def noting(self: Log, level: str, event: str, request_id: str, fields: dict[str, object]) -> None:
        line = {"level": level, "function": self._function, "event": event, "request_id": request_id, **fields}
        written = json.dumps(line)
        wrong.extend(wrong_with(json.loads(written), written))
        write(self, level, event, request_id, fields)

    monkeypatch.setattr(Log, "_write", noting)
    yield
    assert wrong == []
