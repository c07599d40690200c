"""What the APIs that give links to a call's recordings have in common: the call's time, the link, and its absence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from local.cloud.pls.recordings import State
from local.cloud.rpc.errors import RpcError
from local.cloud.rpc.moments import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.cloud.pls.recordings import Recording


class Link(Protocol):
    """Makes the link to a file from its name."""

    def __call__(self, name: str, life_seconds: float) -> str:
        """A link that is good from now on for so many seconds."""


class RecordingCodes(NamedTuple):
    """What the APIs say when there is no link to give.

    The vendor publishes no code for any of the three. The default is made up on purpose and the same for all: a
    client that needs to know the code, or to tell the three apart by it, fails here first. `OK` is possible too:
    then the answer is a success without a link.

    Attributes:
        unknown: no such call, or another time or pool than the call's.
        not_ready: the recording is still being made.
        gone: the vendor has deleted it.
    """

    unknown: str = "isv.RECORD_NOT_EXIST"
    not_ready: str = "isv.RECORD_NOT_EXIST"
    gone: str = "isv.RECORD_NOT_EXIST"

    def refuse(self, found: Iterable[Recording]) -> None:
        """Say why none of the recordings that were found has a link; if one is still being made, that is why.

        Raises:
            RpcError: with the code, unless that is `OK`.
        """
        states = {recording.state for recording in found}
        code = self.not_ready if State.NOT_READY in states else self.gone if states else self.unknown
        if code != "OK":
            raise RpcError(code)


def called_at(parameters: Mapping[str, str]) -> int:
    """`CallTime`, a time of day in China, as epoch seconds; the milliseconds that the receipt has are refused.

    Raises:
        RpcError: isv.ILLEGAL_ARGUMENT.
    """
    moment = epoch(parameters.get("CallTime", ""), "%Y-%m-%d %H:%M:%S", "+0800")
    if moment is None:
        raise RpcError("isv.ILLEGAL_ARGUMENT", "CallTime is not of the form yyyy-MM-dd HH:mm:ss.")
    return moment
