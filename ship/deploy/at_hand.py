"""What must be at hand on the machine that deploys: Serverless Devs, and keys to the account."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from ship.deploy.keys import Keys, find_keys
from ship.deploy.tool import INSTALL
from template.variables import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ship.deploy.target import Target

_KEYS = (
    "run `s config add --AccessKeyID … --AccessKeySecret … --AccountID … -a default`, "
    "or set AccountID, AccessKeyID and AccessKeySecret"
)


class AtHand(NamedTuple):
    """What was found, and one line for each thing that is missing or wrong."""

    keys: Keys | None
    problems: list[str]


def at_hand(target: Target, environ: Mapping[str, str]) -> AtHand:
    """Look for both. Nothing is run, and no key is read."""
    keys = find_keys(target.alias, environ)
    problems = []
    if not shutil.which("s", path=environ.get("PATH")):
        problems.append(f"s: Serverless Devs is not here: {INSTALL}")
    if keys is None:
        problems.append(f"s: has no keys under the alias {target.alias}: {_KEYS}")
    elif keys.account and ACCOUNT not in target.unset and keys.account != target.account:
        problems.append(f"{ACCOUNT}: is {target.account}, but {keys.where} is of {keys.account}. Mend one of them")
    return AtHand(keys, problems)


def with_keys(target: Target, keys: Keys | None) -> Target:
    """The target with the alias that leads to the keys."""
    return target._replace(alias=keys.alias) if keys else target
