"""`receipts invoke`. The host and the SDKs are loaded only where they are needed."""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from ops import options, output
from ops.settings import environment

if TYPE_CHECKING:
    from ops.invoking.outcome import How, Outcome

# Longer than any function of the template may take, its start included.
TIMEOUT_SECONDS = 400.0
MOST_SECONDS = 86400.0
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_$.-]{0,127}")


def invoke_command(
    function: Annotated[str, typer.Argument(metavar="FUNCTION", help="As in template.yml; with --remote any other.")],
    event: Annotated[Path, typer.Option("--event", "-e", metavar="FILE", help="The event, as a trigger sends it.")],
    *,
    remote: Annotated[
        bool, typer.Option("--remote", help="The deployed function, instead of one started here.")
    ] = False,
    service: Annotated[
        str | None, typer.Option(metavar="NAME", help="An existing service of FC 2.0; FUNCTION is its name there.")
    ] = None,
    qualifier: Annotated[str | None, typer.Option(metavar="NAME", help="Version or alias, if not LATEST.")] = None,
    asynchronous: Annotated[bool, typer.Option("--async", help="Do not wait for the answer; at most 128 KB.")] = False,
    timeout: Annotated[
        float | None, typer.Option(min=1, max=MOST_SECONDS, metavar="SECONDS", help="How long to wait for the answer.")
    ] = None,
    as_json: options.Json = False,
    local: options.Local = False,
) -> None:
    """Invoke one function with one event, once: it is never repeated, since an event may have effects.

    Without --remote the function is started here, on the cloud that `make up` keeps running or, without one, on a
    cloud of its own. Ends with 1 if the function failed.
    """
    from ops.invoking import event_file, showing
    from ops.invoking.outcome import How
    from ops.problems import Problem

    if not remote and (service or qualifier or asynchronous or timeout):
        raise typer.BadParameter("--service, --qualifier, --async and --timeout are for --remote")
    for name in (function, service, qualifier):
        if name is not None and not _NAME.fullmatch(name):
            raise typer.BadParameter("names hold letters, digits and _ $ . - only")
    sent = event_file.read(event, asynchronous=asynchronous)
    if not event_file.is_json(sent):
        said = f"{event} is not JSON. It goes as it is; only a topic trigger in STREAM format sends such events."
        output.aside().print(output.text(said, "yellow"), soft_wrap=True)
    env = environment(local=local)
    with output.aside().status(f"Invoking {function} ..."):
        if remote:
            outcome = _remote(function, service, sent, env, How(qualifier, asynchronous, timeout or TIMEOUT_SECONDS))
        else:
            outcome = _here(function, sent)
    if as_json:
        output.json_line(showing.as_json(function, outcome))
    else:
        showing.show(outcome, output.console())
    if outcome.error_type:
        said = f"The function failed ({outcome.error_type}): its own report says why"
        raise Problem(f"{said}, and docs/troubleshooting.md goes through the usual causes.")


def _here(function: str, event: bytes) -> Outcome:
    from ops.invoking import at_home

    return at_home.invoke(function, event)


def _remote(function: str, service: str | None, event: bytes, env: dict[str, str], how: How) -> Outcome:
    from ops.invoking import fc2, fc3
    from ops.invoking.place import Place
    from ops.invoking.refusals import Asked
    from template.reading import TEMPLATE, deployed_name

    place = Place.read(env)
    if service is not None:
        # A service of 2.0 was not made from this template: there the function has a name of its own.
        return fc2.invoke(Asked(place, service, function, how), event)
    return fc3.invoke(Asked(place, None, deployed_name(function, TEMPLATE, env), how), event)
