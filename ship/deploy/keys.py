"""Whether Serverless Devs has keys to the account. They are its own business: here nobody reads what they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from ship.deploy.secrets import KEY_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_THE_ENVIRONMENT = ("AccountID", "AccessKeyID", "AccessKeySecret")
# Where set, it takes this alias in the systems of a CI that it knows.
CI_ALIAS = "serverless_devs_access_cicd_alias_name"
HOME = "serverless_devs_config_home"


class Keys(NamedTuple):
    """Keys that are there.

    Attributes:
        where: in words.
        alias: by which Serverless Devs is told to take them.
        account: the number of their account, where it is told.
    """

    where: str
    alias: str
    account: str | None = None


def find_keys(alias: str, environ: Mapping[str, str]) -> Keys | None:
    """Where Serverless Devs would take its keys from, in its own order, or None."""
    if all(environ.get(name) for name in OF_THE_ENVIRONMENT):
        return Keys("the environment (AccountID, AccessKeyID, AccessKeySecret)", alias, environ["AccountID"])
    known = _aliases(environ)
    for name in filter(None, (environ.get(CI_ALIAS), alias)):
        if name in known:
            return Keys(f"the alias {name} of `s config`", name)
    # Such a variable is an alias by its whole name: the template's `default` does not find it by itself.
    variable = alias + KEY_SUFFIX
    if environ.get(variable):
        return Keys(f"the variable {variable}", variable, _account(environ[variable]))
    return None


def _account(written: str) -> str | None:
    try:
        read = json.loads(written)
    except ValueError:
        return None
    account = read.get("AccountID") if isinstance(read, dict) else None
    return str(account) if account else None


def _aliases(environ: Mapping[str, str]) -> set[str]:
    """The names in its file of keys; the keys themselves are encrypted there and stay so."""
    home = environ.get(HOME) or environ.get("HOME") or "~"
    try:
        read = yaml.safe_load((Path(home).expanduser() / ".s" / "access.yaml").read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return set()
    return set(map(str, read)) if isinstance(read, dict) else set()
