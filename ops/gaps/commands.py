"""`receipts gaps`. The SDKs are loaded when it runs."""

from __future__ import annotations

import time
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

from ops import options, output
from ops.settings import environment

FOUND = 2
MOST_LISTED = 10_000
MOST_HOURS = 24 * 60
PICTURES = (".html", ".svg")


def gaps_command(
    *,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Calls from then on, by this clock; or 36h, 7d. Default: 7 days, with today."
        ),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Calls before then. Default: now.")] = None,
    settled_hours: Annotated[
        int,
        typer.Option(
            "--settled-hours",
            metavar="HOURS",
            min=1,
            max=MOST_HOURS,
            help="After so many a call has ended and its recording is archived; what is younger is under way.",
        ),
    ] = 4,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="List so many of each; all are counted.")] = 50,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a picture to it: .html, with the lists, or .svg.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="End with exit code 2 if there is a gap.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show ids whole; never in the picture.")] = False,
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """Show what is missing: recordings, ends of calls, hours without calls; and open dead letters.

    An hour is silent if no call of a vendor ended in it, or in a stretch of such hours, although 7 or more usually do
    in the same stretch of other days.
    """
    from ops.gaps import picture as pictures
    from ops.gaps import rows, showing
    from ops.gaps.progress import shown
    from ops.gaps.report import Asked, gathered
    from ops.gaps.window import window
    from ops.problems import Problem

    if picture is not None and picture.suffix not in PICTURES:
        raise typer.BadParameter(f"--picture takes a file that ends in {' or '.join(PICTURES)}")
    asked = Asked(window(since, until, time.time()), settled_hours, limit)
    with shown() as progress:
        report = gathered(environment(local=local), asked, progress)
    if picture is not None:
        try:
            pictures.write(report, picture)
        except OSError as error:
            raise Problem(
                f"{picture} cannot be written ({error.strerror}): name a file in a folder of yours."
            ) from None
        output.aside().print(output.text(f"Written: {picture}"), soft_wrap=True)
    if as_json:
        for row in rows.every(report, reveal=reveal):
            output.json_line(row)
    elif picture is None:
        showing.show(report, output.console(), reveal=reveal)
    if check and any(report.found.values()):
        raise typer.Exit(FOUND)
