"""`receipts doctor`. The SDKs are loaded by the command that needs them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from ops import options, output
from ops.here import is_here
from ops.settings import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.doctor.lines import Line

COLOURS = {"ok": "green", "warning": "yellow", "wrong": "red", "skipped": "dim"}

Function = Annotated[str | None, typer.Option(metavar="NAME", help="Look at what this function needs, and no more.")]
NoWrite = Annotated[bool, typer.Option("--no-write", help="Leave the round trip of a test receipt out.")]
Url = Annotated[
    str | None, typer.Option(metavar="URL", help="Push the test receipt to `receive` at this function URL.")
]
Wait = Annotated[
    float, typer.Option(min=0, max=600, help="Seconds for which the row of the test receipt is waited for.")
]
Timeout = Annotated[float, typer.Option(min=0.5, max=300, help="Seconds after which a service counts as hanging.")]


def doctor(
    *,
    function: Function = None,
    no_write: NoWrite = False,
    url: Url = None,
    wait: Wait = 30.0,
    timeout: Timeout = 20.0,
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """Look at everything that the functions need: settings, clock, services, rights, a test receipt's round trip.

    Changes nothing but that test receipt, which is removed again. Exit code 1 if something is wrong.
    """
    from ops.doctor import examining
    from ops.doctor.functions import FUNCTIONS
    from ops.doctor.lines import WRONG

    if function is not None and function not in FUNCTIONS:
        raise typer.BadParameter(f"--function is one of {', '.join(FUNCTIONS)}")
    if url is not None:
        _check_url(url)
    wanted = examining.Wanted(
        functions=[function] if function else list(FUNCTIONS),
        local=local,
        writes=not no_write,
        url=url or "",
        wait_seconds=wait,
        seconds=timeout,
    )
    lines: list[Line] = []
    to = output.aside()
    # Broken off in the middle, it still removes its test receipt.
    with (
        to.status("Looking ...") as status,
        closing(examining.examined(environment(local=local), wanted, status.update)) as examined,
    ):
        for line in examined:
            lines.append(line)
            if as_json:
                output.json_line(line._asdict())
    if not as_json:
        _show(lines)
    if any(line.state == WRONG for line in lines):
        raise typer.Exit(1)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise typer.BadParameter("--url takes an address that begins with https://")
    if parts.scheme == "http" and not is_here(parts.hostname):
        raise typer.BadParameter("--url must begin with https://: over http the token travels in clear text")


def _show(lines: Sequence[Line]) -> None:
    to = output.console()
    table = output.table("what", "state", "found")
    for line in lines:
        told = output.text(line.found)
        if line.do:
            told.append("\n" if to.width < output.WIDE else " ").append_text(output.text(f"→ {line.do}", "bold"))
        table.add_row(output.text(line.what), output.text(line.state, COLOURS[line.state]), told)
    to.print(table)
    counts = {state: sum(line.state == state for line in lines) for state in COLOURS}
    to.print(output.text(", ".join(f"{count} {state}" for state, count in counts.items() if count)))
