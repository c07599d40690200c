"""Examines the services at the same time, each in a thread of its own that nobody waits for longer than was said."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from ops.doctor import refusals
from ops.doctor.lines import wrong
from ops.doctor.probing import Unreached, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ops.doctor.lines import Line


class Service(NamedTuple):
    """One to be examined.

    Attributes:
        name: as people know it.
        address: where it is.
        settings: what leads to it, the setting of the address first.
        check: asks it, once it was reached; raises the errors of its SDK.
    """

    name: str
    address: str
    settings: str
    check: Callable[[], Iterator[Line]]


class Examined:
    """What has come of one service so far.

    Attributes:
        lines: what was found.
        ahead: so many seconds this machine's clock is ahead of the service's; None if that is not known.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.lines: list[Line] = []
        self.ahead: float | None = None

    def run(self, seconds: float, clock: Callable[[], float]) -> None:
        """Reach and ask it; `seconds` for each answer."""
        service = self.service
        try:
            self.ahead = reached(service.address, service.settings.partition(",")[0], seconds, clock).ahead
            for line in service.check():
                self.lines.append(line)
        except Unreached as error:
            self.lines.append(wrong(service.name, error.found, error.do))
        except Exception as error:  # noqa: BLE001 - one check that breaks must not take the others along
            self.lines.append(refusals.line(service.name, service.settings, error))


def examined(
    services: Sequence[Service], seconds: float, clock: Callable[[], float], monotonic: Callable[[], float]
) -> list[Examined]:
    """All of them, in order, after at most `seconds`; a service that is not done by then says so."""
    end = monotonic() + seconds
    each = [Examined(service) for service in services]
    # Half of the time for an answer: there is more than one.
    threads = [threading.Thread(target=one.run, args=(seconds / 2, clock), daemon=True) for one in each]
    for thread in threads:
        thread.start()
    done = []
    for one, thread in zip(each, threads, strict=True):
        thread.join(max(0.0, end - monotonic()))
        if thread.is_alive():
            # What the thread finds from now on is not looked at any more.
            late = Examined(one.service)
            first = one.service.settings.partition(",")[0]
            told = f"no answer within {seconds:g} s"
            late.lines = [
                *one.lines,
                wrong(one.service.name, told, f"Look at the network and its DNS, then at {first}."),
            ]
            done.append(late)
        else:
            done.append(one)
    return done
