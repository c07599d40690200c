"""The recordings that a call may have: their ids follow from the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.aliyun.recordings import CALL, RING
from receipts.huawei.call_receipts import RecordReceipt
from receipts.huawei.calls import CALLS, RECORD
from receipts.huawei.recordings import recording_id

if TYPE_CHECKING:
    from receipts.store.pending import Columns


def recording_ids(call: Columns) -> list[str]:
    """Aliyun's by the call's id; Huawei's by that of its call record. Raises InvalidReceipt for facts of the future."""
    if call.get("vendor") != "huawei":
        return [f"{call['call_id']!s}:{kind}" for kind in (CALL, RING)]
    record = CALLS.facts(str(call.get("facts", "{}"))).get(RECORD)
    return [recording_id(record.receipt)] if record and isinstance(record.receipt, RecordReceipt) else []


def kind_of(recording: str) -> str:
    """What a recording is of: `call` or `ring`."""
    return recording.rpartition(":")[2] if recording.startswith("aliyun:") else CALL
