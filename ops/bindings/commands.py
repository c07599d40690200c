"""`receipts bindings set|list|remove|import`. The SDKs are loaded by the command that needs them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from ops import options, output
from ops.settings import environment

if TYPE_CHECKING:
    from ops.bindings.csv_file import Read

MOST_LISTED = 10000
MOST_TOLD = 20

app = typer.Typer(
    no_args_is_help=True,
    help="The rule book: what becomes of calls and texts to Huawei's privacy numbers in X mode.",
    epilog="Example: receipts bindings list",
)

NumberX = Annotated[str, typer.Argument(metavar="NUMBER_X", help="The privacy number.")]
Party = Annotated[str, typer.Option(metavar="NUMBER", help="Who calls or writes; * for everybody without a row.")]
Insist = Annotated[bool, typer.Option("--insist", help="Take a display number other than X.")]


@app.command("set", epilog="Example: receipts bindings set 17000000002 --call connect --callee 13700000003")
def set_command(
    number_x: NumberX,
    *,
    party: Party = "*",
    call: Annotated[str | None, typer.Option(metavar="WORD", help="Calls: connect or close.")] = None,
    callee: Annotated[str | None, typer.Option(metavar="NUMBER", help="Whom to connect to.")] = None,
    display_number: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="What the callee sees, if not X.")
    ] = None,
    max_minutes: Annotated[str | None, typer.Option(metavar="NUMBER", help="0 to 1440; 0: no limit.")] = None,
    wait_tone: Annotated[str | None, typer.Option(metavar="FILE", help="Tone instead of the ringing.")] = None,
    record: Annotated[bool | None, typer.Option("--record/--no-record", help="Record the call.")] = None,
    record_tone: Annotated[str | None, typer.Option(metavar="FILE", help="Tone that says so; needed.")] = None,
    last_minute_tone: Annotated[str | None, typer.Option(metavar="FILE", help="Tone before the last minute.")] = None,
    user_data: Annotated[str | None, typer.Option(metavar="TEXT", help="Comes back with the call's receipts.")] = None,
    close_tone: Annotated[str | None, typer.Option(metavar="FILE", help="Tone before a call is closed.")] = None,
    text: Annotated[str | None, typer.Option(metavar="WORD", help="Texts: forward or discard.")] = None,
    text_receiver: Annotated[str | None, typer.Option(metavar="NUMBER", help="Whom to forward to.")] = None,
    insist: Insist = False,
    local: options.Local = False,
) -> None:
    """Write the row of a privacy number and a party. It replaces the row: what is not given is gone."""
    told = {name: value for name, value in locals().items() if name not in ("insist", "local")}
    from ops.bindings import writing
    from ops.bindings.binding import binding_of
    from ops.problems import Problem
    from ops.reading import store_of
    from receipts.deciding.rules import BadRule

    try:
        made = binding_of(told, insist=insist)
    except BadRule as error:
        raise Problem(str(error)) from None
    if made.shows_another:
        _warn_of_display(1)
    with store_of(environment(local=local)) as store:
        counts = writing.put_all(store, [made])
    output.console().print("The row said so already." if counts.same else "The row is written.")


@app.command("list", epilog="Example: receipts bindings list --number 17000000002")
def list_command(
    *,
    number: Annotated[str | None, typer.Option(metavar="NUMBER", help="Those of a privacy number X.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="No more than these.")] = 200,
    reveal: options.Reveal = False,
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """List the rows, by privacy number and party."""
    from ops.bindings import listing
    from ops.reading import store_of

    number_x = None if number is None else _number(number)
    with store_of(environment(local=local)) as store:
        found = listing.rows(store, number_x, limit)
    if as_json:
        for row in found:
            output.json_line(row if reveal else listing.hidden(row))
        return
    to = output.console()
    if not found:
        output.aside().print("There are no such rows: every call is closed, every text discarded.", soft_wrap=True)
        return
    to.print(listing.as_table(found, to, reveal=reveal))
    if len(found) == limit:
        output.aside().print(f"These are the first {limit}; --limit shows more.", soft_wrap=True)


@app.command("remove", epilog="Example: receipts bindings remove 17000000002 --party 13900000001")
def remove_command(
    number_x: NumberX,
    *,
    party: Annotated[str | None, typer.Option(metavar="NUMBER", help="The row of this party; * is one.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every row of the privacy number.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    local: options.Local = False,
) -> None:
    """Remove the row of a party, or every row of a privacy number."""
    from ops.bindings import listing
    from ops.bindings.binding import PARTY
    from ops.reading import store_of
    from ops.removing import remove
    from receipts.deciding.rule_book import key
    from receipts.store import schema

    if every == (party is not None):
        raise typer.BadParameter("say one of --party and --all")
    number, wanted = _number(number_x), None if party is None else _party(party)
    with store_of(environment(local=local)) as store:
        there = [str(row[PARTY]) for row in listing.rows(store, number, MOST_LISTED)]
        parties = [one for one in there if wanted in (None, one)]
        if not parties:
            output.aside().print("There is no such row.")
            return
        if every and not yes:
            typer.confirm(f"Remove {len(parties)} rows?", abort=True, err=True)
        for one in parties:
            remove(store, schema.BINDINGS, key(number, one))
    output.console().print("1 row removed." if len(parties) == 1 else f"{len(parties)} rows removed.")


@app.command("import", epilog="Example: receipts bindings import rules.csv --dry-run")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV in UTF-8; its first line names the columns.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look at it and at what would change; write nothing.")
    ] = False,
    insist: Insist = False,
    local: options.Local = False,
) -> None:
    """Write the rows of a file, each as `set` does. All of it is looked at before the first row is written.

    Columns are those of the table: number_x, party, and any of the others. Rows that are not in the file stay. It is
    safe to repeat.
    """
    from ops.bindings import csv_file, writing
    from ops.reading import store_of

    told = csv_file.read(file, insist=insist)
    if told.wrong:
        _tell_wrong(told)
        raise typer.Exit(1)
    others = sum(made.shows_another for made in told.bindings)
    if others:
        _warn_of_display(others)
    with store_of(environment(local=local)) as store:
        counts = writing.put_all(store, told.bindings, dry=dry_run)
    said = f"{counts.new} new, {counts.changed} changed, {counts.same} as they were."
    output.console().print(f"Nothing is written. It would be: {said}" if dry_run else said)


def _tell_wrong(told: Read) -> None:
    to = output.aside()
    for line, column, what in told.wrong[:MOST_TOLD]:
        to.print(output.text(f"Line {line}{f', {column}' if column else ''}: {what}"), soft_wrap=True)
    more = len(told.wrong) - MOST_TOLD
    to.print(f"{f'And {more} more. ' if more > 0 else ''}Nothing is written.")


def _warn_of_display(rows: int) -> None:
    many = "1 row shows" if rows == 1 else f"{rows} rows show"
    said = f"{many} the callee another number than X: carriers block such calls unless Huawei has agreed to it."
    output.aside().print(output.text(said, "yellow"), soft_wrap=True)


def _number(written: str) -> str:
    """The privacy number in the one form. Raises BadParameter."""
    from receipts.deciding.numbers import normal

    number = normal(written)
    if not number:
        raise typer.BadParameter("that is no number")
    return number


def _party(written: str) -> str:
    from receipts.deciding.rules import EVERYBODY

    return EVERYBODY if written.strip() == EVERYBODY else _number(written)
