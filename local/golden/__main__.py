"""`python -m local.golden`: rewrite the events that are made from the bodies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from local.golden.catalogue import EVENTS, derived

if TYPE_CHECKING:
    from pathlib import Path


def write(events: Path) -> int:
    """Write every derived event below `events`, remove those no longer made, return how many there are."""
    texts = derived(events)
    for folder in {name.partition("/")[0] for name in texts}:
        (events / folder).mkdir(exist_ok=True)
        for path in (events / folder).glob("*.json"):
            if f"{folder}/{path.name}" not in texts:
                path.unlink()
    for name, text in texts.items():
        (events / name).write_text(text, encoding="utf-8", newline="\n")
    return len(texts)


if __name__ == "__main__":
    sys.stdout.write(f"{write(EVENTS)} events written\n")
