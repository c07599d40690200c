"""What the tests of the pure parts share: made-up receipts, random JSON, and the golden bodies."""

from __future__ import annotations

import json
import traceback
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from local.golden import EVENTS
from receipts.aliyun.calls import CALLS
from receipts.aliyun.catalogue import MESSAGE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.domain.row import Row
    from receipts.joining.facts import Fact
    from receipts.vendor.receipt import VendorReceipt

Failure = TypeVar("Failure", bound=Exception)
PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHINA = timezone(timedelta(hours=8))
CALL_ID = "7b3d90c4e1f20a01"
CALL_TYPES = {
    "start": "SecretStartReport",
    "ring": "SecretRingReport",
    "pick_up": "SecretPickUpReport",
    "end": "SecretReport",
    "recording": "SecretRecording",
}
KINDS = tuple(CALL_TYPES)

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
# What `json.loads` can give: text with half characters too, because JSON can write them.
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


def ms(text: str) -> int:
    """`yyyy-MM-dd HH:mm:ss` in China as epoch milliseconds, worked out without the code under test."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA).timestamp()) * 1000


def at(clock: str) -> str:
    """A text time of the made-up day."""
    return f"2026-11-20 {clock}"


def golden(message_type: str, way: str) -> list[dict[str, Any]]:
    """The receipts in a golden body, `push` or `queue`."""
    value = json.loads((EVENTS / "bodies" / f"{message_type}.{way}.json").read_bytes())
    return value if isinstance(value, list) else [value]


def model(message_type: str) -> type[VendorReceipt]:
    """The model of a message type."""
    return MESSAGE_TYPES[message_type].model


def fields(receipt: VendorReceipt) -> dict[str, Any]:
    """What a receipt tells under its documented names; what it leaves out is left out."""
    told = receipt.model_dump(exclude_none=True)
    return {name: told[name] for name in type(receipt).model_fields if name in told}


def call(**told: dict[str, Any]) -> dict[str, Any]:
    """The columns of a call, from `start`, `ring` and so on to what that receipt says besides the id."""
    facts: dict[str, Fact] = {}
    for kind, sent in told.items():
        facts |= fact(CALL_TYPES[kind], {"call_id": CALL_ID, **sent})
    return dict(CALLS.row({kind: one.receipt for kind, one in facts.items()}).columns())


def fact(message_type: str, sent: dict[str, Any]) -> dict[str, Fact]:
    """One receipt as a set of facts."""
    kind_of = MESSAGE_TYPES[message_type]
    receipt = kind_of.model.read(sent)
    return {kind_of.kind(receipt): kind_of.subject.fact(sent, receipt)}


def row_of(message_type: str, facts: dict[str, Fact]) -> Row:
    """The row that facts come to."""
    return MESSAGE_TYPES[message_type].subject.row({kind: one.receipt for kind, one in facts.items()})


def caught(kind: type[Failure], job: Callable[..., Any], *args: Any) -> Failure | None:
    """The error of this kind that the job ends in, or None when it ends well; any other error goes on."""
    try:
        job(*args)
    except kind as error:
        return error
    return None


def everything_said(error: BaseException) -> str:
    """All that a log could show of an error: text, repr, printed traceback, and what it was raised in place of."""
    said = [str(error), repr(error), *traceback.format_exception(error)]
    while (before := error.__context__) is not None:
        said.append(str(before))
        error = before
    return "\n".join(said)


def deeper(frames: int, job: Callable[[], Any]) -> Any:
    """Do the job with so many frames more on the stack."""
    return job() if frames == 0 else deeper(frames - 1, job)
