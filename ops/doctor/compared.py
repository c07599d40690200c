"""What provisioning found, as the doctor tells it: a line for all that is as declared, and one for each other thing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ops.doctor.lines import ok, warning, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ops.doctor.lines import Line
    from ops.provisioning.looks import Look

PROVISION = "Run `receipts provision`, which makes it."
PUT_RIGHT = "Run `receipts provision`, which puts it right."
MANY = {"index": "indexes"}


def lines(what: str, looks: Iterable[Look]) -> Iterator[Line]:
    """The lines about what was looked at; `what` stands before those that are as declared."""
    good: Counter[str] = Counter()
    for look in looks:
        name = f"{look.kind} {look.name}"
        if look.missing:
            yield wrong(name, "is not there", PROVISION)
        elif look.grave:
            yield wrong(name, look.found, look.do or PUT_RIGHT)
        elif look.found:
            yield warning(name, look.found, look.do)
        else:
            good[look.kind] += 1
    if good:
        told = ", ".join(
            f"{count} {kind if count == 1 else MANY.get(kind, f'{kind}s')}" for kind, count in good.items()
        )
        yield ok(what, f"{told} as declared")
