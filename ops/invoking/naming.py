"""What a function of the template is called where it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from template.magic import Resolver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def functions(template: Path) -> list[str]:
    """What the template calls its functions, in its order."""
    return list(yaml.safe_load(template.read_text("utf-8"))["resources"])


def deployed_name(function: str, template: Path, env: Mapping[str, str]) -> str:
    """The `functionName` of a resource of the template; any other name as it is.

    Only this one value is resolved: who invokes need not have the settings of who deploys.
    """
    document = yaml.safe_load(template.read_text("utf-8"))
    resource = document["resources"].get(function)
    if resource is None:
        return function
    return str(Resolver(document.get("vars") or {}, env).resolve(resource["props"]["functionName"]))
