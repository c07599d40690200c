"""What the log says of a question."""

from __future__ import annotations

from receipts.deciding import answers
from receipts.deciding.deciding import Decision
from receipts.deciding.decision_line import decision_line
from receipts.deciding.question import Question
from receipts.reporting import Line
from tests.deciding.support import A, X

ASKED = Question("text", "sms-1", "app", X, A, A)
ABOUT = {"kind": "text", "answer": "DiscardMessage", "number_x": "170****0002", "party": "139****0001"}


def test_law_privacy_an_answer_is_told_without_a_number() -> None:
    """By whom it was decided, and between whom: masked."""
    line = decision_line(ASKED, Decision(answers.discarded(), "rule"))
    assert line == Line("info", "question answered", {**ABOUT, "why": "rule"})


def test_an_answer_by_default_says_what_to_mend() -> None:
    """As a warning, with what is wrong and what to do about it."""
    decision = Decision(answers.discarded(), "store down", "busy", "look at TableStore")
    told = {**ABOUT, "why": "store down", "problem": "busy", "do": "look at TableStore"}
    assert decision_line(ASKED, decision) == Line("warning", "question answered by default", told)
