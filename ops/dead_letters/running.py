"""Replays many letters one by one, shows how far it is, and says what came of it."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from rich.progress import Progress

from ops import output, problems
from ops.dead_letters.letter import fetching
from ops.dead_letters.replaying import BAD, BEFORE, Means, replay
from ops.settings import OpsSettings
from receipts.errors import ReceiptsError
from receipts.intake.pipeline import Stores
from receipts.journal.bucket import Bucket
from receipts.journal.queue import Queue
from receipts.recordings.jobs import Jobs
from receipts.recordings.settings import RecordingRules
from receipts.settings import QueueSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ops.dead_letters.choosing import Name
    from ops.reading import Store

# A service that fails so often in a row is down: the others would only wait for it, too.
MOST_FAILURES = 3
FAILED, LEFT = "failed", "not tried"
MOST_TOLD = 20


class Told(NamedTuple):
    """What came of one letter."""

    name: Name
    verdict: str
    told: str
    reason: str = ""


@contextlib.contextmanager
def means_of(env: Mapping[str, str], store: Store, *, again: bool, as_type: str | None) -> Iterator[Means]:
    """What the environment gives to replay with. Raises SettingError."""
    settings = OpsSettings.read(env)
    where = QueueSettings.read(env)
    bucket = Bucket(settings.bucket, time.time)
    jobs = Jobs(Queue(where.endpoint, where.name, time.time), settings.keys, time.time, time.monotonic)
    try:
        yield Means(
            store=store,
            stores=Stores(store.rows, jobs, RecordingRules.read(env)),
            bucket=bucket,
            keys=settings.keys,
            fetch=fetching(bucket, settings.keys),
            again=again,
            as_type=as_type,
            clock=time.time,
        )
    finally:
        jobs.close()
        bucket.close()


def replay_all(names: Sequence[Name], means: Means) -> list[Told]:
    """What came of each, in order. Ctrl-C and a service that is down leave the rest untried."""
    done: list[Told] = []
    to = output.aside()
    with Progress(console=to, transient=True, disable=not to.is_terminal) as progress:
        task = progress.add_task("Replaying", total=len(names))
        with contextlib.suppress(KeyboardInterrupt):
            for name in names:
                done.append(_one(name, means))
                progress.advance(task)
                if [one.verdict for one in done[-MOST_FAILURES:]] == [FAILED] * MOST_FAILURES:
                    break
    return done + [Told(name, LEFT, "") for name in names[len(done) :]]


def succeeded(done: Sequence[Told]) -> bool:
    """Whether every letter could be tried, and what it told be stored: one that is bad still has been tried."""
    return not any(one.verdict in (FAILED, LEFT) for one in done)


def summarize(done: Sequence[Told]) -> None:
    """Write how many letters came to what, and each that needs a person."""
    to = output.console()
    counts = output.table("what came of it", "letters", right=("letters",))
    for (verdict, reason), count in sorted(Counter((one.verdict, one.reason) for one in done).items()):
        counts.add_row(output.text(f"{verdict}: {reason}" if reason else verdict), str(count))
    troubled = [one for one in done if one.verdict in (BAD, FAILED)]
    if len(done) == 1 or troubled:
        each = output.table("letter", "what came of it")
        for one in (troubled or done)[:MOST_TOLD]:
            each.add_row(output.text(f"{one.name.day}/{one.name.letter_id[:8]}"), output.text(one.told or one.verdict))
        to.print(each)
        if len(troubled) > MOST_TOLD:
            to.print(output.text(f"and {len(troubled) - MOST_TOLD} more"))
        to.print()
    to.print(counts)
    if any(one.verdict == BEFORE for one in done):
        to.print(output.text("--again replays those, too, that were replayed before."))


def _one(name: Name, means: Means) -> Told:
    try:
        return Told(name, *replay(name, means))
    except ReceiptsError as error:
        return Told(name, FAILED, problems.told(error) or str(error))
