"""Runs the demo: cloud up, a shuffled day pushed and queued, rows read back and held against what must come of it."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from local.demo import showing
from local.demo.archived import damaged
from local.demo.asking import decide, undecided
from local.demo.notifying import notify, untold
from local.demo.pushing import OK, Answered, send
from local.demo.queueing import Depth, depths, put, untaken
from local.demo.reading import Tables, missing, read_all, unarchived
from local.stack import PUSH_TOKEN, TIME_SCALE, Stack
from local.story import story
from local.story.huawei import asked, huawei_day, with_both, with_question
from local.vendor import shelve, shelve_huawei
from ops.settings import OpsSettings
from receipts.errors import ReceiptsError
from receipts.store.client import opened
from receipts.times import CHINA
from template.magic import TemplateError

if TYPE_CHECKING:
    from local.demo.asking import Decided
    from local.demo.notifying import Notified
    from local.story import Push, Story
    from local.story.huawei import HuaweiDay

SEED, CALLS, HUAWEI_CALLS = 20261120, 40, 12
MOST_SECONDS = 60.0
# The files are there already: nothing is gained by waiting for them as one does for the vendor's.
ENVIRONMENT = {"ALIYUN_URL_DELAY_SECONDS": "0"}
LOOK_SECONDS = 0.2
LOGS = ("receive", "decide", "ingest", "poll", "archive")


class Found(NamedTuple):
    """What there is once the time is over, or everything is as it must be, and what is not."""

    tables: Tables
    queues: list[Depth]
    problems: list[str]


class Sent(NamedTuple):
    """What the vendors sent, and what they were answered."""

    answers: list[Answered]
    notified: list[Notified]
    decided: Decided


def main() -> int:
    """Run it; 1 if anything that the story promises is missing."""
    console = Console()
    try:
        return _run(console)
    except (ReceiptsError, TemplateError) as error:
        console.print(f"[red]Cannot run:[/] {error}")
        return 1


def _run(console: Console) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with tempfile.TemporaryDirectory() as folder, Progress(*columns, console=console) as progress:
        starting = progress.add_task("starting the loopback cloud and the functions", total=1)
        stack = Stack(
            database=Path(folder) / "tablestore.sqlite3",
            log_dir=Path(folder) / "logs",
            # The minute from poll to poll passes as fast as everything else of the platform's.
            timer_scale=TIME_SCALE,
            environment=ENVIRONMENT,
        )
        with stack:
            progress.advance(starting)
            # Of yesterday, so that no recording counts as deleted by the vendor.
            yesterday = datetime.now(CHINA).date() - timedelta(days=1)
            day = story(SEED, CALLS, by_queue=True, link=stack.files.url, day=yesterday)
            shelve(day.recordings, stack.files, stack.pls)
            put(stack.alicom, day.queued)
            huawei = with_question(huawei_day(SEED, HUAWEI_CALLS, link=stack.files.url, day=yesterday), yesterday)
            question = asked(yesterday)
            shelve_huawei(huawei.recordings, stack.files, stack.huawei)
            day = day._replace(expected=with_both(day.expected, huawei))
            answers = _push(stack, day.pushes, progress)
            notified = _notify(stack, huawei, progress)
            decided = decide(stack, OpsSettings.read(stack.environment()), question)
            notified += decided.notified
            found = _wait(stack, day, progress)
            problems = found.problems + untold(notified) + undecided(decided, question)
            problems += damaged(stack, [*day.recordings, *huawei.recordings], found.tables)
            logs = {name: stack.host.log(name) for name in LOGS}
    return _report(console, day, Sent(answers, notified, decided), found._replace(problems=problems), logs)


def _push(stack: Stack, pushes: list[Push], progress: Progress) -> list[Answered]:
    task = progress.add_task("pushing receipts, shuffled, some twice", total=len(pushes))
    answers = []
    for answer in send(stack.host.url("receive"), PUSH_TOKEN, pushes):
        answers.append(answer)
        progress.advance(task)
    return answers


def _notify(stack: Stack, day: HuaweiDay, progress: Progress) -> list[Notified]:
    task = progress.add_task("pushing Huawei's notifications, shuffled, some twice", total=len(day.notifications))
    notified = []
    for one in notify(stack, day.notifications):
        notified.append(one)
        progress.advance(task)
    return notified


def _wait(stack: Stack, day: Story, progress: Progress) -> Found:
    settings, expected = OpsSettings.read(stack.environment()), day.expected
    polling = progress.add_task("polling the vendor's queues", total=len(day.queued))
    joining = progress.add_task("joining receipts into rows", total=len(expected.calls))
    archiving = progress.add_task("archiving recordings", total=len(expected.recordings))
    deadline = time.monotonic() + MOST_SECONDS
    with opened(settings.store, settings.keys) as reader:
        while True:
            tables, queues = read_all(reader, settings.store.table_prefix), depths(stack.alicom, day.queued)
            problems = untaken(queues) + missing(tables, expected) + unarchived(tables, expected)
            progress.update(polling, completed=len(day.queued) - sum(queue.left for queue in queues))
            progress.update(joining, completed=len(tables.calls))
            progress.update(archiving, completed=sum(row["state"] == "archived" for row in tables.recordings))
            if not problems or time.monotonic() > deadline:
                return Found(tables, queues, problems)
            time.sleep(LOOK_SECONDS)


def _report(console: Console, day: Story, sent: Sent, found: Found, logs: dict[str, str]) -> int:
    console.print(
        showing.calls(found.tables),
        showing.recordings(found.tables),
        showing.dead_letters(found.tables),
        showing.acknowledgements(sent.answers),
        showing.queues(found.queues),
    )
    console.print(f"[bold]Receipts of Aliyun:[/] {showing.ways(day.ways, found.queues)}")
    console.print(f"[bold]Notifications of Huawei:[/] {showing.notifications(sent.notified)}")
    console.print(f"[bold]Question of Huawei:[/] {showing.decision(sent.decided)}")
    console.print(f"[bold]Rows:[/] {showing.counts(found.tables)}")
    refused = [answer for answer in sent.answers if answer.status != OK]
    problems = found.problems + [
        f"push of {answer.push.message_type} was answered {answer.status}" for answer in refused
    ]
    if problems:
        console.print(f"[bold red]{len(problems)} things are not as they must be:[/]", *problems[:10], sep="\n  ")
        for name, log in logs.items():
            console.print(f"end of the log of {name}\n{log[-2000:]}", markup=False, highlight=False)
        return 1
    console.print(
        "[bold green]Everything that was pushed or queued is there, once; every recording is in the bucket, byte for"
        " byte.[/]"
    )
    console.print(
        "Next: [bold]make up[/] keeps the cloud running, [bold]make invoke F=receive"
        " E=events/receive/SecretReport.json[/] tries one event, README.md says how to deploy,"
        " docs/data-model.md what the columns mean."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
