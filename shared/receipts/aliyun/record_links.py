"""Fresh links to Aliyun's recordings, from the number-protection API.

Sources: Alibaba Cloud PLS API 2017-05-25, QueryRecordFileDownloadUrl (a link of two hours) and GetTotalPublicUrl
(links of thirty days, the ringing recording's too). Both want the time of the call as text in UTC+8. No page tells
which code stands for a recording that is not there yet, and which for one that is gone: `gone_codes` is a setting.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from receipts.aliyun.recordings import RING
from receipts.aliyun.rpc import ApiRefused, Rpc, Unanswered
from receipts.recordings.problem import NoRecording, Problem
from receipts.refusal_codes import denied
from receipts.times import CHINA, SECOND_MS

if TYPE_CHECKING:
    from receipts.credentials import Credentials
    from receipts.recordings.announcement import Source
    from receipts.recordings.settings import LinkSettings

VERSION = "2017-05-25"
# The service is busy or ill, or the answer never came: it will do so later.
PASSING = ("SYSTEM_ERROR", "UNKNOWN_ERR_CODE", "DAO_EXCEPTION", "VENDOR_UNAVAILABLE", "FLOW_LIMIT", "FlowLimited")
# What begins with SDK is the SDK's own word for an answer that never came, or that is none of the API's.
PASSING_WORDS = ("Throttling", "ServiceUnavailable", "InternalError", "SDK.")
# The account, its rights or the settings: no try alone will mend it.
FOR_A_PERSON = (
    "RAM_PERMISSION_DENY",
    "OUT_OF_SERVICE",
    "PRODUCT_UN_SUBSCRIPT",
    "ACCOUNT_NOT_EXISTS",
    "ACCOUNT_ABNORMAL",
    "PARTNER_NOT_EXIST",
    "PARTNER_IS_CLOSED",
    "ILLEGAL_ARGUMENT",
    "FORBIDDEN_ACTION",
    "Forbidden",
    "NoPermission",
    "InvalidAccessKeyId",
    "InvalidSecurityToken",
    "SignatureDoesNotMatch",
    "SignatureNonceUsed",
    "InvalidTimeStamp",
    "InvalidApi",
    "InvalidAction",
    "MissingParameter",
)


class RecordLinks:
    """Asks for links with one account's keys.

    Args:
        settings: where the API is, and what it says of recordings that are gone.
        keys: whose recordings.
    """

    def __init__(self, settings: LinkSettings, keys: Credentials) -> None:
        self._rpc = Rpc(settings.endpoint, settings.region, keys)
        self._gone = settings.gone_codes

    def link(self, source: Source) -> str:
        """A fresh link to the recording. Raises NoRecording with what the API says instead."""
        if not (source.get("pool_key") and source.get("call_time")):
            raise NoRecording(Problem("its receipts name no pool or no time of the call: the API cannot be asked"))
        asked = {"CallId": str(source["call_id"]), "CallTime": _china_text(int(source["call_time"]))}
        if source["kind"] == RING:
            asked |= {"PartnerKey": str(source["pool_key"]), "CheckSubs": "false"}
            answer = self._asked("GetTotalPublicUrl", asked)
            data = answer.get("Data")
            return _url(data.get("RingPublicUrl") if isinstance(data, dict) else None)
        asked |= {"PoolKey": str(source["pool_key"])}
        return _url(self._asked("QueryRecordFileDownloadUrl", asked).get("DownloadUrl"))

    def close(self) -> None:
        """Close the connections."""
        self._rpc.close()

    def _asked(self, action: str, parameters: dict[str, str]) -> dict[str, Any]:
        try:
            return self._rpc.asked(VERSION, action, parameters)
        except ApiRefused as refused:
            raise NoRecording(self._refusal(refused.code, action)) from None
        except Unanswered as unanswered:
            raise NoRecording(Problem(str(unanswered))) from None

    def _refusal(self, code: str, action: str) -> Problem:
        """What a refusal means; a code that is not known says that there is no recording, for the moment."""
        told = f"the API answered {code} to dypls:{action}" if denied(code) else f"the API answered {code}"
        word = code.removeprefix("isv.").removeprefix("isp.")
        if code in self._gone:
            return Problem(told, vendor_code=code, gone=True)
        if word in PASSING or word.startswith(PASSING_WORDS):
            return Problem(told)
        if word.startswith(FOR_A_PERSON):
            return Problem(told, needs_a_person=True)
        return Problem(told, vendor_code=code)


def _url(told: object) -> str:
    if isinstance(told, str) and told:
        return told
    raise NoRecording(Problem("the API gave no link"))


def _china_text(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / SECOND_MS, CHINA).strftime("%Y-%m-%d %H:%M:%S")
