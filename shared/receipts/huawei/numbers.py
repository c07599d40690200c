"""A privacy number as Huawei's notifications tell it.

They hold no time, so that only the order in which they were received can say which is the newest. Every one of the
last ones is kept: the state is that of the newest, and began with the first of those that say the same without a
break. One that is sent again at once changes neither; one that is sent again after another state was told counts as
new.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, cast

from receipts.domain.number import Number, State
from receipts.huawei.number_receipt import NumberReceipt
from receipts.joining.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.receipt import VendorReceipt

MOST_STATES = 50
KIND = "numStatus"
STATES: dict[str, State] = {"5": "normal", "9": "suspended", "10": "unavailable", "11": "frozen"}
CAUSES = {
    "1": "deleted",
    "2": "arrears",
    "3": "stopped",
    "5": "barred_by_carrier",
    "6": "bar_lifted",
    "7": "unconditional_forwarding",
    "8": "no_answer_forwarding",
    "9": "busy_forwarding",
}


def kind(receipt: VendorReceipt) -> str:
    """The kind under which a notification is kept: when it was received."""
    at, place = _rank(receipt)
    return f"{KIND}@{at}.{place}"


def _model(kind: str) -> type[VendorReceipt]:
    return {KIND: NumberReceipt}[kind.partition("@")[0]]


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    told = cast("NumberReceipt", receipt)
    return (told.received_at or 0, told.received_place or 0)


def _number(receipts: Mapping[str, VendorReceipt]) -> Number:
    newest_first = [cast("NumberReceipt", one) for one in sorted(receipts.values(), key=_rank, reverse=True)]
    newest = newest_first[0]
    same = list(takewhile(lambda one: (one.status, one.cause) == (newest.status, newest.cause), newest_first))
    return Number(
        vendor="huawei",
        state=None if newest.status is None else STATES.get(newest.status),
        cause=None if newest.cause is None else CAUSES.get(newest.cause, newest.cause),
        changed_at=same[-1].received_at,
    )


NUMBERS = Subject(table="numbers", model=_model, rank=_rank, row=_number, most_facts=MOST_STATES)
