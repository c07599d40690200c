"""A call as Aliyun's receipts tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from receipts.aliyun import release_causes
from receipts.aliyun.call_receipts import CallReceipt, EndReceipt, PickUpReceipt, RingReceipt, StartReceipt
from receipts.aliyun.recording_receipt import RecordingReceipt
from receipts.domain.call import Call, Direction, Outcome, Party, Status, open_since
from receipts.joining.subject import Subject
from receipts.times import china_day
from receipts.vendor.causes import NO_ANSWER, Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.receipt import VendorReceipt

# The kinds of facts are the vendor's own names.
START = "SecretStartReport"
RING = "SecretRingReport"
PICK_UP = "SecretPickUpReport"
END = "SecretReport"
RECORDING = "SecretRecording"
MODELS: dict[str, type[VendorReceipt]] = {
    START: StartReceipt,
    RING: RingReceipt,
    PICK_UP: PickUpReceipt,
    END: EndReceipt,
    RECORDING: RecordingReceipt,
}
# What is told twice is taken from the receipt that knows most.
BEST_FIRST = (END, PICK_UP, RING, START, RECORDING)

# call_type: who called whom. 2 and 3 are texts of old pages: A sent, A received.
DIRECTIONS: dict[int, Direction] = {0: "a_to_b", 1: "b_to_a", 2: "a_to_b", 3: "b_to_a"}
BLOCKED_CALL_TYPES = (4, 5)
TEXT_CALL_TYPES = (2, 3, 5)
RELEASED_BY: dict[int, Party] = {0: "platform", 1: "caller", 2: "callee"}
NO_BINDING = "NO_SUBS_EXIST"
UNCONNECTED_BLACKLIST, UNCONNECTED_NO_BINDING, UNCONNECTED_RESTRICTED = 1, 2, 3
RELEASED_BY_CALLEE = 2


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    """Newer is what happened later; a receipt without its own moment is older than any with one."""
    for moment in ("release_time", "start_time", "ring_time", "call_time"):
        value = _told(receipt, moment)
        if value is not None:
            return (value,)
    return (-1,)


def _told(receipt: VendorReceipt, field: str) -> Any:
    """The field's value; None where the type has no such field: a field of that name was not read by anybody."""
    # pydantic keeps a model's own fields here and every other one elsewhere.
    return receipt.__dict__.get(field)


def _call(receipts: Mapping[str, VendorReceipt]) -> Call:
    told = [receipts[kind] for kind in BEST_FIRST if kind in receipts]
    end = receipts.get(END)
    end = end if isinstance(end, EndReceipt) else None
    direction = _direction(told)
    number_a, number_b = _first(told, "phone_no"), _first(told, "peer_no")
    parties = {None: (None, None), "a_to_b": (number_a, number_b), "b_to_a": (number_b, number_a)}
    caller, callee = parties[direction]
    answered_at = _answered_at(receipts, end)
    started_at, ringing_at, status = _first(told, "call_time"), _ringing_at(receipts, end), _status(receipts)
    columns: dict[str, Any] = {}
    if end is not None:
        columns = _ending(end, told, answered_at)
    return Call(
        vendor="aliyun",
        pool=_first(told, "pool_key"),
        binding_id=_first(told, "sub_id"),
        order_id=_first(told, "out_id"),
        number_a=number_a,
        number_x=_first(told, "secret_no"),
        number_b=number_b,
        direction=direction,
        caller=caller,
        callee=callee,
        status=status,
        started_at=started_at,
        ringing_at=ringing_at,
        answered_at=answered_at,
        open_since_at=open_since(status, started_at, ringing_at, answered_at),
        city=_first(told, "city"),
        extension=_first(told, "extension"),
        **columns,
    )


def _first(told: list[VendorReceipt], field: str) -> Any:
    for receipt in told:
        value = _told(receipt, field)
        if value is not None:
            return value
    return None


def _direction(told: list[VendorReceipt]) -> Direction | None:
    types = (_told(receipt, "call_type") for receipt in told)
    return next((DIRECTIONS[kind] for kind in types if kind in DIRECTIONS), None)


def _status(receipts: Mapping[str, VendorReceipt]) -> Status:
    if END in receipts:
        return "ended"
    if PICK_UP in receipts:
        return "answered"
    return "ringing" if RING in receipts else "initiated"


def _ringing_at(receipts: Mapping[str, VendorReceipt], end: EndReceipt | None) -> int | None:
    for kind in (PICK_UP, RING):
        rung = getattr(receipts.get(kind), "ring_time", None)
        if isinstance(rung, int):
            return rung
    if end is None or end.ring_time is None:
        return None
    # Without ringing the vendor repeats the moment the callee was dialled.
    return end.ring_time if end.call_out_time is None or end.ring_time > end.call_out_time else None


def _answered_at(receipts: Mapping[str, VendorReceipt], end: EndReceipt | None) -> int | None:
    if end is not None and end.call_type in TEXT_CALL_TYPES:
        return None
    # Without an answer the vendor repeats the moment of release.
    if end is not None and end.start_time is not None and end.start_time < (end.release_time or 0):
        return end.start_time
    picked_up = receipts.get(PICK_UP)
    return picked_up.start_time if isinstance(picked_up, PickUpReceipt) else None


def _ending(end: EndReceipt, told: list[VendorReceipt], answered_at: int | None) -> dict[str, Any]:
    cause = release_causes.CAUSES.get(end.release_cause) if end.release_cause is not None else None
    outcome = _outcome(end, told, answered_at, cause)
    return {
        "outcome": outcome,
        "dialed_at": end.call_out_time,
        "ended_at": end.release_time,
        "ended_day": None if end.release_time is None else china_day(end.release_time),
        "talk_seconds": _talk_seconds(end, outcome, answered_at),
        "released_by": None if end.release_dir is None else RELEASED_BY.get(end.release_dir),
        "release_cause": end.release_cause,
        "release_text": cause.words if cause else None,
    }


def _talk_seconds(end: EndReceipt, outcome: Outcome | None, answered_at: int | None) -> int | None:
    """How long they talked; None where somebody answered and a moment is missing."""
    if outcome != "answered" or end.call_type in TEXT_CALL_TYPES:
        return 0
    if answered_at is None or end.release_time is None:
        return None
    return max(0, end.release_time - answered_at) // 1000


def _outcome(
    end: EndReceipt, told: list[VendorReceipt], answered_at: int | None, cause: Cause | None
) -> Outcome | None:
    calls = [receipt for receipt in told if isinstance(receipt, CallReceipt)]
    # A pick-up proves an answer, even without its moment.
    if answered_at is not None or any(isinstance(call, PickUpReceipt) for call in calls):
        return "answered"
    if any(call.control_msg == NO_BINDING or call.unconnected_cause == UNCONNECTED_NO_BINDING for call in calls):
        return "unbound"
    if any(call.call_type in BLOCKED_CALL_TYPES for call in calls) or end.unconnected_cause in (
        UNCONNECTED_BLACKLIST,
        UNCONNECTED_RESTRICTED,
    ):
        return "blocked"
    if end.call_type in TEXT_CALL_TYPES:
        return None
    if cause is None:
        return "failed"
    if cause.outcome == NO_ANSWER and end.release_dir == RELEASED_BY_CALLEE:
        return "rejected"
    return cause.outcome


CALLS = Subject(table="calls", model=MODELS.__getitem__, rank=_rank, row=_call)
