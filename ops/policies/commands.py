"""`receipts policies`: the RAM policies, ready to be given to RAM."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from ops.policies.documents import TRUST, document, filled, names


def policies_command(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One of them; none: list their names.")] = None,
) -> None:
    """Print a RAM policy, with the names of the environment in place of its placeholders."""
    from ops.policies.values import values

    if name is None:
        sys.stdout.write("\n".join([*names(), TRUST]) + "\n")
        return
    found = document(name)
    # Who may take a role on is the same for everybody.
    whole = found if name == TRUST else filled(found, values(os.environ))
    sys.stdout.write(json.dumps(whole, indent=2) + "\n")
