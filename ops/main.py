"""The `receipts` command: what an operator does beside deploying."""

from __future__ import annotations

from typing import Annotated

import oss2.exceptions
import typer
import urllib3.exceptions
from mns.mns_exception import MNSExceptionBase
from rich.console import Console
from rich.table import Table

from ops.provision import provision
from ops.settings import OpsSettings, environment
from ops.steps import DIFFERENT, MADE
from receipts.errors import ReceiptsError
from receipts.store.sdk import tablestore

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()

Local = Annotated[bool, typer.Option("--local", help="Work on the loopback cloud that `make up` keeps running.")]


@app.callback()
def receipts() -> None:
    """Look after the receipts of privacy numbers."""


@app.command("provision")
def provision_command(*, local: Local = False) -> None:
    """Make the tables, indexes, queues and the bucket that are not there yet. Safe to run again."""
    table = Table("what", "name", "state", box=None, header_style="bold")
    different = 0
    with console.status("Looking at the services ..."):
        for step in provision(OpsSettings.read(environment(local=local))):
            colour = {MADE: "green", DIFFERENT: "red"}.get(step.state, "dim")
            table.add_row(step.kind, step.name, f"[{colour}]{step.state}[/] {step.advice}")
            different += step.state == DIFFERENT
    console.print(table)
    if different:
        raise typer.Exit(1)


def main() -> None:
    """Run the command; an error that was foreseen is one line, not a traceback."""
    try:
        app()
    except ReceiptsError as error:
        _stop(f"{error} ({error.advice})")
    except MNSExceptionBase as error:
        _stop(f"MNS: {error.type}. Look at MNS_ENDPOINT, the keys and the rights of their owner.")
    except oss2.exceptions.RequestError:
        _stop("OSS cannot be reached. Look at OSS_ENDPOINT and the network.")
    except oss2.exceptions.OssError as error:
        code = error.code or type(error).__name__
        _stop(f"OSS: {code}. Look at OSS_ENDPOINT, OSS_BUCKET, OSS_REGION, the keys and their rights.")
    except tablestore.OTSError as error:
        code = getattr(error, "code", type(error).__name__)
        _stop(f"TableStore: {code}. Look at TABLESTORE_ENDPOINT, TABLESTORE_INSTANCE, the keys and their rights.")
    except urllib3.exceptions.HTTPError as error:
        _stop(f"TableStore cannot be reached ({type(error).__name__}). Look at TABLESTORE_ENDPOINT and the network.")


def _stop(message: str) -> None:
    Console(stderr=True).print(f"[red]receipts:[/] {message}", soft_wrap=True)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
