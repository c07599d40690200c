"""A call as Huawei's notifications tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.domain.call import Call, Direction, Outcome, Party, Status, open_since
from receipts.huawei.call_receipts import DecisionReceipt, EventReceipt, RecordReceipt
from receipts.huawei.release_causes import NORMAL, PLATFORM, Q850, RELEASED_BY
from receipts.joining.subject import Subject
from receipts.masking import masked
from receipts.times import SECOND_MS, china_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.causes import Cause
    from receipts.vendor.receipt import VendorReceipt

# The kinds of facts are the vendor's own names.
CALL_IN, COLLECTED, CALL_OUT, ALERTING, ANSWER, DISCONNECT, RECORD, DECISION = (
    "callin",
    "collectInfo",
    "callout",
    "alerting",
    "answer",
    "disconnect",
    "fee",
    "decision",
)
EVENTS = (CALL_IN, COLLECTED, CALL_OUT, ALERTING, ANSWER, DISCONNECT)
MODELS: dict[str, type[VendorReceipt]] = {
    **dict.fromkeys(EVENTS, EventReceipt),
    RECORD: RecordReceipt,
    DECISION: DecisionReceipt,
}
# A call may have several call records, each with an id of its own: none of them may push another out.
MOST_FACTS = 100
# What is told twice is taken from the receipt that knows most.
BEST_FIRST = (RECORD, DISCONNECT, ANSWER, ALERTING, CALL_OUT, COLLECTED, CALL_IN, DECISION)
# Events whose `called` is the number that the call was put through to. Those of `disconnect` need not be the parties.
PUT_THROUGH = (ANSWER, ALERTING, CALL_OUT)

DIRECTIONS: dict[int, Direction] = {0: "b_to_a", 1: "a_to_b"}
ABNORMAL = 2
HUNG_UP: dict[int, Party] = {1: "caller", 2: "callee"}


def record_kind(receipt: VendorReceipt) -> str:
    """The kind under which a call record is kept: by its id, if it has one."""
    icid = receipt.__dict__.get("icid")
    return RECORD if icid is None else f"{RECORD}@{icid}"


def kind_of(kind: str) -> str:
    """The vendor's name for a kind of facts."""
    return kind.partition("@")[0]


class _End(NamedTuple):
    """Why a call ended: the code that says most, and what it means if that is known."""

    code: int | None
    cause: Cause | None


class _Told:
    """All that is told of one call."""

    def __init__(self, receipts: Mapping[str, VendorReceipt]) -> None:
        self.receipts = {kind: receipt for kind, receipt in receipts.items() if kind_of(kind) != RECORD}
        if record := _best([receipt for kind, receipt in receipts.items() if kind_of(kind) == RECORD]):
            self.receipts[RECORD] = record

    def first(self, field: str, kinds: tuple[str, ...] = BEST_FIRST) -> Any:
        """The field's value from the first of these kinds that tells it."""
        for kind in kinds:
            # A field that the kind does not have was read by nobody: pydantic keeps it elsewhere.
            value = self.receipts[kind].__dict__.get(field) if kind in self.receipts else None
            if value is not None:
                return value
        return None

    def of_record(self, field: str) -> Any:
        """The field's value in the call record."""
        return self.first(field, (RECORD,))

    def moment(self, field: str, event: str) -> int | None:
        """When something happened: by the call record, else by the event."""
        told = self.of_record(field)
        found: int | None = self.first("timestamp", (event,)) if told is None else told
        return found


def _best(records: list[VendorReceipt]) -> VendorReceipt | None:
    """The record that tells of the conversation, if there was one, else the newest."""

    def knows(record: VendorReceipt) -> tuple[object, ...]:
        told = record.__dict__
        return (told["fwd_answer_time"] is not None, _rank(record), told["icid"] or "")

    return max(records, key=knows, default=None)


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    """Newer is what happened later; a receipt without a moment of its own is older than any with one."""
    for field in ("timestamp", "call_end_time", "fail_time", "fwd_start_time", "call_in_time", "decided_at"):
        value = receipt.__dict__.get(field)
        if value is not None:
            return (value,)
    return (-1,)


