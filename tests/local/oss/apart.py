"""A loopback object store in a process of its own, which says how much memory it ever needed.

Writes its endpoint as the first line; for each line that it is sent it writes its peak, in KB; ends with its input.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from local.cloud.oss import OssServer
from tests.local.support import KEY


def peak() -> str:
    """The most memory that this process has had, in KB: of itself, not of the one that started it."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return found[1]


if __name__ == "__main__":
    with OssServer(key=KEY) as server:
        print(server.endpoint, flush=True)  # noqa: T201 - its only way to say so
        for _ in sys.stdin:
            print(peak(), flush=True)  # noqa: T201 - the same
