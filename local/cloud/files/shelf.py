"""What a file host and the threads that serve it share."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.files.misbehaviour import Plans

if TYPE_CHECKING:
    from local.cloud.faults import Faults
    from local.cloud.files.body import Body
    from local.cloud.files.links import Links


class File(NamedTuple):
    """One file: what is in it, and what it says it is."""

    body: Body
    content_type: str


@dataclass
class Shelf:
    """The files and how they are handed out.

    Attributes:
        links: who may have them.
        faults: what goes wrong whatever the file.
        files: by name.
        plans: what goes wrong with one file.
        requests: how often each name was asked for, there or not, allowed or not.
        stopping: set once nothing is worth waiting for.
    """

    links: Links
    faults: Faults
    files: dict[str, File] = field(default_factory=dict)
    plans: Plans = field(default_factory=Plans)
    requests: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, name: str) -> None:
        """One more request for `name`."""
        with self._lock:
            self.requests[name] += 1
