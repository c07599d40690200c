"""`receipts calls show|find`. The SDKs are loaded by the command that needs them."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from ops import options, output
from ops.settings import environment

MOST_FOUND = 1000

app = typer.Typer(
    no_args_is_help=True,
    help="What became of a call, and which calls there were.",
    epilog="Example: receipts calls find --order order-1",
)


@app.command("show", epilog="Example: receipts calls show 7b3d90c4e1f20a01")
def show_command(
    call_id: Annotated[
        str, typer.Argument(metavar="CALL_ID", help="The vendor's id, with or without `aliyun:` or `huawei:`.")
    ],
    *,
    reveal: options.Reveal = False,
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """Show one call: parties, what happened when, outcome, recordings, transcript."""
    from ops.calls import showing
    from ops.calls.rows import call_ids_of
    from ops.problems import Problem
    from ops.reading import store_of

    with store_of(environment(local=local)) as store:
        looked_up = (showing.known(store, each) for each in call_ids_of(call_id))
        rows = next((rows for rows in looked_up if rows is not None), None)
    if rows is None:
        raise Problem(
            f"There is no call {call_id}. `receipts calls find` looks for it by order, binding or number; if its "
            "receipts came, look at `receipts dead-letters list`."
        )
    if as_json:
        output.json_line(showing.as_json(rows, reveal=reveal))
    else:
        showing.show(rows, output.console(), reveal=reveal)


@app.command("find", epilog='Example: receipts calls find --number 17000000002 --since "2026-11-20 12:00"')
def find_command(
    *,
    order: Annotated[str | None, typer.Option(metavar="ID", help="Those of an order (OutId).")] = None,
    binding: Annotated[str | None, typer.Option(metavar="ID", help="Those of a binding (SubId).")] = None,
    number: Annotated[str | None, typer.Option(metavar="NUMBER", help="Those of a privacy number X.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Begun at or after: by this clock, or 7d, 36h.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Begun before: by this clock, or 7d, 36h.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_FOUND, help="No more than these.")] = 50,
    reveal: options.Reveal = False,
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """Find the calls of an order, a binding or a privacy number, newest first."""
    from ops.calls import finding
    from ops.calls.rows import hidden
    from ops.reading import store_of

    asked = {"order_id": order, "binding_id": binding, "number_x": number}
    given = [(column, value) for column, value in asked.items() if value]
    if len(given) != 1:
        raise typer.BadParameter("say one of --order, --binding and --number")
    now = time.time()
    between = options.moment("--since", since, now), options.moment("--until", until, now)
    with store_of(environment(local=local)) as store:
        calls = finding.found(store, finding.Question(*given[0], *between, limit))
    if as_json:
        for call in calls:
            output.json_line(call if reveal else hidden(call))
        return
    to = output.console()
    if not calls:
        said = "There are no such calls: an id and a number are written as the vendor sends them."
        output.aside().print(said, soft_wrap=True)
        return
    to.print(finding.as_table(calls, to, reveal=reveal))
    if len(calls) == limit:
        output.aside().print(f"These are the newest {limit}; --limit shows more, --until older ones.", soft_wrap=True)
