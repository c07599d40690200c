"""`make invoke F=receive E=events/….json`: one function, one event, and what came of it.

With `make up` running, the function works on that cloud; otherwise on one that lives as long as this.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from local import endpoints, roles
from local.golden import EVENTS
from local.golden.bodies import Bodies
from local.golden.recordings import SIZE, recordings
from local.host.host import Host
from local.host.magic import TemplateError
from local.host.template import read_functions
from local.stack import LAYER, STATE, TEMPLATE, Stack
from local.vendor import shelve, shelve_told
from ops.settings import environment as ops_environment
from receipts.errors import ReceiptsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.host.result import Result

USAGE = (
    "usage: make invoke F=<function> E=<file>, for example: make invoke F=receive E=events/receive/SecretReport.json"
)


def main(arguments: list[str]) -> int:
    """Invoke and print; 1 if the function failed or could not be invoked."""
    console = Console()
    if len(arguments) != 2 or not all(arguments):  # noqa: PLR2004 - function and event
        console.print(USAGE)
        return 1
    name, event = arguments[0], Path(arguments[1])
    if not event.is_file():
        console.print(f"[red]No such file:[/] {event}. The events that come with the project are in events/.")
        return 1
    try:
        with _host(name) as host:
            before = len(host.log(name))
            result = host.invoke(name, event.read_bytes())
            log = host.log(name)[before:]
    except KeyError:
        console.print(f"[red]No function {name} in template.yml.[/]")
        return 1
    except (ReceiptsError, TemplateError) as error:
        console.print(f"[red]Cannot start:[/] {error}")
        return 1
    _show(console, result, log)
    return 0 if result.ok else 1


@contextlib.contextmanager
def _host(name: str) -> Iterator[Host]:
    STATE.mkdir(exist_ok=True)
    if endpoints.running() is None:
        with Stack(database=STATE / "tablestore.sqlite3", log_dir=STATE / "logs") as stack:
            bodies = Bodies(EVENTS / "bodies")
            shelve(recordings(bodies), stack.files, stack.pls)
            shelve_told(bodies.huawei("fee"), stack.files, stack.huawei, SIZE)
            yield stack.host
        return
    settings = {**ops_environment(local=True), "POLL_WAIT_SECONDS": "0"}
    # Its triggers are left to the cloud that runs: this host only answers the one invocation.
    chosen = [function for function in read_functions(TEMPLATE, settings) if function.name == name]
    with Host(chosen, layer_paths=[LAYER], environments=roles.environments([name]), log_dir=STATE / "logs") as host:
        yield host


def _show(console: Console, result: Result, log: str) -> None:
    console.print(f"[bold]request[/]  {result.request_id}   {result.milliseconds:.0f} ms, cold: {result.cold}")
    try:
        console.print_json(json.dumps(json.loads(result.payload)))
    except ValueError:
        console.print(result.payload.decode("utf-8", "replace"))
    if log:
        console.print("[bold]log[/]")
        console.print(log.rstrip(), soft_wrap=True, markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
