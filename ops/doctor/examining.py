"""The whole examination, in order: settings, clock, services, and the round trip if all it needs is there."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, NamedTuple

from ops.doctor import clock, deployment, refusals, running, services, settings, trip
from ops.doctor.functions import together
from ops.doctor.lines import WRONG, Line, skipped
from ops.doctor.queues import NAME as QUEUES
from ops.doctor.sample import BY_ORDER, Sample
from ops.doctor.tables import NAME as TABLES
from ops.reading import store_of
from ops.settings import OpsSettings
from receipts.edge.settings import push_tokens
from receipts.errors import SettingError
from receipts.store import schema
from receipts.times import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from ops.doctor.running import Examined

TRIP = "round trip"
# What the receipt's way leads through.
ON_THE_WAY = ("receive", "ingest")


class Wanted(NamedTuple):
    """What to examine.

    Attributes:
        functions: the names of those whose needs are looked at.
        local: it is the loopback cloud.
        writes: a test receipt may be sent.
        url: the function URL of `receive`, or empty to put it on the queue.
        wait_seconds: how long its row is waited for.
        seconds: after so many a service counts as hanging.
    """

    functions: list[str]
    local: bool
    writes: bool
    url: str
    wait_seconds: float
    seconds: float


def examined(env: Mapping[str, str], wanted: Wanted, busy: Callable[[str], None]) -> Generator[Line]:
    """Every line, as soon as it is known. `busy` is told what is waited for."""
    yield from settings.lines(wanted.functions, env)
    yield from deployment.lines(wanted.functions, env, local=wanted.local)
    plan = list(services.planned(env, together(wanted.functions), wanted.seconds / 2))
    asked = [one for one in plan if not isinstance(one, Line)]
    busy(f"Asking {', '.join(one.name for one in asked)} ...")
    found = running.examined(asked, wanted.seconds, time.time, time.monotonic)
    yield clock.line(found)
    by_name = {one.service.name: one for one in found}
    for one in plan:
        yield from [one] if isinstance(one, Line) else by_name[one.name].lines
    busy("Waiting for the test receipt ...")
    yield from _trip(env, wanted, found)


def _blocks(settings: OpsSettings, found: Sequence[Examined]) -> list[str]:
    """What is wrong and stands in the way, as its line says; whatever else is wrong, a receipt may arrive."""
    prefix = settings.store.table_prefix
    needed = {TABLES, QUEUES, f"queue {settings.receipts_queue}"}
    needed |= {f"table {prefix}{schema.CALLS.name}", f"index {prefix}{BY_ORDER.name}"}
    return [line.what for one in found for line in one.lines if line.state == WRONG and line.what in needed]


def _trip(env: Mapping[str, str], wanted: Wanted, found: Sequence[Examined]) -> Iterator[Line]:
    if not {*ON_THE_WAY} & {*wanted.functions}:
        return
    if not wanted.writes:
        yield skipped(TRIP, "left out by --no-write", "Run it without, to see a receipt arrive.")
        return
    try:
        means = OpsSettings.read(env)
    except SettingError as error:
        yield skipped(TRIP, f"{error.setting} cannot be read", "Mend what is wrong above.")
        return
    if blocks := _blocks(means, found):
        yield skipped(TRIP, f"{' and '.join(blocks)} would not let it through", "Mend what is wrong above.")
        return
    # The newest, which is the one that the vendor's console is given.
    token = next(reversed(push_tokens(env.get("ALIYUN_PUSH_TOKENS") or "")), "")
    sample = Sample(now_ms(time.time), secrets.token_hex(4))
    try:
        with store_of(env) as store:
            yield from trip.lines(
                sample,
                trip.Means(store, means, wanted.url, token, wanted.wait_seconds, time.time, time.monotonic, time.sleep),
            )
    except Exception as error:  # noqa: BLE001 - told as every other check that breaks
        yield refusals.line(TRIP, "the settings of TableStore and MNS", error)
