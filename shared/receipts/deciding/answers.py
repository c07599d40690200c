"""The answers as the platform wants them.

Source: Huawei Cloud PrivateNumber, answers to call events and texts in Block mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from receipts.deciding.rules import sent_user_data

if TYPE_CHECKING:
    from receipts.deciding.rules import CallRule, TextRule

Answer = dict[str, object]
Form = Literal["object", "array"]


def to_call(rule: CallRule, form: Form) -> Answer:
    """Connect or close, as the rule says."""
    data = None if rule.user_data is None else sent_user_data(rule.user_data)
    if rule.call == "close":
        return closed(rule.close_tone, form, data)
    info = _told(
        {
            "calleeNum": rule.callee,
            "displayCalleeNum": rule.display_number,
            "maxDuration": rule.max_minutes,
            "waitVoice": rule.wait_tone,
            # Words, unlike the 0 and 1 of call records.
            "recordFlag": "true" if rule.record else "false",
            "recordHintTone": rule.record_tone if rule.record else None,
            "lastMinVoice": rule.last_minute_tone,
            "userData": data,
        }
    )
    return {"operation": "connect", "connectInfo": _formed(info, form)}


def closed(tone: str | None, form: Form, data: str | None = None) -> Answer:
    """End the call, with a tone if there is one."""
    return {"operation": "close", "closeInfo": _formed(_told({"closeHintTone": tone, "userData": data}), form)}


def to_text(rule: TextRule, calling: str) -> Answer:
    """Forward or discard, as the rule says. `calling`: who writes, as the question said."""
    if rule.text == "discard":
        return discarded()
    message = _told({"called": rule.text_receiver, "calling": calling or None})
    return {"actions": [{"operation": "vNumberRoute", "message": message}]}


def discarded() -> Answer:
    """Let the text go nowhere."""
    return {"actions": [{"operation": "DiscardMessage"}]}


def operation(answer: Answer) -> str:
    """In one word what an answer does: `connect`, `close`, `vNumberRoute` (forward) or `DiscardMessage`."""
    actions = answer.get("actions")
    said = actions[0] if isinstance(actions, list) else answer
    return str(said["operation"])


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _formed(info: dict[str, Any], form: Form) -> object:
    return [info] if form == "array" else info
