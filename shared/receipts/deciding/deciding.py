"""From a question to its answer: by the rule book, or by default."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from receipts.deciding import answers
from receipts.deciding.rules import BadRule, call_rule, text_rule
from receipts.edge.questions import TEXT
from receipts.errors import StoreMisconfigured, StoreUnavailable
from receipts.logs import place

if TYPE_CHECKING:
    from receipts.deadline import Deadline
    from receipts.deciding.answers import Answer
    from receipts.deciding.question import Question
    from receipts.deciding.rule_book import Pages, RuleBook
    from receipts.deciding.settings import DecideSettings

# Why an answer is what it is; docs/contracts.md lists them.
RULE, DEFAULT = "rule", "default"
BAD_QUESTION, BAD_RULE, DOWN = "question unreadable", "rule unreadable", "store down"
UNFORESEEN, NOT_VERIFIED = "unforeseen", "not verified"


class Decision(NamedTuple):
    """An answer, why it is that one (a word of this module), and what is to be mended, without any value."""

    answer: Answer
    because: str
    problem: str = ""
    advice: str = ""


def decided(asked: Question, book: RuleBook, settings: DecideSettings, deadline: Deadline) -> Decision:
    """The answer of the rule book, or the safe one: close the call, discard the text."""
    safe = _safe(asked, settings)
    if not asked.number_x:
        return Decision(safe, BAD_QUESTION, "it names no privacy number", "report it")
    try:
        answer = _ruled(asked, book.about(asked.number_x, asked.party, deadline), settings)
    except BadRule as error:
        return Decision(safe, BAD_RULE, str(error), error.advice)
    except StoreUnavailable as error:
        return Decision(safe, DOWN, str(error), "if it goes on, look at TableStore")
    except StoreMisconfigured as error:
        return Decision(safe, DOWN, str(error), error.advice)
    except Exception as error:  # noqa: BLE001 - whatever fails, the caller is not left waiting
        return Decision(safe, UNFORESEEN, place(error), "report this defect")
    return Decision(safe, DEFAULT) if answer is None else Decision(answer, RULE)


def unproved(asked: Question, settings: DecideSettings, why: str) -> Decision:
    """The safe answer to whoever did not prove who asks: the rule book holds numbers. `why`: what is wrong."""
    return Decision(_safe(asked, settings), NOT_VERIFIED, why, "mend it, then set HUAWEI_AUTH=enforce")


def _safe(asked: Question, settings: DecideSettings) -> Answer:
    return answers.discarded() if asked.kind == TEXT else answers.closed(settings.close_tone, settings.form)


def _ruled(asked: Question, pages: Pages, settings: DecideSettings) -> Answer | None:
    """What the party's own row says, or else everybody's; None where neither says anything. Raises BadRule."""
    if asked.kind == TEXT:
        text = text_rule(pages.own) or text_rule(pages.everybody)
        return None if text is None else answers.to_text(text, asked.calling)
    call = call_rule(pages.own) or call_rule(pages.everybody)
    return None if call is None else answers.to_call(call, settings.form)


def decision_receipt(asked: Question, decision: Decision, at: int) -> bytes:
    """The decision as a receipt of its own: JSON. `at` in epoch milliseconds."""
    name = "smsIdentifier" if asked.kind == TEXT else "sessionId"
    fields = {
        "eventType": "decision",
        name: asked.id,
        "appKey": asked.app_key,
        "decidedAt": at,
        "because": decision.because,
        "answer": decision.answer,
    }
    return json.dumps(fields, separators=(",", ":")).encode()
