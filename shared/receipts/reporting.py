"""How a function tells of its work in the log: how long it took, what came of a thing, and why it broke off."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple

from receipts.errors import Defect, ReceiptsError
from receipts.logs import milliseconds, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from receipts.logs import Log


class Line(NamedTuple):
    """A line of the log as somebody decided it, before it is written: its level, its event, what it tells."""

    level: Literal["info", "warning"]
    event: str
    fields: Mapping[str, object]


def tell(log: Log, line: Line, request_id: str, **fields: object) -> None:
    """Write the line, with `fields` after its own."""
    write = log.warning if line.level == "warning" else log.info
    write(line.event, request_id, **line.fields, **fields)


def stopwatch(monotonic: Callable[[], float]) -> Callable[[], int]:
    """A watch that runs from now on: each call gives the milliseconds since. `monotonic`: a clock in seconds."""
    started = monotonic()
    return lambda: milliseconds(monotonic() - started)


@contextmanager
def broken_off(log: Log, event: str, request_id: str, took: Callable[[], int], **fields: object) -> Iterator[None]:
    """Around a function's work: what breaks it off is logged as a warning, and raised, so that the platform knows.

    Args:
        log: where to.
        event: what the line is called.
        request_id: the platform's id of the invocation.
        took: gives the milliseconds since the work began.
        fields: what the line has besides `why`, `do` and `ms`.

    Raises:
        ReceiptsError: whatever error of this package the work raises, as it is.
        Defect: in place of any other error, with its kind and place only: the runtime writes the message of what is
            raised into the log, and that of a foreign error may hold a link, a number or a part of a receipt.
    """
    try:
        yield
    except ReceiptsError as error:
        log.warning(event, request_id, why=str(error), do=error.advice, **fields, ms=took())
        raise
    except Exception as error:  # noqa: BLE001 - raised again, without its message
        why = place(error)
        log.warning(event, request_id, why=why, do="report this defect", **fields, ms=took())
        raise Defect(why) from None
