"""Huawei's notifications: which model reads each, which row it tells of, and as which kind of fact.

Source: Huawei Cloud PrivateNumber, call event, call record, X-number status and SMS notifications. `decision` is what
`decide` journals of its own answers.
"""

from __future__ import annotations

from receipts.contents.message_type import MessageType, always
from receipts.huawei import calls, numbers, recordings, texts
from receipts.huawei.call_receipts import DecisionReceipt, EventReceipt, RecordReceipt
from receipts.huawei.number_receipt import NumberReceipt
from receipts.huawei.text_receipt import TextDecisionReceipt, TextReceipt

PREFIX = "huawei:"
RECORDS, STATES, TEXT, DECISION, TEXT_DECISION = "fee", "numStatus", "smsEvent", "decision", "smsDecision"

MESSAGE_TYPES: dict[str, MessageType] = {
    **{kind: MessageType(EventReceipt, calls.CALLS, PREFIX, "session_id", always(kind)) for kind in calls.EVENTS},
    RECORDS: MessageType(
        RecordReceipt, calls.CALLS, PREFIX, "session_id", calls.record_kind, announced=recordings.recorded
    ),
    STATES: MessageType(NumberReceipt, numbers.NUMBERS, "", "number", numbers.kind),
    TEXT: MessageType(TextReceipt, texts.TEXTS, PREFIX, "sms_identifier", texts.kind),
    DECISION: MessageType(DecisionReceipt, calls.CALLS, PREFIX, "session_id", always(calls.DECISION)),
    TEXT_DECISION: MessageType(TextDecisionReceipt, texts.TEXTS, PREFIX, "sms_identifier", always(texts.DECISION)),
}

_BY_ANY_CASE = {name.lower(): (name, message_type) for name, message_type in MESSAGE_TYPES.items()}


def find(name: str) -> tuple[str, MessageType] | None:
    """The name as documented and the message type, whatever the case and the blanks around it; or None."""
    return _BY_ANY_CASE.get(name.strip().lower())
