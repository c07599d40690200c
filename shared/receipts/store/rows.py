"""Rows through the TableStore SDK: batches within its limits, every row's own result looked at.

What the SDK does not do is done here: a failed row of a batch is never retried by it, a lost connection is a raw
urllib3 error, and a column condition passes on a missing column unless it is told not to.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, NamedTuple

import urllib3.exceptions

from receipts.errors import StoreForbidden, StoreMisconfigured
from receipts.refusal_codes import denied
from receipts.store.pending import REVISION
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from receipts.store.patience import Patience
    from receipts.store.pending import Columns, Pending

MOST_READ_ROWS = 100
MOST_WRITTEN_ROWS = 200
MOST_WRITTEN_BYTES = 4 * 1024 * 1024
# A character is at most three bytes (four for two surrogates' worth); a name and its cell take about this.
BYTES_PER_CHARACTER = 3
BYTES_PER_CELL = 48

# The SDK retries none of these for a write, nor for a row of a batch.
PASSING = {
    "OTSServerBusy",
    "OTSPartitionUnavailable",
    "OTSTimeout",
    "OTSInternalServerError",
    "OTSServerUnavailable",
    "OTSRowOperationConflict",
    "OTSNotEnoughCapacityUnit",
    "OTSTableNotReady",
    "OTSOperationThrottled",
    "OTSQuotaExhausted",
    "OTSCapacityUnitExhausted",
}
CONFLICT = "OTSConditionCheckFail"
# What one row can be guilty of. Any other refusal is the setting's fault, not a row's.
GUILTY = {"OTSParameterInvalid", "OTSInvalidPK", "OTSRequestBodySizeExceed", "OTSOutOfColumnCountLimit"}


class Answer(enum.Enum):
    """What came of one row."""

    DONE = "done"
    CONFLICT = "conflict"
    LATER = "later"
    NEVER = "never"


class Found(NamedTuple):
    """What is stored under a key: its columns, or None when there is no such row. Or why it is not known yet."""

    answer: Answer
    columns: Columns | None = None
    code: str = ""


class Result(NamedTuple):
    """What came of one write."""

    answer: Answer
    code: str = ""


class Write(NamedTuple):
    """A row to be written if what is stored has not moved since it was read."""

    pending: Pending
    columns: Columns
    stored: Columns | None


class Right(NamedTuple):
    """What the role must be allowed to do: an action on some tables or indexes, by their names."""

    action: str
    tables: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.action} on {', '.join(self.tables)}"


class Rows:
    """The rows of one instance.

    Args:
        client: an `OTSClient` that does not retry by itself.
        prefix: stands before every table's name.
    """

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def read(self, pending: Sequence[Pending]) -> Iterator[Found]:
        """What is stored for each, in order. Raises StoreMisconfigured."""
        for start in range(0, len(pending), MOST_READ_ROWS):
            yield from self._read(pending[start : start + MOST_READ_ROWS])

    def read_all(self, pending: Sequence[Pending], patience: Patience) -> list[Found]:
        """The same, with what the store did not give at once asked for again.

        Raises:
            StoreUnavailable: not all of it came while there was patience. StoreMisconfigured: as `read`.
        """
        while True:
            found = list(self.read(pending))
            late = next((one for one in found if one.answer is Answer.LATER), None)
            if late is None:
                return found
            patience.pause(late.code)

    def write(self, writes: Sequence[Write]) -> Iterator[Result]:
        """What came of each, in order. Raises StoreMisconfigured."""
        for chunk in _chunks(writes):
            yield from self._write(chunk)

    def _read(self, pending: Sequence[Pending]) -> list[Found]:
        request, places = tablestore.BatchGetRowRequest(), _Places()
        for item in pending:
            places.add(item.table.name)
        for name, positions in places.by_table.items():
            keys = [list(pending[at].key) for at in positions]
            first = pending[positions[0]]
            # A row without any of the columns asked for counts as absent, unless a key column is asked for too.
            columns = [*first.reads, first.key[-1][0]] if first.reads else []
            request.add(tablestore.TableInBatchGetRowItem(self._prefix + name, keys, columns, max_version=1))
        right = Right("ots:BatchGetRow", tuple(places.by_table))
        response, code = asked(lambda: self._client.batch_get_row(request), right)
        if response is None:
            return [Found(Answer.LATER, code=code)] * len(pending)
        answers = {name: response.get_result_by_table(self._prefix + name) for name in places.by_table}
        return [_found(item, right) for item in places.in_order(answers)]

    def _write(self, writes: Sequence[Write]) -> list[Result]:
        request, places = tablestore.BatchWriteRowRequest(), _Places()
        for write in writes:
            places.add(write.pending.table.name)
        for name, positions in places.by_table.items():
            items = [_put(writes[at]) for at in positions]
            request.add(tablestore.TableInBatchWriteRowItem(self._prefix + name, items))
        right = Right("ots:BatchWriteRow", tuple(places.by_table))
        response, code = asked(lambda: self._client.batch_write_row(request), right)
        if response is None and code in GUILTY and len(writes) > 1:
            # One row spoils the whole request: halves find it.
            middle = len(writes) // 2
            return [*self._write(writes[:middle]), *self._write(writes[middle:])]
        if response is None:
            return [Result(Answer.NEVER if code in GUILTY else Answer.LATER, code)] * len(writes)
        answers = {name: response.get_put_by_table(self._prefix + name) for name in places.by_table}
        return [_result(item, right) for item in places.in_order(answers)]


def asked(ask: Callable[[], Any], right: Right) -> tuple[Any, str]:
    """The response, or None and the code of what is wrong with the request as a whole.

    Raises:
        StoreForbidden: the role has no such right. StoreMisconfigured: for another reason that no retry mends.
    """
    try:
        return ask(), ""
    except tablestore.OTSServiceError as error:
        if error.code in PASSING or error.code in GUILTY or error.http_status >= 500:  # noqa: PLR2004 - HTTP
            return None, error.code
        # Only the code: the service's message may repeat a key.
        told = f"TableStore answered {error.http_status} {error.code}"
        if denied(error.code):
            raise StoreForbidden(f"{told} to {right}") from None
        raise StoreMisconfigured(told) from None
    except (tablestore.OTSClientError, urllib3.exceptions.HTTPError) as error:
        return None, type(error).__name__


class _Places:
    """Where the answer for each asked row is: the SDK answers table by table."""

    def __init__(self) -> None:
        self.by_table: dict[str, list[int]] = {}
        self._asked: list[tuple[str, int]] = []

    def add(self, table: str) -> None:
        positions = self.by_table.setdefault(table, [])
        self._asked.append((table, len(positions)))
        positions.append(len(self._asked) - 1)

    def in_order(self, answers: dict[str, list[Any]]) -> list[Any]:
        return [answers[table][position] for table, position in self._asked]


def _found(item: Any, right: Right) -> Found:
    if not item.is_ok:
        return Found(Answer.LATER, code=_passing(item.error_code, right))
    if item.row is None or not item.row.primary_key:
        return Found(Answer.DONE)
    return Found(Answer.DONE, {name: value for name, value, *_ in item.row.attribute_columns})


def _result(item: Any, right: Right) -> Result:
    if item.is_ok:
        return Result(Answer.DONE)
    if item.error_code == CONFLICT:
        return Result(Answer.CONFLICT, CONFLICT)
    if item.error_code in GUILTY:
        return Result(Answer.NEVER, item.error_code)
    return Result(Answer.LATER, _passing(item.error_code, right))


def _passing(code: str, right: Right) -> str:
    if denied(code):
        raise StoreForbidden(f"TableStore refuses rows with {code} to {right}")
    if code not in PASSING:
        raise StoreMisconfigured(f"TableStore refuses rows with {code}")
    return code


def _put(write: Write) -> tablestore.PutRowItem:
    row = tablestore.Row(list(write.pending.key), list(write.columns.items()))
    if write.stored is None:
        return tablestore.PutRowItem(row, tablestore.Condition(tablestore.RowExistenceExpectation.EXPECT_NOT_EXIST))
    if REVISION not in write.stored:
        # Somebody wrote the row by hand: it is taken over.
        return tablestore.PutRowItem(row, tablestore.Condition(tablestore.RowExistenceExpectation.EXPECT_EXIST))
    unmoved = tablestore.SingleColumnCondition(
        REVISION, write.stored[REVISION], tablestore.ComparatorType.EQUAL, pass_if_missing=False
    )
    return tablestore.PutRowItem(row, tablestore.Condition(tablestore.RowExistenceExpectation.EXPECT_EXIST, unmoved))


def _chunks(writes: Sequence[Write]) -> Iterator[Sequence[Write]]:
    start, size = 0, 0
    for end, write in enumerate(writes):
        characters = sum([len(value) for value in write.columns.values() if not isinstance(value, int)])
        length = len(write.columns) * BYTES_PER_CELL + characters * BYTES_PER_CHARACTER
        if end > start and (end - start == MOST_WRITTEN_ROWS or size + length > MOST_WRITTEN_BYTES):
            yield writes[start:end]
            start, size = end, 0
        size += length
    if writes:
        yield writes[start:]
