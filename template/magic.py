"""The magic values of Serverless Devs in parsed YAML: `${vars.x}`, `${env('X', 'default')}`, `${env('X', vars.x)}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC = re.compile(r"\$\{([^}]*)\}")
_PATH = r"vars(?:\.[\w-]+)+"
_ENV = re.compile(
    rf"""env\(\s*['"](?P<name>[^'"]+)['"]\s*(?:,\s*(?:['"](?P<default>[^'"]*)['"]|(?P<vars>{_PATH}))\s*)?\)"""
)
_VARS = re.compile(_PATH)


class TemplateError(ValueError):
    """The template cannot be resolved; the message names the variable or the place."""


def env_names(node: Any) -> dict[str, str | None]:
    """Every `env()` in a parsed document, in its order: the variable's name and its default, None for none.

    One whose default is another variable of the template may be left empty: that is then its value.
    """
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        found: dict[str, str | None] = {}
        for inner in node:
            found |= env_names(inner)
        return found
    expressions = (_ENV.fullmatch(magic.strip()) for magic in _MAGIC.findall(str(node)))
    return {env["name"]: "" if env["vars"] else env["default"] for env in expressions if env}


class Resolver:
    """Replaces the magic values of one document.

    Args:
        variables: the document's `vars`.
        environ: where `env()` looks; an empty variable counts as one that is not set, as it does there. One without
            a value and without a default is remembered in `missing` and stands as an empty string, so that one run
            names all of them.
    """

    def __init__(self, variables: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self._variables = variables
        self._environ = environ
        self._open: list[str] = []
        self.missing: list[str] = []

    def resolve(self, node: Any) -> Any:
        """The node with every magic value in it replaced.

        Raises:
            TemplateError: an unknown variable, a circle, or a magic value that is not understood here.
        """
        if isinstance(node, dict):
            return {key: self.resolve(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self.resolve(item) for item in node]
        if not isinstance(node, str):
            return node
        if whole := _MAGIC.fullmatch(node):
            return self._value(whole[1].strip())
        return _MAGIC.sub(lambda found: str(self._value(found[1].strip())), node)

    def _value(self, expression: str) -> Any:
        if env := _ENV.fullmatch(expression):
            if env["vars"]:
                return self._environ.get(env["name"]) or self._variable(env["vars"])
            return self._env(env["name"], env["default"])
        if _VARS.fullmatch(expression):
            return self._variable(expression)
        raise TemplateError(f"${{{expression}}} is not understood here: only env() and vars are")

    def _env(self, name: str, default: str | None) -> str:
        value = self._environ.get(name) or default
        if value is None:
            if name not in self.missing:
                self.missing.append(name)
            return ""
        return value

    def _variable(self, path: str) -> Any:
        if path in self._open:
            raise TemplateError(f"{path} refers to itself")
        node: Any = self._variables
        for key in path.split(".")[1:]:
            if not isinstance(node, dict) or key not in node:
                raise TemplateError(f"{path} is not defined")
            node = node[key]
        self._open.append(path)
        try:
            return self.resolve(node)
        finally:
            self._open.pop()
