"""What the fetch guard brings along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared"


def test_the_guard_needs_the_standard_library_only() -> None:
    """It can be loaded without the SDKs and without pydantic, and so by any function."""
    program = (
        "import sys; before = set(sys.modules)\n"
        "import receipts.fetching.download, receipts.fetching.network, receipts.fetching.policy\n"
        "roots = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(roots - set(sys.stdlib_module_names)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(SHARED)})
    assert done.stdout.strip() == "['receipts']"
