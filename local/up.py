"""`make up`: the loopback cloud and every function, until Ctrl-C.

With `--built` (`make up BUILT=1`) it runs what `make build` has built, on the runtime's own Python.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from rich.console import Console
from rich.table import Table

from local import endpoints
from local.built import built
from local.golden import EVENTS
from local.golden.bodies import Bodies
from local.golden.recordings import SIZE, recordings
from local.stack import PUSH_TOKEN, ROOT, STATE, Stack
from local.vendor import shelve, shelve_told
from receipts.errors import ReceiptsError
from template.magic import TemplateError


def main(arguments: list[str]) -> int:
    """Run until a signal comes; 1 if it cannot start. `--built [PYTHON]`: the built layer and functions."""
    console = Console()
    if endpoints.running():
        console.print(f"[red]It runs already[/] (see {endpoints.FILE}): stop that one first.", soft_wrap=True)
        return 1
    # One that a crash left behind must not be taken for this cloud's.
    endpoints.FILE.unlink(missing_ok=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    STATE.mkdir(exist_ok=True)
    try:
        stack = _stack(arguments)
        with console.status("Starting the loopback cloud and the functions ..."):
            stack.start()
            # So that the recordings of the golden events can be archived.
            bodies = Bodies(EVENTS / "bodies")
            shelve(recordings(bodies), stack.files, stack.pls)
            shelve_told(bodies.huawei("fee"), stack.files, stack.huawei, SIZE)
    except (ReceiptsError, TemplateError) as error:
        console.print(f"[red]Cannot start:[/] {error}", soft_wrap=True)
        return 1
    with endpoints.published(stack.endpoints()):
        _show(console, stack)
        stop.wait()
    with console.status("Stopping ..."):
        stack.stop()
    return 0


def _stack(arguments: list[str]) -> Stack:
    rows, logs = STATE / "tablestore.sqlite3", STATE / "logs"
    if "--built" not in arguments:
        return Stack(database=rows, log_dir=logs)
    named = " ".join(each for each in arguments if each != "--built")
    code = built(ROOT / "build", named, os.environ)
    return Stack(database=rows, log_dir=logs, layer=code.layer, python=code.python, environment=code.environment)


def _show(console: Console, stack: Stack) -> None:
    table = Table("what", "where", box=None, header_style="bold")
    for name, url in stack.host.urls().items():
        table.add_row(name, url)
    table.add_row("Function Compute", stack.fc.endpoint)
    table.add_row("TableStore", stack.tablestore.endpoint)
    table.add_row("MNS", stack.mns.endpoint)
    table.add_row("OSS", stack.oss.endpoint)
    table.add_row("PLS", stack.pls.endpoint)
    table.add_row("Huawei", stack.huawei.endpoint)
    table.add_row("vendor's queues", stack.alicom.mns_endpoint)
    table.add_row("recordings", stack.files.endpoint)
    table.add_row("logs", f"{STATE}/logs/<function>.log")
    table.add_row("all of it", str(endpoints.FILE))
    console.print(table, soft_wrap=True)
    push = f"{stack.host.url('receive')}/aliyun/{PUSH_TOKEN}/SecretReport"
    console.print("Push a receipt from another terminal:")
    console.print(f"  curl --data-binary @events/bodies/SecretReport.push.json {push}", soft_wrap=True)
    console.print(f"Ctrl-C stops it; the rows stay in {STATE}/tablestore.sqlite3.", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
