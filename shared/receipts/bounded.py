"""Waits for something no longer than it is given, whatever it hangs on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, unless that takes more than `seconds`.

    In a thread of its own: a socket's time-out begins again with every byte that arrives, and nothing else can bound
    the look-up of a name. The thread ends with its work, unheard.

    Raises:
        TimeoutError: the time is over; `work` may go on, so what it uses should be left to it.
    """
    came: list[Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            came.append(work())
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that waits
            failed.append(error)

    working = threading.Thread(target=run, name="bounded", daemon=True)
    working.start()
    working.join(seconds)
    if failed:
        raise failed[0]
    if not came:
        raise TimeoutError("no answer in time")
    return came[0]
