"""Says what is wrong in a template that the component's own schema lets through."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from template.keys import DOCUMENT, PROPS, RESOURCE, is_number
from template.magic import TemplateError
from template.reading import resolve_template
from template.triggers import trigger_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ENV_BYTES = 4096
_LAYERS = 5
_TRIGGERS = 10  # one page of the vendor says 10, another 50
_RUNTIMES = ("python3.9", "python3.10", "python3.12")
_LAYER_ARN = re.compile(r"acs:fc:[\w-]+:(\d+|official):layers/[\w-]+/versions/\d+")
_ROLE_ARN = re.compile(r"acs:ram::\d+:role/[\w.-]+")
_ACCESS_KEY_ID = re.compile(r"LTAI[0-9A-Za-z]{12,}")
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|APPS$|(^|_)KEY")
_FROM_ENVIRONMENT = re.compile(r"\$\{env\(\s*'\w+'\s*(,\s*''\s*)?\)\}")


def check_template(path: Path, environ: Mapping[str, str]) -> list[str]:
    """Every problem of the template at `path`; empty if there is none. See `check_document`."""
    return check_document(yaml.safe_load(path.read_text("utf-8")), environ, path.parent)


def check_document(document: dict[str, Any], environ: Mapping[str, str], root: Path) -> list[str]:
    """Every problem of a parsed template, each as `place: what is wrong`.

    Args:
        document: as the YAML stands, nothing resolved.
        environ: where `${env('X')}` looks.
        root: the folder that code paths are relative to.
    """
    problems = [*DOCUMENT.problems(document, "template"), *_secrets(document, "template")]
    if "${" in str(document.get("access")):
        problems.append("template.access: magic values are not replaced here")
    try:
        resolved = resolve_template(document, environ)
    except TemplateError as error:
        return [*problems, f"template: {error}"]
    for name, resource in resolved["resources"].items():
        place = f"resources.{name}"
        problems += RESOURCE.problems(resource, place)
        problems += _props(resource["props"], place, root)
    return problems


def _props(props: dict[str, Any], place: str, root: Path) -> Iterator[str]:
    incomplete = list(PROPS.problems(props, place))
    yield from incomplete
    if any(problem.endswith(("is missing", "must be a map")) for problem in incomplete):
        return
    if props["runtime"] not in _RUNTIMES:
        yield f"{place}.runtime: {props['runtime']} is not one of {', '.join(_RUNTIMES)}"
    if not _ROLE_ARN.fullmatch(props["role"]):
        yield f"{place}.role: not the ARN of a role"
    yield from _size(props, place)
    yield from _layers(props.get("layers") or [], place)
    yield from _environment(props.get("environmentVariables") or {}, f"{place}.environmentVariables")
    yield from _handlers(props, place, root)
    yield from _hook_limits(props.get("instanceLifecycleConfig") or {}, place)
    triggers = props.get("triggers") or []
    names = [trigger.get("triggerName") for trigger in triggers]
    if len(triggers) > _TRIGGERS:
        yield f"{place}.triggers: more than {_TRIGGERS}"
    for number, trigger in enumerate(triggers):
        if names.count(names[number]) > 1:
            yield f"{place}.triggers[{number}].triggerName: {names[number]} is there twice"
        yield from trigger_problems(trigger, props, f"{place}.triggers[{number}]")


def _size(props: dict[str, Any], place: str) -> Iterator[str]:
    cpu, memory, timeout = props["cpu"], props["memorySize"], props["timeout"]
    whole_cpu = is_number(cpu, 0.05, 16) and abs(cpu * 20 - round(cpu * 20)) < 1e-6  # noqa: PLR2004 - steps of 0.05
    whole_memory = is_number(memory, 128, 32768) and memory % 64 == 0
    if not whole_cpu:
        yield f"{place}.cpu: {cpu} is not a multiple of 0.05 from 0.05 to 16"
    if not whole_memory:
        yield f"{place}.memorySize: {memory} is not a multiple of 64 from 128 to 32768"
    if whole_cpu and whole_memory and not 1 <= memory / 1024 / cpu <= 4:  # noqa: PLR2004 - GB per vCPU
        yield f"{place}.cpu: {cpu} vCPU with {memory} MB is not between 1:1 and 1:4"
    if not is_number(timeout, 1, 86400):
        yield f"{place}.timeout: {timeout} is not a number from 1 to 86400"
    if props.get("diskSize", 512) not in (512, 10240):
        yield f"{place}.diskSize: must be 512 or 10240"


def _hook_limits(hooks: dict[str, Any], place: str) -> Iterator[str]:
    for name, limit in (("initializer", 300), ("preStop", 90)):
        if name in hooks and not is_number(hooks[name]["timeout"], 1, limit):
            yield f"{place}.instanceLifecycleConfig.{name}.timeout: not from 1 to {limit}"


def _layers(layers: list[str], place: str) -> Iterator[str]:
    if len(layers) > _LAYERS:
        yield f"{place}.layers: more than {_LAYERS}"
    for layer in layers:
        if not _LAYER_ARN.fullmatch(layer):
            yield f"{place}.layers: {layer} is not the ARN of a layer's version"


def _environment(variables: dict[str, Any], place: str) -> Iterator[str]:
    for name, value in variables.items():
        if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) or name.startswith("FC_"):
            yield f"{place}.{name}: not a name that can be set"
        if not isinstance(value, str):
            yield f"{place}.{name}: must be a string"
    if len(json.dumps(variables).encode()) >= _ENV_BYTES:
        yield f"{place}: {_ENV_BYTES} bytes or more in all"


def _handlers(props: dict[str, Any], place: str, root: Path) -> Iterator[str]:
    hooks = props.get("instanceLifecycleConfig") or {}
    handlers = {"handler": props["handler"]}
    handlers |= {f"instanceLifecycleConfig.{name}.handler": hook["handler"] for name, hook in hooks.items()}
    for key, handler in handlers.items():
        module, _, function = handler.rpartition(".")
        source = root / props["code"] / f"{module}.py"
        if not source.is_file():
            yield f"{place}.{key}: there is no {props['code']}/{module}.py"
        elif function not in _top_level_names(source):
            yield f"{place}.{key}: {props['code']}/{module}.py does not define {function}"


def _top_level_names(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(source.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def _secrets(node: Any, place: str) -> Iterator[str]:
    """Secrets come from the environment, with no default or an empty one; an access key id stands nowhere."""
    if isinstance(node, dict):
        for name, value in node.items():
            inner = f"{place}.{name}"
            if ".environmentVariables." in inner and _SECRET_NAME.search(name):
                if not _FROM_ENVIRONMENT.fullmatch(str(value)):
                    yield f"{inner}: a secret must be ${{env('NAME')}}, with no default or an empty one"
            else:
                yield from _secrets(value, inner)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _secrets(item, f"{place}[{number}]")
    elif isinstance(node, str) and _ACCESS_KEY_ID.search(node):
        yield f"{place}: looks like an access key id"
