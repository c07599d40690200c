"""`receipts dead-letters list|show|replay`. The SDKs are loaded by the command that needs them."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from ops import options, output
from ops.settings import environment
from receipts.errors import BadReceipt

if TYPE_CHECKING:
    from ops.dead_letters.choosing import Choice, Days

REASONS = tuple(sorted(kind.reason for kind in BadReceipt.__subclasses__()))
STATES = ("open", "replayed", "any")

app = typer.Typer(
    no_args_is_help=True,
    help="Look at what came and could not become a row; replay it once its cause is mended.",
    epilog="Example: receipts dead-letters list",
)

Day = Annotated[str | None, typer.Option(metavar="YYYYMMDD", help="Those first seen on this day in China.")]
Since = Annotated[str | None, typer.Option(metavar="YYYYMMDD", help="Those since this day. Default: 7 days.")]
Every = Annotated[bool, typer.Option("--all", help="Those of every day.")]
Reason = Annotated[str | None, typer.Option(metavar="WORD", help=f"Those with it: {', '.join(REASONS)}.")]
Vendor = Annotated[str | None, typer.Option(metavar="NAME", help="Those of a vendor, such as aliyun.")]
Type = Annotated[str | None, typer.Option("--type", metavar="NAME", help="Those sent as it, such as SecretReport.")]
State = Annotated[str, typer.Option(metavar="WORD", help="open, replayed or any.")]


@app.command("list", epilog="Example: receipts dead-letters list --since 20261101 --reason invalid")
def list_command(
    *,
    day: Day = None,
    since: Since = None,
    every: Every = False,
    reason: Reason = None,
    vendor: Vendor = None,
    kind: Type = None,
    state: State = "open",
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """List the letters, newest day first: the open ones of the last 7 days, unless others are asked for."""
    from ops.dead_letters import listing
    from ops.reading import store_of

    choice = _choice(_days(day, since, every=every), reason, vendor, kind, state)
    with store_of(environment(local=local)) as store:
        found = listing.listed(store, choice)
    if as_json:
        for letter in found:
            output.json_line(letter)
    elif found:
        to = output.console()
        to.print(listing.as_table(found, to))
    else:
        _none(choice)


@app.command("show", epilog="Example: receipts dead-letters show 20261120/3f2a91c0 --reveal")
def show_command(
    letter: Annotated[str, typer.Argument(metavar="LETTER_ID", help="The id or its beginning; `day/` may precede it.")],
    *,
    reveal: options.Reveal = False,
    raw: Annotated[bool, typer.Option("--raw", help="Write the exact bytes that came, and nothing else.")] = False,
    local: options.Local = False,
) -> None:
    """Show one letter whole. Of its body names and structure alone, unless --reveal or --raw is given."""
    from ops.dead_letters import choosing, showing
    from ops.dead_letters.letter import body_of, bucket_of, row_of
    from ops.problems import Problem
    from ops.reading import store_of

    env = environment(local=local)
    with store_of(env) as store:
        (name,) = choosing.named(store, [letter])
        row = row_of(store, name)
    if row is None:
        raise Problem(f"The letter {name} was removed this moment.")
    body = body_of(row, bucket_of(env))
    if raw:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        showing.show(name, row, body, output.console(), reveal=reveal)


@app.command("replay", epilog="Example: receipts dead-letters replay --since 20261101 --reason unknown_type")
def replay_command(
    letters: Annotated[
        list[str] | None, typer.Argument(metavar="LETTER_ID", help="Ids or their beginnings; or use filters.")
    ] = None,
    *,
    day: Day = None,
    since: Since = None,
    every: Every = False,
    reason: Reason = None,
    vendor: Vendor = None,
    kind: Type = None,
    as_type: Annotated[
        str | None, typer.Option("--as", metavar="TYPE", help="Read them as this message type instead of theirs.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also those that were replayed before.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    local: options.Local = False,
) -> None:
    """Send letters through the same parsing as if they had just come.

    Those that become rows are marked as replayed; the others stay open, and the reason is noted. It is safe to
    repeat: a receipt that is stored already changes nothing, and an old one moves no row back.

    Exit code 1 if something could not be stored; a letter that is still bad does not count as that.
    """
    from ops.dead_letters import choosing, running
    from ops.reading import store_of

    filters = (day, since, reason, vendor, kind)
    if bool(letters) == (every or any(filters)):
        raise typer.BadParameter("name letters, or say which by --day, --since, --all, --reason, --vendor, --type")
    choice = _choice(_days(day, since, every=every), reason, vendor, kind, "any" if again else "open")
    env = environment(local=local)
    with store_of(env) as store, running.means_of(env, store, again=again, as_type=_known(as_type)) as means:
        names = choosing.named(store, letters) if letters else choosing.chosen(store, choice)
        if not names:
            _none(choice)
            return
        if not (letters or yes):
            many = "1 dead letter" if len(names) == 1 else f"{len(names)} dead letters"
            typer.confirm(f"Replay {many}?", abort=True, err=True)
        done = running.replay_all(names, means)
    running.summarize(done)
    if not running.succeeded(done):
        raise typer.Exit(1)


def _days(day: str | None, since: str | None, *, every: bool) -> Days:
    """The days that are asked for. Raises BadParameter."""
    from ops.dead_letters.choosing import Days, last_days

    if sum((day is not None, since is not None, every)) > 1:
        raise typer.BadParameter("--day, --since and --all exclude each other")
    on, begin = options.day("--day", day), options.day("--since", since)
    if on:
        return Days(on, on)
    return Days(begin) if begin or every else last_days(time.time())


def _choice(days: Days, reason: str | None, vendor: str | None, kind: str | None, state: str) -> Choice:
    """The filters. Raises BadParameter."""
    from ops.dead_letters.choosing import Choice

    options.one_of("--reason", reason, REASONS)
    options.one_of("--state", state, STATES)
    return Choice(days, reason, vendor, kind, state)


def _known(name: str | None) -> str | None:
    """The message type that is meant. Raises BadParameter."""
    from receipts.aliyun import catalogue as aliyun
    from receipts.huawei import catalogue as huawei

    if name is not None and aliyun.find(name) is None and huawei.find(name) is None:
        raise typer.BadParameter(f"--as is one of {', '.join((*aliyun.MESSAGE_TYPES, *huawei.MESSAGE_TYPES))}")
    return name


def _none(choice: Choice) -> None:
    """Say that there are none, and where else to look."""
    first, last = choice.days
    when = "" if first is None else f" of {first}" if first == last else f" since {first}"
    what = "" if choice.state == "any" else f"{choice.state} "
    such = " like that" if any((choice.reason, choice.vendor, choice.type)) else ""
    elsewhere = ["--all looks at every day"] if first else []
    elsewhere += ["--state any at those that were replayed"] if choice.state == "open" else []
    hint = f" ({', '.join(elsewhere)})" if elsewhere else ""
    output.aside().print(output.text(f"There are no {what}dead letters{such}{when}{hint}."), soft_wrap=True)
