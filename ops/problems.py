"""What goes wrong, in one line that says what to do. SDKs are looked at only if they are loaded already."""

from __future__ import annotations

import sys

from receipts.errors import ReceiptsError, SettingError, StoreMisconfigured, StoreUnavailable

NO_TABLE = "OTSObjectNotExist"


class Problem(ReceiptsError):
    """Something that the operator can mend; the message says how."""

    advice = ""


def told(error: Exception) -> str | None:
    """The line for an error that was foreseen, else None."""
    if isinstance(error, ReceiptsError):
        return _ours(error)
    # Where an SDK was never imported, its errors cannot occur.
    for package, line in (("mns", _mns), ("oss2", _oss), ("tablestore", _tablestore), ("urllib3", _network)):
        if package in sys.modules and (said := line(error)):
            return said
    return None


def _ours(error: ReceiptsError) -> str:
    if isinstance(error, StoreMisconfigured) and NO_TABLE in str(error):
        return "TableStore has no such table or index: run `receipts provision`, or look at TABLE_PREFIX."
    if isinstance(error, StoreUnavailable | StoreMisconfigured):
        # The advice of these two is for functions.
        return (
            f"TableStore: {error}. Look at TABLESTORE_ENDPOINT, TABLESTORE_INSTANCE, the keys and their rights; "
            "if it is busy, try again."
        )
    if isinstance(error, SettingError) and error.setting.startswith("ALIBABA_CLOUD_"):
        return f"{error.setting}: is not set. Your own keys go there; a function gets those of its role."
    return f"{error} ({error.advice})" if error.advice else str(error)


def _mns(error: Exception) -> str | None:
    from mns.mns_exception import MNSExceptionBase

    if isinstance(error, MNSExceptionBase):
        return f"MNS: {error.type}. Look at MNS_ENDPOINT, the keys and the rights of their owner."
    return None


def _oss(error: Exception) -> str | None:
    from oss2.exceptions import OssError, RequestError

    if isinstance(error, RequestError):
        return "OSS cannot be reached. Look at OSS_ENDPOINT and the network."
    if isinstance(error, OssError):
        code = error.code or type(error).__name__
        return f"OSS: {code}. Look at OSS_ENDPOINT, OSS_BUCKET, OSS_REGION, the keys and their rights."
    return None


def _tablestore(error: Exception) -> str | None:
    from receipts.store.sdk import tablestore

    if isinstance(error, tablestore.OTSError):
        code = getattr(error, "code", type(error).__name__)
        return f"TableStore: {code}. Look at TABLESTORE_ENDPOINT, TABLESTORE_INSTANCE, the keys and their rights."
    return None


def _network(error: Exception) -> str | None:
    from urllib3.exceptions import HTTPError

    if isinstance(error, HTTPError):
        return f"TableStore cannot be reached ({type(error).__name__}). Look at TABLESTORE_ENDPOINT and the network."
    return None
