"""Why an attempt did not end with a copy, and what that means for the next one."""

from __future__ import annotations

from typing import NamedTuple

from receipts.errors import ReceiptsError


class Problem(NamedTuple):
    """One attempt's outcome without a copy.

    Attributes:
        told: what happened, without any link or number; for the row and the log.
        needs_a_person: trying again alone will not mend it.
        vendor_code: what the vendor's API said instead of a link.
        gone: the vendor will never have it again.
    """

    told: str
    needs_a_person: bool = False
    vendor_code: str | None = None
    gone: bool = False


def together(problems: list[Problem]) -> Problem:
    """What all the ways of one attempt came to."""
    return Problem(
        told="; ".join(problem.told for problem in problems),
        needs_a_person=any(problem.needs_a_person for problem in problems),
        vendor_code=next((problem.vendor_code for problem in problems if problem.vendor_code), None),
        gone=any(problem.gone for problem in problems),
    )


class NoRecording(ReceiptsError):
    """A way to the recording that led nowhere: the problem says whether to try again."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.told)
        self.problem = problem
