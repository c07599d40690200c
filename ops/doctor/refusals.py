"""What a refusal of a service means, and what to do: told by codes, whichever SDK brings them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from ops.doctor.lines import warning, wrong
from receipts.errors import ReceiptsError
from receipts.logs import place
from receipts.refusal_codes import BUSY, CLOCK, DENIED, KEY, SECRET, denied, is_one_of

if TYPE_CHECKING:
    from ops.doctor.lines import Line

RIGHTS = "docs/permissions.md lists the rights"
SERVER_ERROR = 500
# What a service's own words may hold. They are looked at and never shown: they may repeat what was asked.
OTHER_REGION = ("specified endpoint", "signing region", "region")
OTHER_INSTANCE = ("instance",)
OTHER_TIME = ("system time", "x-ots-date")
OTHER_KEY = ("accesskeyid does not exist",)


class Refusal(NamedTuple):
    """What an SDK was answered: the code, the service's words, and the HTTP status, 0 if there is none."""

    code: str
    words: str = ""
    status: int = 0


def line(what: str, settings: str, error: Exception) -> Line:
    """What to tell of an error that stopped a check of the service `what`, which the `settings` lead to."""
    refusal = refusal_of(error)
    if refusal is None:
        if isinstance(error, ReceiptsError):
            return wrong(what, str(error), f"Look at {settings}.")
        return wrong(what, f"this check broke off: {place(error)}", "Please report this defect.")
    if not refusal.code:
        return wrong(what, "it does not answer", f"Look at the network, then at {settings}.")
    found, do = advice(refusal, settings)
    made = warning if refusal.status >= SERVER_ERROR or is_one_of(refusal.code, BUSY) else wrong
    return made(what, found, do)


def advice(refusal: Refusal, settings: str) -> tuple[str, str]:
    """What was found, and what to do. A code comes with or without the API's `isv.` and `isp.` before it."""
    code, words = refusal.code, refusal.words.lower()
    told = f"it answers {code}"
    if is_one_of(code, CLOCK) or any(mark in words for mark in OTHER_TIME):
        return f"{told}: signed with another time than its own", "Set this machine's clock."
    if code.startswith("OTS") and is_one_of(code, SECRET) and any(mark in words for mark in OTHER_INSTANCE):
        return f"{told}: no such instance", "Correct TABLESTORE_INSTANCE and TABLESTORE_ENDPOINT."
    if is_one_of(code, (*DENIED, *SECRET, "InvalidArgument")) and any(mark in words for mark in OTHER_REGION):
        return f"{told}: it is in another region", f"Correct the region in {settings}."
    if denied(code):
        return f"{told}: the key may not do that", f"Give its owner the right: {RIGHTS}. Then look at {settings}."
    if is_one_of(code, KEY) or any(mark in words for mark in OTHER_KEY):
        do = "Correct ALIBABA_CLOUD_ACCESS_KEY_ID; for temporary keys ALIBABA_CLOUD_SECURITY_TOKEN, too."
        return f"{told}: it does not know the key", do
    if is_one_of(code, SECRET):
        do = "Correct ALIBABA_CLOUD_ACCESS_KEY_SECRET; with TABLESTORE_REGION or OSS_REGION set, look at these, too."
        return f"{told}: the key's secret is another", do
    if refusal.status >= SERVER_ERROR or is_one_of(code, BUSY):
        return f"{told}: it is busy or ill", "Try again; if it goes on, look at the status of the service."
    return told, f"Look at {settings}."


def refusal_of(error: Exception) -> Refusal | None:
    """What a service answered; with an empty code if it did not answer; None for any other error."""
    # Where an SDK was never imported, its errors cannot occur.
    for package, read in (("mns", _mns), ("oss2", _oss), ("tablestore", _tablestore), ("aliyunsdkcore", _rpc)):
        if package in sys.modules and (found := read(error)):
            return found
    return None


def _mns(error: Exception) -> Refusal | None:
    from mns.mns_exception import MNSClientNetworkException, MNSExceptionBase

    if isinstance(error, MNSClientNetworkException):
        return Refusal("")
    return Refusal(str(error.type), str(error.message)) if isinstance(error, MNSExceptionBase) else None


def _oss(error: Exception) -> Refusal | None:
    from oss2.exceptions import OssError, RequestError

    if isinstance(error, RequestError):
        return Refusal("")
    if isinstance(error, OssError):
        return Refusal(error.code or type(error).__name__, error.message or "", int(error.status))
    return None


def _tablestore(error: Exception) -> Refusal | None:
    from urllib3.exceptions import HTTPError

    from receipts.store.sdk import tablestore

    if isinstance(error, tablestore.OTSServiceError):
        return Refusal(error.code, error.message, int(error.http_status))
    return Refusal("") if isinstance(error, HTTPError | tablestore.OTSClientError) else None


def _rpc(error: Exception) -> Refusal | None:
    from receipts.aliyun.rpc import ApiRefused, Unanswered

    if isinstance(error, ApiRefused):
        return Refusal(error.code)
    return Refusal("") if isinstance(error, Unanswered) else None
