"""The recordings of the golden day: what the vendor's side has to have for them, and the jobs that ask for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.story import Recording

if TYPE_CHECKING:
    from local.golden.bodies import Bodies

SIZE = 120_000


def recordings(bodies: Bodies) -> list[Recording]:
    """The recordings that a SecretRecording of the day tells of, as the vendor has them."""
    return [_recording(receipt) for receipt in [*bodies.receipts("SecretRecording"), bodies.queued("SecretRecording")]]


def job(recording_id: str) -> str:
    """The message on the queue of recordings that asks for one."""
    return json.dumps({"v": 1, "recording_id": recording_id}, separators=(",", ":"))


def _recording(receipt: dict[str, str | int]) -> Recording:
    call_id, called_at = str(receipt["call_id"]), int(receipt["call_time"])
    return Recording(
        recording_id=f"aliyun:{call_id}:call",
        call_id=call_id,
        call_time_ms=called_at,
        pool_key=str(receipt["pool_key"]),
        ring=False,
        file=f"{call_id}.mp3",
        kind="mp3",
        size=SIZE,
        ready_at_ms=called_at,
        announced=True,
        linked=False,
    )
