"""Why a call came to nothing: a vendor's code as an outcome and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from receipts.domain.call import Outcome

BUSY: Outcome = "busy"
NO_ANSWER: Outcome = "no_answer"
REJECTED: Outcome = "rejected"
UNREACHABLE: Outcome = "unreachable"
BLOCKED: Outcome = "blocked"
UNBOUND: Outcome = "unbound"
FAILED: Outcome = "failed"


class Cause(NamedTuple):
    """One code: the outcome of a call that nobody answered, and its words."""

    outcome: Outcome
    chinese: str
    english: str

    @property
    def words(self) -> str:
        """Both languages, as the column `release_text` holds them."""
        return f"{self.english} ({self.chinese})"
