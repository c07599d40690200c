"""What the guards share: how code is loaded as the platform does, changed copies of it, and counted calls."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "shared"


class Context:
    """All that the functions ask of the platform's context."""

    request_id = "1-6b0f0000-000000000001"


def source(function: str) -> str:
    """The text of a function's `index.py`."""
    return (ROOT / "functions" / function / "index.py").read_text(encoding="utf-8")


def changed(text: str, old: str, new: str) -> str:
    """The text with `old`, which must stand in it once, replaced: a function as somebody might spoil it."""
    if text.count(old) != 1:
        # Not an AssertionError: a guard that is expected to fail must fail for its own reason.
        raise LookupError(old)
    return text.replace(old, new)


def loaded(text: str, folder: Path) -> Any:
    """A module from the text of an `index.py`."""
    path = folder / "index.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("guarded_index", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def calls_of(**functions: Callable[..., Any]) -> Iterator[Counter[str]]:
    """Counts this thread's calls of Python functions, by the name given here, and of all of them as `any`."""
    names = {function.__code__: name for name, function in functions.items()}
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            calls["any"] += 1
            if frame.f_code in names:
                calls[names[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)
