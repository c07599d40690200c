"""MNS: queues as declared, and nothing in those of dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor import compared
from ops.doctor.lines import ok, warning
from ops.provisioning import queues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.doctor.lines import Line
    from ops.provisioning.queues import Declared
    from receipts.credentials import Credentials

NAME = "MNS"
SETTINGS = "MNS_ENDPOINT"
DEAD = "Mend what the logs of {taker} tell of them, then move them back: docs/troubleshooting.md, “Rows do not appear”."


def check(endpoint: str, keys: Credentials, wanted: Sequence[Declared], seconds: float) -> Iterator[Line]:
    """The lines about these queues. Raises the SDK's errors."""
    with queues.opened(endpoint, keys, seconds) as account:
        yield from compared.lines("queues", (queues.look(account, queue) for queue in wanted))
        for queue in wanted:
            found = queues.found(account, queue.name) if queue.dead else None
            if found is not None:
                what = f"dead letters in {queue.name}"
                if found.messages:
                    yield warning(
                        what, f"{found.messages} messages that no try could store", DEAD.format(taker=queue.taker)
                    )
                else:
                    yield ok(what, "none")
