"""The receipts that tell a call, in the fields and JSON types of the vendor's HTTP push."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.story.calls import BLOCKED, Call
from local.story.world import POOL, Receipt, china, epoch_ms

if TYPE_CHECKING:
    from collections.abc import Callable


def _shared(call: Call) -> Receipt:
    """The fields that start, ring, pick-up and report have in common."""
    parties = call.parties
    receipt: Receipt = {"phone_no": parties.number_a, "secret_no": parties.number_x, "pool_key": POOL, "city": "杭州"}
    if parties.number_b is not None:
        receipt |= {"peer_no": parties.number_b, "sub_id": parties.sub_id, "out_id": parties.order_id}
    return receipt | {"call_id": call.call_id, "call_type": int(call.incoming), "call_time": call.call_time}


def _dialling(call: Call) -> Receipt:
    """What start and report add to that."""
    return _shared(call) | {
        "called_display_no": call.parties.number_x,
        "partner_key": POOL,
        "unconnected_cause": call.plot.unconnected,
        "control_type": "CONTINUE" if call.plot.unconnected in (0, 4) else "REJECT",
    }


def _start(call: Call) -> Receipt:
    receipt = _dialling(call) | {"id": str(1_000_000_000_000 + call.number)}
    return receipt if call.plot.bound else receipt | {"control_msg": "NO_SUBS_EXIST"}


def _ring(call: Call) -> Receipt:
    receipt = _shared(call) | {"ring_time": china(call.rang or call.dialed)}
    # These two types come with their numbers in quotes.
    return receipt | {"call_type": str(receipt["call_type"]), "sub_id": str(receipt["sub_id"])}


def _pickup(call: Call) -> Receipt:
    return _ring(call) | {"start_time": china(call.answered or call.ended)}


def report(call: Call) -> Receipt:
    """The call's SecretReport."""
    called_out = call.dialed + 1 if call.plot.unconnected in (0, 4) else call.dialed
    ringing = china(call.rang or called_out)
    receipt = _dialling(call) | {
        "id": 2_000_000_000_000 + call.number,
        "control_msg": "OK" if call.plot.bound else "NO_SUBS_EXIST",
        "call_out_time": china(called_out),
        "ring_time": ringing,
        "free_ring_time": ringing,
        "start_time": china(call.answered or call.ended),
        "release_time": china(call.ended),
        "release_dir": call.released_by,
        "release_cause": call.plot.cause,
    }
    return receipt | {"call_type": BLOCKED} if call.plot.outcome == "blocked" else receipt


def _recording(call: Call) -> Receipt:
    return {
        "pool_key": POOL,
        "call_id": call.call_id,
        "call_time": epoch_ms(call.dialed),
        "sub_id": call.parties.sub_id,
        "out_id": call.parties.order_id,
    }


def _transcript(call: Call) -> Receipt:
    sentence = {"silenceDuration": "0", "speechRate": "180", "emotionValue": "5.5"}
    return {
        "callId": call.call_id,
        "bizDuration": call.talk_seconds * 1000,
        "partnerKey": POOL,
        "secretNo": call.parties.number_x,
        "statusCode": "21050000",
        "sentences": [
            {"beginTime": 400, "endTime": 1500, "channelId": 0, "text": "喂,您好。", **sentence},
            {"beginTime": 1900, "endTime": 4200, "channelId": 1, "text": "您好,我到门口了。", **sentence},
        ],
    }


TELLERS: dict[str, tuple[str, Callable[[Call], Receipt]]] = {
    "start": ("SecretStartReport", _start),
    "ring": ("SecretRingReport", _ring),
    "pickup": ("SecretPickUpReport", _pickup),
    "report": ("SecretReport", report),
    "recording": ("SecretRecording", _recording),
    "transcript": ("SecretAsrReport", _transcript),
}


def tell(call: Call) -> list[tuple[str, Receipt]]:
    """Every receipt of the call with its message type, in the order of events."""
    return [(name, teller(call)) for kind, (name, teller) in TELLERS.items() if kind in call.kinds]
