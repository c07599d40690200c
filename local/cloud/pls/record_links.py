"""`QueryRecordFileDownloadUrl`: the link to a call's recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.pls.errors import PlsError, missing
from local.cloud.pls.moments import epoch
from local.cloud.pls.recordings import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.cloud.pls.recordings import Recordings


class RecordingCodes(NamedTuple):
    """What the API says when there is no link to give.

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


class RecordLinks:
    """The API, over the recordings there are.

    Args:
        recordings: what can be asked for.
        link: makes the link to a file from its name.
        codes: what to say when there is none.
    """

    action = "QueryRecordFileDownloadUrl"
    version = "2017-05-25"

    def __init__(self, recordings: Recordings, link: Callable[[str], str], codes: RecordingCodes) -> None:
        self._recordings = recordings
        self._link = link
        self._codes = codes

    def answer(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """The link to the recording of `CallId`, `CallTime` and `PoolKey` (or `ProductType`).

        Raises:
            PlsError: MissingCallId, isv.ILLEGAL_ARGUMENT, or one of the codes for a recording without a link.
        """
        call_id, pool_key = parameters.get("CallId", ""), parameters.get("PoolKey", "")
        if not call_id:
            raise missing("CallId")
        if not (pool_key or parameters.get("ProductType")):
            raise PlsError("isv.ILLEGAL_ARGUMENT", "PoolKey or ProductType is required.")
        # The API's schema lets CallTime be absent, its description does not: the stricter of the two holds here.
        # Its text is a time of day in China; the milliseconds that the receipt has are refused.
        called_at = epoch(parameters.get("CallTime", ""), "%Y-%m-%d %H:%M:%S", "+0800")
        if called_at is None:
            raise PlsError("isv.ILLEGAL_ARGUMENT", "CallTime is not of the form yyyy-MM-dd HH:mm:ss.")
        recording = self._recordings.find(call_id, called_at, pool_key)
        if recording is None:
            return self._no_link(self._codes.unknown)
        if recording.state is State.NOT_READY:
            return self._no_link(self._codes.not_ready)
        if recording.state is State.GONE:
            return self._no_link(self._codes.gone)
        return {"DownloadUrl": self._link(recording.file)}

    def _no_link(self, code: str) -> Mapping[str, str]:
        if code == "OK":
            return {}
        raise PlsError(code)
