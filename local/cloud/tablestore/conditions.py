"""Column conditions of writes and filters of reads: both are the same message."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, TypeAlias

import tablestore.protobuf.table_store_filter_pb2 as filter_pb2

from local.cloud.tablestore import variant
from local.cloud.tablestore.errors import invalid
from local.cloud.tablestore.messages import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    Predicate: TypeAlias = Callable[[Callable[[str], bytes | None]], bool]

MAX_CONDITIONS = 32

_COMPARE: dict[int, Callable[[Any, Any], bool]] = {
    filter_pb2.CT_EQUAL: operator.eq,
    filter_pb2.CT_NOT_EQUAL: operator.ne,
    filter_pb2.CT_GREATER_THAN: operator.gt,
    filter_pb2.CT_GREATER_EQUAL: operator.ge,
    filter_pb2.CT_LESS_THAN: operator.lt,
    filter_pb2.CT_LESS_EQUAL: operator.le,
}


def predicate(serialized: bytes) -> Predicate:
    """What a serialized Filter asks of a row.

    Returns:
        A function that takes a look-up of columns (name to variant or None) and says whether the row passes.

    Raises:
        RefusedError: OTSParameterInvalid: not a filter, of a kind that is not served, or more than 32 of them.
    """
    return _Parser().parse(serialized)


class _Parser:
    def __init__(self) -> None:
        self._left = MAX_CONDITIONS

    def parse(self, serialized: bytes) -> Predicate:
        return self._filter(decode(filter_pb2.Filter, serialized))

    def _filter(self, message: Any) -> Predicate:
        self._left -= 1
        if self._left < 0:
            raise invalid(f"The count of filter exceeds the max: {MAX_CONDITIONS}.")
        if message.type == filter_pb2.FT_SINGLE_COLUMN_VALUE:
            return _single(decode(filter_pb2.SingleColumnValueFilter, message.filter))
        if message.type == filter_pb2.FT_COMPOSITE_COLUMN_VALUE:
            return self._composite(decode(filter_pb2.CompositeColumnValueFilter, message.filter))
        raise invalid("Column pagination filters are not served by the loopback.")

    def _composite(self, message: Any) -> Predicate:
        parts = [self._filter(part) for part in message.sub_filters]
        if message.combinator == filter_pb2.LO_NOT:
            if len(parts) != 1:
                raise invalid("Invalid NOT operator: the number of sub-filters must be 1.")
            return lambda column: not parts[0](column)
        if len(parts) < 2:  # noqa: PLR2004 - AND and OR join two or more
            raise invalid("Invalid AND/OR operator: the number of sub-filters must be 2.")
        join = all if message.combinator == filter_pb2.LO_AND else any
        return lambda column: join(part(column) for part in parts)


def _single(message: Any) -> Predicate:
    name, comparator = message.column_name, message.comparator
    if comparator not in _COMPARE:
        raise invalid("Conditions on a column's existence are not served by the loopback.")
    if message.HasField("value_trans_rule"):
        raise invalid("Regular expressions in conditions are not served by the loopback.")
    variant.check(message.column_value)
    kind = message.column_value[0]
    if kind in variant.NOT_FOR_ATTRIBUTES:
        raise invalid("Deserialize relation filter failed.")
    wanted = variant.value_of(message.column_value)
    compare, if_missing = _COMPARE[comparator], not message.filter_if_missing

    def passes(column: Callable[[str], bytes | None]) -> bool:
        found = column(name)
        if found is None:
            return if_missing
        if found[0] != kind:
            return bool(comparator == filter_pb2.CT_NOT_EQUAL)
        return compare(variant.value_of(found), wanted)

    return passes
