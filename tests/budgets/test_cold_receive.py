"""B1 by what is loaded: the modules of a cold `receive`, compared with those of its floor."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.budgets.support import LAYER, changed, source

if TYPE_CHECKING:
    from pathlib import Path

FLOOR = "import http.client, hmac, hashlib, base64, json"
# Beyond the floor's. A module that is added here costs every cold start: measure it first (`make bench`).
ALLOWED = {
    *("__future__", "zlib", "contextlib", "threading", "_weakrefset"),
    *("typing", "_typing", "typing.io", "typing.re"),
}
# Some more than there are, as each costs about 0.2 ms: room for a vendor.
MOST_OWN_MODULES = 20


def modules(*statements: str) -> set[str]:
    """The modules that a fresh process without site-packages holds after running the statements."""
    show = "import sys; names = sorted(sys.modules); import json; print(json.dumps(names))"
    command = [sys.executable, "-I", "-S", "-c", "; ".join((*statements, show))]
    return set(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def check(folder: Path) -> None:
    """Fails when the function in `folder` loads more than it may."""
    paths = [str(folder), str(LAYER)]
    more = modules(f"import sys; sys.path[:0] = {paths}", "import index") - modules(FLOOR) - {"index"}
    own = {name for name in more if name.partition(".")[0] == "receipts"}
    assert own
    assert more - own <= ALLOWED, "more than the floor loads and is allowed for"
    assert len(own) <= MOST_OWN_MODULES


def written(folder: Path, text: str) -> Path:
    """A folder with the text as its `index.py`."""
    (folder / "index.py").write_text(text, encoding="utf-8")
    return folder


def test_b1_receive_loads_little_more_than_its_floor(tmp_path: Path) -> None:
    """A cold start of `receive` loads only the standard library and `receipts`, and of both only what is listed."""
    check(written(tmp_path, source("receive")))


MANY = f"import sys; sys.modules.update((f'receipts.more{{n}}', sys) for n in range({MOST_OWN_MODULES}))"


@pytest.mark.parametrize("heavy", ["import logging", "import xml.etree.ElementTree", "import thirdparty", MANY])
def test_b1_guard_notices_a_module_too_many(tmp_path: Path, heavy: str) -> None:
    """The guard fails for a copy of `receive` that loads a heavy module, one from elsewhere, or many of its own."""
    (tmp_path / "thirdparty.py").write_text("", encoding="utf-8")
    text = changed(source("receive"), "import os\n", f"import os\n{heavy}\n")
    with pytest.raises(AssertionError):
        check(written(tmp_path, text))
