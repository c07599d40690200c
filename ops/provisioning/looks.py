"""What comparing a thing with its declaration came to. Provisioning mends what can be mended; the doctor tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Look(NamedTuple):
    """One thing that is declared, as it was found.

    Attributes:
        kind: what it is, such as `queue`.
        name: which one.
        missing: it is not there.
        found: what differs, with the consequence; empty if nothing does.
        do: what a person does about it; empty if it is mended.
        grave: what differs loses receipts or shows them to strangers; otherwise it may be meant.
        mend: makes it, or puts right what is grave; None where a person has to decide.
    """

    kind: str
    name: str
    missing: bool = False
    found: str = ""
    do: str = ""
    grave: bool = False
    mend: Callable[[], None] | None = None


def made_with_another() -> None:
    """For what is made together with the thing before it."""
