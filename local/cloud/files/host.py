"""The file host."""

from __future__ import annotations

import time
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from local.cloud.access import AccessKey
from local.cloud.faults import Faults
from local.cloud.files.audio import KINDS
from local.cloud.files.body import Body, Kept
from local.cloud.files.links import Links
from local.cloud.files.server import FileServer
from local.cloud.files.shelf import File, Shelf

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from local.cloud.files.misbehaviour import Misbehaviour

_KEY = AccessKey("LTAIfilehost", "what-the-file-host-signs-its-links-with")


class FileHost:
    """Hands out files on 127.0.0.1 to those who have a link; also a context manager.

    Args:
        faults: what is to go wrong whatever the file; the operations are `GetObject` and `HeadObject`.
        port: 0 for any free one.
        clock: epoch seconds that links run out by.
    """

    def __init__(self, *, faults: Faults | None = None, port: int = 0, clock: Callable[[], float] = time.time) -> None:
        self.faults = faults or Faults()
        self._links = Links(_KEY, clock)
        self._shelf = Shelf(self._links, self.faults)
        self._server = FileServer(self._shelf, port)

    @property
    def endpoint(self) -> str:
        """`http://127.0.0.1:<port>`, without a trailing slash."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> Counter[str]:
        """How often each name was asked for, whether it was there and allowed or not."""
        return self._shelf.requests

    def put(self, name: str, body: bytes | int | Body, *, content_type: str | None = None) -> None:
        """Have the file `name`, in place of one had before; forget what was planned to go wrong with it.

        Args:
            name: the path below the host, without a leading slash; its suffix tells the content type.
            body: the bytes; or how many to make up, in the format that the suffix tells (MP3 for an unknown one).
            content_type: in place of the suffix's.
        """
        kind = KINDS.get(PurePosixPath(name).suffix)
        if isinstance(body, int):
            # Two files of one size differ.
            body = (kind or KINDS[".mp3"]).make(body, zlib.crc32(name.encode()))
        elif isinstance(body, bytes):
            body = Kept(body)
        usual = kind.content_type if kind else "application/octet-stream"
        self._shelf.plans.forget(name)
        self._shelf.files[name] = File(body, content_type or usual)

    def body(self, name: str) -> Body:
        """What the file `name` has inside, however it is sent; KeyError if there is none."""
        return self._shelf.files[name].body

    def remove(self, name: str) -> None:
        """Remove the file `name`; KeyError if there is none."""
        del self._shelf.files[name]

    def misbehave(self, name: str, misbehaviour: Misbehaviour, *, times: int | None = None) -> None:
        """Send the file `name` wrong in its next `times` requests; None for all of them, until it is put again.

        Several are used up one after the other. Requests without a good link do not count.
        """
        self._shelf.plans.add(name, misbehaviour, times)

    def url(self, name: str, life_seconds: float = 7200) -> str:
        """A link to the file `name`, there or not, that is good from now on for so many seconds."""
        return self.endpoint + self._links.target(name, life_seconds)

    def start(self) -> Self:
        """Begin to serve, in a thread of its own."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving, cut every connection and return when no thread is left."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
