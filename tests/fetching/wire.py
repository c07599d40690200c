"""The socket layer, watched: every look-up and every connection that this process tries is written down."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Made up: nothing here is ever connected to, only `socket.socket.connect` sees them.
PUBLIC = "47.1.2.3"
OTHER_PUBLIC = "47.1.2.4"
PUBLIC_V6 = "2408:4000::17"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Wire:
    """What was looked up and connected to.

    Args:
        names: by name, its answers: those of the first look-up, of the second and so on; the last one stays.
        port: of a server on 127.0.0.1 that every connection is led to; None: every connection is refused.
    """

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]], port: int | None = None) -> None:
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self._answers = {name: list(answers) for name, answers in names.items()}
        self._port = port

    def getaddrinfo(self, host: bytes, port: int, **_: Any) -> list[Any]:
        """Stands for `socket.getaddrinfo`."""
        name = host.decode("ascii")
        self.looked_up.append(name)
        answers = self._answers.get(name)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    def connect(self, connection: socket.socket, address: tuple[str, int]) -> None:
        """Stands for `socket.socket.connect`."""
        self.connected.append(address[:2])
        if self._port is None or connection.family != socket.AF_INET:
            raise ConnectionRefusedError
        super(socket.socket, connection).connect(("127.0.0.1", self._port))


@contextmanager
def watched(names: Mapping[str, Sequence[Sequence[str]]], port: int | None = None) -> Iterator[Wire]:
    """Replace the socket layer's look-up and connect for the time of the block."""
    wire = Wire(names, port)

    def connect(connection: socket.socket, address: tuple[str, int]) -> None:
        wire.connect(connection, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", wire.getaddrinfo)
        # A function, not a bound method: only a function is given the socket it is called on.
        patch.setattr(socket.socket, "connect", connect)
        yield wire
