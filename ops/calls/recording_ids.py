"""The recordings that a call may have: their ids follow from the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.aliyun.recordings import CALL, RING
from receipts.huawei.call_receipts import RecordReceipt
from receipts.huawei.calls import CALLS
from receipts.huawei.recordings import recording_id

if TYPE_CHECKING:
    from receipts.store.pending import Columns


def recording_ids(call: Columns) -> list[str]:
    """Aliyun's by the call's id; Huawei's by those of its call records. Raises InvalidReceipt."""
    if call.get("vendor") != "huawei":
        return [f"{call['call_id']!s}:{kind}" for kind in (CALL, RING)]
    facts = CALLS.facts(str(call.get("facts", "{}"))).values()
    return [recording_id(fact.receipt) for fact in facts if isinstance(fact.receipt, RecordReceipt)]


def kind_of(recording: str) -> str:
    """What a recording is of: `call` or `ring`."""
    return recording.rpartition(":")[2] if recording.startswith("aliyun:") else CALL
