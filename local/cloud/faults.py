"""Planned misbehaviour for a loopback server: what a test asks the cloud to do wrong, and when.

A plan is matched against the operation's name (`BatchWriteRow`, `BatchSendMessage`, ...) in the order the
plans were made, and is used up after `times` matches. Every operation that reaches a server is counted in
`calls`, so a test can assert how often the network was used.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Fault:
    """What a server does wrong in one call. Every field that is set takes effect, in the order below.

    Attributes:
        delay: seconds to wait before the operation is carried out.
        close_before: drop the connection; the operation is not carried out.
        status: answer this HTTP status with error `code`; the operation is not carried out.
        code: the service's error code that goes with `status`, or with each failed part of a batch.
        fail_parts: carry the batch out, except for the parts at these positions, which answer `code`.
        after: called once the operation is committed, before the answer (a test kills a process here).
        close_after: the operation is committed, its answer is lost with the connection.
        hang: the operation is committed, its answer comes after this many seconds (or at `Faults.release`).
        cut: the operation is committed, the connection ends after the answer's headers.
    """

    delay: float = 0.0
    close_before: bool = False
    status: int | None = None
    code: str = "InternalError"
    fail_parts: tuple[int, ...] = ()
    after: Callable[[], None] | None = None
    close_after: bool = False
    hang: float = 0.0
    cut: bool = False


@dataclass
class _Plan:
    operation: str | None
    fault: Fault
    skip: int
    left: int | None


@dataclass
class Faults:
    """The plans of one server, and the count of what was asked of it."""

    calls: Counter[str] = field(default_factory=Counter)
    _plans: list[_Plan] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _released: threading.Event = field(default_factory=threading.Event)

    def plan(self, fault: Fault, *, on: str | None = None, skip: int = 0, times: int | None = 1) -> None:
        """Misbehave in the next calls of operation `on` (None: of any).

        Args:
            fault: what to do wrong.
            on: the operation's name, or None for every operation.
            skip: so many matching calls pass unharmed first.
            times: so many calls are struck after that; None means all of them, until `clear`.
        """
        with self._lock:
            self._plans.append(_Plan(on, fault, skip, times))

    def clear(self) -> None:
        """Forget every plan and let every hanging answer go."""
        with self._lock:
            self._plans.clear()
        self.release()

    def release(self) -> None:
        """Let every answer that hangs at this moment go."""
        self._released.set()
        self._released = threading.Event()

    def strike(self, operation: str) -> Fault | None:
        """Count one call of `operation` and return what is to go wrong in it, if anything."""
        with self._lock:
            self.calls[operation] += 1
            for plan in self._plans:
                if plan.operation not in (None, operation):
                    continue
                if plan.skip:
                    plan.skip -= 1
                    continue
                if plan.left is None:
                    return plan.fault
                plan.left -= 1
                if plan.left == 0:
                    self._plans.remove(plan)
                return plan.fault
        return None

    def pause(self, seconds: float) -> None:
        """Wait as a fault says, or until `release` or `clear` is called."""
        if seconds > 0:
            self._released.wait(seconds)
