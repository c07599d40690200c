"""Functions as the platform loads them, beside a world of recordings."""

from __future__ import annotations

import importlib.util
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.golden.shapes import cloud_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from tests.recordings.support import World

ROOT = Path(__file__).resolve().parents[2]


class Context:
    """The platform's context, as far as the functions look at it."""

    request_id = "1-test-request"

    def __init__(self, credentials: Any = None) -> None:
        self.credentials = credentials


class Function:
    """One function's module, loaded anew, and the world it works in."""

    def __init__(self, module: Any, world: World) -> None:
        self.module = module
        self.world = world

    def __call__(self, event: bytes = b"{}", context: Any = None) -> dict[str, int]:
        """What the handler returns."""
        counts: dict[str, int] = self.module.handler(event, context or Context())
        return counts

    def close(self) -> None:
        """Close every connection of the clients that the function has made."""
        if self.module._instance.made:
            service = self.module._instance.service
            parts = {**service._asdict(), **(service.desk._asdict() if hasattr(service, "desk") else {})}
            parts["rows"]._client.connection.pool.clear()
            parts["jobs"]._queue.close()
            if "means" in parts:
                parts["means"].bucket.close()
                parts["means"].links["aliyun"].close()


@contextmanager
def loaded(name: str, world: World, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[Function]:
    """The function of that name, with `settings` beside those of the world."""
    environment = world.environment(STORE_BUDGET_SECONDS="1", **settings)
    for setting, value in environment.items():
        monkeypatch.setenv(setting, value)
    spec = importlib.util.spec_from_file_location(f"{name}_index", ROOT / "functions" / name / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = Function(module, world)
    try:
        yield function
    finally:
        function.close()


def event_of(*bodies: Any) -> bytes:
    """A batch of queue messages with these bodies."""
    return json.dumps([cloud_event(body, number) for number, body in enumerate(bodies, 1)]).encode()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines that functions have written since."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
