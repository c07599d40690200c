"""Reads every setting as the functions read it, and tells all that is wrong, not only the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.lines import ok, wrong
from ops.function_settings import read_by, refused
from receipts import credentials
from receipts.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ops.doctor.lines import Line

DO = "Set it as docs/configuration.md says, here and where you deploy; then deploy."
KEYS_DO = "Put your own keys there; a function gets those of its role."


def lines(names: Iterable[str], env: Mapping[str, str]) -> Iterator[Line]:
    """A line for each problem with the functions that it stops, or one that says that there is none."""
    names = list(names)
    stops: dict[tuple[str, str], list[str]] = {}
    for name in names:
        for problem in refused(name, env):
            stops.setdefault((problem.setting, str(problem)), []).append(name)
    for (setting, told), stopped in stops.items():
        said = told.removeprefix(f"{setting}: ").rstrip(".")
        yield wrong(setting, f"{said}. So {_and(stopped)} cannot start.", DO)
    try:
        credentials.of(None, env)
    except SettingError as error:
        yield wrong(error.setting, "is not set", KEYS_DO)
    if not stops:
        read = {setting for name in names for setting in read_by(name, env)}
        yield ok("settings", f"{len(read)} settings of {_and(names)} can be read")


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
