"""How the bytes of a file go out: well, or as a `Misbehaviour` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator

    from local.cloud.files.body import Body
    from local.cloud.files.misbehaviour import Misbehaviour


class Wire(Protocol):
    """The connection that the bytes go out by."""

    def write(self, piece: bytes) -> object:
        """Send `piece`, all of it; ConnectionError if nobody is there."""

    def reset(self) -> None:
        """End the connection at once, with a reset."""


def send(body: Body, plan: Misbehaviour, wire: Wire, stopping: threading.Event) -> bool:
    """Send `body` as `plan` says.

    Args:
        body: the bytes.
        plan: what to do wrong.
        wire: where to.
        stopping: ends every wait when set.

    Returns:
        Whether all of it was sent, so that the connection may go on.
    """
    sent = 0
    for piece in _pieces(body, plan):
        # Cuts fall between two pieces; an empty piece stands for the end.
        if sent == plan.stall_after:
            stopping.wait(plan.stall_seconds)
        if sent == plan.reset_after:
            wire.reset()
            return False
        if sent == plan.truncate_after:
            return False
        if sent and plan.drip_seconds:
            stopping.wait(plan.drip_seconds)
        if piece:
            wire.write(b"%x\r\n%b\r\n" % (len(piece), piece) if plan.framing == "chunked" else piece)
            sent += len(piece)
    if plan.framing == "chunked":
        wire.write(b"0\r\n\r\n")
    return plan.framing != "close" and not plan.length_off_by


def _pieces(body: Body, plan: Misbehaviour) -> Iterator[bytes]:
    pieces: Iterable[bytes] = body.blocks()
    if plan.drip_bytes:
        pieces = (block[i : i + plan.drip_bytes] for block in pieces for i in range(0, len(block), plan.drip_bytes))
    for cut in (plan.stall_after, plan.reset_after, plan.truncate_after):
        if cut is not None:
            pieces = _cut(pieces, cut)
    yield from pieces
    yield b""


def _cut(pieces: Iterable[bytes], at: int) -> Iterator[bytes]:
    """The same bytes, so that no piece goes over the byte number `at`."""
    seen = 0
    for piece in pieces:
        if seen < at < seen + len(piece):
            yield piece[: at - seen]
            yield piece[at - seen :]
        else:
            yield piece
        seen += len(piece)
