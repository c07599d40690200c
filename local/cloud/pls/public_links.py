"""`GetTotalPublicUrl`: the links to both recordings of a call, that of the talk and that of the ringing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.pls.questions import Link, RecordingCodes, called_at
from local.cloud.pls.recordings import State
from local.cloud.rpc.errors import invalid, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.pls.recordings import Recordings

LIFE_SECONDS = 30 * 86400
_REQUIRED = ("PartnerKey", "CallId", "CallTime", "CheckSubs")


class PublicLinks:
    """The API, over the recordings there are. It knows no bindings, so both values of `CheckSubs` do the same.

    Args:
        recordings: what can be asked for.
        link: makes the links.
        codes: what to say when there is none.
    """

    action = "GetTotalPublicUrl"
    product = "dypls"
    version = "2017-05-25"

    def __init__(self, recordings: Recordings, link: Link, codes: RecordingCodes) -> None:
        self._recordings = recordings
        self._link = link
        self._codes = codes

    def answer(self, parameters: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
        """Links, good for 30 days, to what is ready of the call `CallId`, `CallTime` of the pool `PartnerKey`.

        Raises:
            RpcError: a parameter is missing or not of its form, or nothing is ready: then one of the codes.
        """
        for name in _REQUIRED:
            if not parameters.get(name):
                raise missing(name)
        if parameters["CheckSubs"].lower() not in ("true", "false"):
            raise invalid("CheckSubs")
        call = parameters["CallId"], called_at(parameters), parameters["PartnerKey"]
        asked = {
            "PhonePublicUrl": self._recordings.find(*call),
            "RingPublicUrl": self._recordings.find(*call, ring=True),
        }
        found = {field: recording for field, recording in asked.items() if recording}
        ready = {field: recording.file for field, recording in found.items() if recording.state is State.READY}
        if not ready:
            self._codes.refuse(found.values())
        return {"Data": {field: self._link(file, LIFE_SECONDS) for field, file in ready.items()}}
