"""What `template.yml` wants built: the runtime and the functions' folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ops.problems import Problem
from template.magic import TemplateError
from template.reading import read_template
from template.variables import CODE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Plan(NamedTuple):
    """What is to be built.

    Attributes:
        runtime: the name of the functions' runtime.
        functions: the source folder of each function, by its resource's name.
    """

    runtime: str
    functions: Mapping[str, Path]


def plan(template: Path, environ: Mapping[str, str]) -> Plan:
    """Read the template; settings that a deployment needs may be missing. Raises Problem."""
    # What is built comes from the sources, never from an earlier build.
    given = {name: value for name, value in environ.items() if name != CODE_FOLDER}
    try:
        resources = read_template(template, given, strict=False)["resources"]
    except TemplateError as error:
        raise Problem(f"{template.name}: {error}") from error
    runtimes = {resource["props"]["runtime"] for resource in resources.values()}
    if len(runtimes) != 1:
        raise Problem(f"{template.name}: one layer serves one runtime, and there are {', '.join(sorted(runtimes))}")
    folders = {name: template.parent / resource["props"]["code"] for name, resource in resources.items()}
    return Plan(runtimes.pop(), folders)
