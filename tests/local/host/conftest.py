"""Tiny real function folders, and hosts that are stopped when the test is over."""

from __future__ import annotations

import contextlib
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from local.host.host import Host
from template.functions import Function
from tests.local.support import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local.host.support import Eventually, MakeFunction, StartHost


@pytest.fixture
def make(tmp_path: Path) -> MakeFunction:
    """The function factory."""

    def make_function(source: str, name: str = "f", **fields: Any) -> Function:
        code = tmp_path / "functions" / name
        code.mkdir(parents=True)
        (code / "index.py").write_text(textwrap.dedent(source))
        return Function(name, "index.handler", code, **fields)

    return make_function


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartHost]:
    """The host factory."""
    with contextlib.ExitStack() as hosts:

        def start_host(*functions: Function, **options: Any) -> Host:
            options = {"log_dir": tmp_path / "logs", "time_scale": 0.001, **options}
            return hosts.enter_context(Host(functions, **options))

        yield start_host


@pytest.fixture
def eventually() -> Eventually:
    """Polls with a deadline."""
    return wait_until
