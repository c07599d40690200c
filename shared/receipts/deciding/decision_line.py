"""What the log says of a question: what was asked, what was answered, and why, without any number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.deciding import answers
from receipts.masking import mask
from receipts.reporting import Line

if TYPE_CHECKING:
    from receipts.deciding.deciding import Decision
    from receipts.deciding.question import Question


def decision_line(asked: Question, decision: Decision) -> Line:
    """The line of a question, without its time; a warning if something is to be mended."""
    about: dict[str, object] = {
        "kind": asked.kind,
        "answer": answers.operation(decision.answer),
        "why": decision.because,
        "number_x": mask(asked.number_x),
        "party": mask(asked.party),
    }
    if decision.problem:
        why_not = {"problem": decision.problem, "do": decision.advice}
        return Line("warning", "question answered by default", {**about, **why_not})
    return Line("info", "question answered", about)
