"""`QueryRecordFileDownloadUrl`: the link to a call's recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.pls.questions import Link, RecordingCodes, called_at
from local.cloud.pls.recordings import State
from local.cloud.rpc.errors import RpcError, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.pls.recordings import Recordings

LIFE_SECONDS = 2 * 3600


class RecordLinks:
    """The API, over the recordings there are.

    Args:
        recordings: what can be asked for.
        link: makes the links.
        codes: what to say when there is none.
    """

    action = "QueryRecordFileDownloadUrl"
    product = "dypls"
    version = "2017-05-25"

    def __init__(self, recordings: Recordings, link: Link, codes: RecordingCodes) -> None:
        self._recordings = recordings
        self._link = link
        self._codes = codes

    def answer(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """The link, good for 2 hours, to the recording of `CallId`, `CallTime` and `PoolKey` (or `ProductType`).

        Raises:
            RpcError: MissingCallId, isv.ILLEGAL_ARGUMENT, or one of the codes for a recording without a link.
        """
        call_id, pool_key = parameters.get("CallId", ""), parameters.get("PoolKey", "")
        if not call_id:
            raise missing("CallId")
        if not (pool_key or parameters.get("ProductType")):
            raise RpcError("isv.ILLEGAL_ARGUMENT", "PoolKey or ProductType is required.")
        # The API's schema lets CallTime be absent, its description does not: the stricter of the two holds here.
        recording = self._recordings.find(call_id, called_at(parameters), pool_key)
        if recording is None or recording.state is not State.READY:
            self._codes.refuse([recording] if recording else [])
            return {}
        return {"DownloadUrl": self._link(recording.file, LIFE_SECONDS)}