def _call(receipts: Mapping[str, VendorReceipt]) -> Call:
    told = _Told(receipts)
    direction = DIRECTIONS.get(told.of_record("direction"))
    caller, callee = _parties(told)
    number_a, number_b = {None: (None, None), "a_to_b": (caller, callee), "b_to_a": (callee, caller)}[direction]
    status, started_at = _status(told), told.moment("call_in_time", CALL_IN)
    return Call(
        vendor="huawei",
        pool=told.first("app_key"),
        binding_id=told.first("subscription_id"),
        order_id=told.first("user_data"),
        number_a=number_a,
        number_x=told.of_record("bind_num") or told.first("called", (CALL_IN,)),
        number_b=number_b,
        direction=direction,
        caller=caller,
        callee=callee,
        status=status,
        started_at=started_at,
        dialed_at=told.moment("fwd_start_time", CALL_OUT),
        ringing_at=told.moment("fwd_alerting_time", ALERTING),
        answered_at=told.moment("fwd_answer_time", ANSWER),
        open_since_at=open_since(
            status, started_at, told.first("timestamp", EVENTS), told.first("decided_at", (DECISION,))
        ),
        city=told.of_record("area_code"),
        extension=told.of_record("extend_num") or told.first("digit_info", (COLLECTED,)),
        **(_ending(told) if RECORD in told.receipts or DISCONNECT in told.receipts else {}),
    )


def _parties(told: _Told) -> tuple[str | None, str | None]:
    """Who really called whom: by the call record; what it leaves out, by the events that come before the end."""
    caller, callee = told.of_record("caller_num"), told.of_record("fwd_dst_num")
    return caller or told.first("caller", (CALL_IN,)), callee or told.first("called", PUT_THROUGH)


def _status(told: _Told) -> Status:
    if RECORD in told.receipts or DISCONNECT in told.receipts:
        return "ended"
    if ANSWER in told.receipts:
        return "answered"
    return "ringing" if ALERTING in told.receipts else "initiated"


def _ending(told: _Told) -> dict[str, Any]:
    end = _end(told)
    answered_at = told.moment("fwd_answer_time", ANSWER)
    ended_at = told.moment("call_end_time", DISCONNECT)
    if ended_at is None:
        ended_at = told.of_record("fail_time")
    outcome = _outcome(told, end, answered_at)
    hung_up = told.first("call_rel_direction", (RECORD, DISCONNECT))
    return {
        "outcome": outcome,
        "ended_at": ended_at,
        "ended_day": None if ended_at is None else china_day(ended_at),
        "talk_seconds": _talk_seconds(told, outcome, answered_at, ended_at),
        "released_by": HUNG_UP.get(hung_up) or RELEASED_BY.get(end.code or NORMAL),
        "release_cause": end.code,
        "release_text": end.cause.words if end.cause else _vendors_words(told, end),
    }


def _talk_seconds(told: _Told, outcome: Outcome, answered_at: int | None, ended_at: int | None) -> int | None:
    """How long they talked; None where somebody answered and a moment is missing."""
    if outcome != "answered":
        return 0
    if answered_at is not None and ended_at is not None:
        return max(0, ended_at - answered_at) // SECOND_MS
    duration: int | None = told.of_record("call_duration")
    return duration


def _end(told: _Told) -> _End:
    """The platform's own code says more than the network's; a zero says nothing where another code is told."""
    codes = [
        (told.of_record("ul_fail_reason"), PLATFORM),
        (told.first("state_code", (DISCONNECT,)), PLATFORM),
        (told.of_record("fwd_unasw_rsn"), Q850),
        (told.of_record("call_out_unasw_rsn"), Q850),
    ]
    told_codes = [(code, causes) for code, causes in codes if code is not None]
    for code, causes in told_codes:
        if code != NORMAL:
            return _End(code, causes.get(code))
    return _End(NORMAL if told_codes else None, None)


def _vendors_words(told: _Told, end: _End) -> str | None:
    """What `disconnect` says of the code, if it is the one that it tells; with no long number in it."""
    if end.code is None or told.first("state_code", (DISCONNECT,)) != end.code:
        return None
    words = told.first("state_desc", (DISCONNECT,))
    return None if words is None else masked(words)


def _outcome(told: _Told, end: _End, answered_at: int | None) -> Outcome:
    # The event proves an answer, even without its moment.
    if answered_at is not None or ANSWER in told.receipts:
        return "answered"
    # A zero in `disconnect` says that it ended as a conversation does; the call record knows better.
    if RECORD not in told.receipts and end.code == NORMAL and told.first("state_code", (DISCONNECT,)) == NORMAL:
        return "answered"
    # Where the platform's code is not known, the network's may be.
    cause = end.cause or Q850.get(told.of_record("fwd_unasw_rsn") or NORMAL)
    if cause is not None:
        return cause.outcome
    if told.of_record("direction") == ABNORMAL and told.first("subscription_id") is None:
        return "unbound"
    rang = told.moment("fwd_alerting_time", ALERTING) is not None or ALERTING in told.receipts
    return "no_answer" if rang else "failed"


CALLS = Subject(table="calls", model=lambda kind: MODELS[kind_of(kind)], rank=_rank, row=_call, most_facts=MOST_FACTS)
