"""What is deployed, and where: the template with the environment of whoever deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from ops.function_settings import STAND_INS
from ship.deploy.built import CODE
from ship.deploy.errors import DeployError

# The reader of the local host: what runs on a laptop and what is deployed come from one file, read one way.
from template.functions import HttpTrigger
from template.magic import Resolver, env_names
from template.reading import read_functions
from template.variables import CODE_FOLDER, LAYER_ARN, PLACEHOLDER_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from template.functions import Function

TEMPLATE = "template.yml"


class Target(NamedTuple):
    """One deployment.

    Attributes:
        template: the file.
        document: as it stands, nothing resolved.
        alias: under which Serverless Devs knows the keys.
        component: what deploys, a part of Serverless Devs.
        values: every variable of the template with the value that it is deployed with.
        unset: those that are not set and have no default, or a placeholder for one.
        functions: as they are deployed; with stand-ins for what is not set.
    """

    template: Path
    document: dict[str, Any]
    alias: str
    component: str
    region: str
    account: str
    runtime: str
    values: Mapping[str, str]
    unset: tuple[str, ...]
    functions: list[Function]

    @property
    def pinned_layer(self) -> str | None:
        """The version of the layer that whoever deploys named; None: the one that was built."""
        return None if LAYER_ARN in self.unset else self.values[LAYER_ARN]

    def http_functions(self) -> list[str]:
        """Those that have an address."""
        return [one.name for one in self.functions if any(isinstance(each, HttpTrigger) for each in one.triggers)]


def read_target(root: Path, environ: Mapping[str, str]) -> Target:
    """The deployment that `environ` describes.

    Raises:
        TemplateError: the template itself is wrong.
        DeployError: there is none.
    """
    template = root / TEMPLATE
    if not template.is_file():
        raise DeployError(f"{TEMPLATE} is not here: run this in the project's folder")
    document = yaml.safe_load(template.read_text("utf-8"))
    defaults = env_names(document)
    set_here = {name: environ[name] for name in defaults if environ.get(name)} | {CODE_FOLDER: CODE}
    missing = {name for name, default in defaults.items() if default is None or PLACEHOLDER_ACCOUNT in default}
    values = {
        name: set_here.get(name) or default or STAND_INS.get(name, "stand-in")
        for name, default in defaults.items()
        if default != "" or name in set_here
    }
    variables = Resolver(document["vars"], values).resolve(document["vars"])
    functions = read_functions(template, values)
    return Target(
        template=template,
        document=document,
        alias=str(document["access"]),
        component=variables["component"],
        region=variables["region"],
        account=variables["account"],
        runtime=functions[0].runtime,
        values={**dict.fromkeys(defaults, ""), **values},
        unset=tuple(name for name in defaults if name in missing and name not in set_here),
        functions=functions,
    )


def environment(target: Target, environ: Mapping[str, str], layer_arn: str) -> dict[str, str]:
    """The environment of Serverless Devs: its own, and every variable of the template as it was checked.

    All of them, so that a `.env` beside the template, which Serverless Devs would read, cannot bring in others.
    """
    return {**environ, **target.values, CODE_FOLDER: CODE, LAYER_ARN: layer_arn}
