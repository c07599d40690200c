"""Calls made up from their endings, and what the table must say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.story.world import HOUR, epoch_ms, happens

if TYPE_CHECKING:
    from random import Random

APP = "a1DemoAppKey0000000000000001"


class Ending(NamedTuple):
    """How a call ends: its outcome, the platform's code, Q.850's, and how far it came."""

    outcome: str
    code: int
    q850: int
    rings: bool
    hung_up: int | None = None


ENDINGS = (
    Ending("answered", 0, 0, rings=True, hung_up=1),
    Ending("answered", 0, 0, rings=True, hung_up=2),
    Ending("busy", 8102, 17, rings=False),
    Ending("no_answer", 8101, 19, rings=True),
    Ending("rejected", 7503, 21, rings=True, hung_up=2),
    Ending("no_answer", 7502, 0, rings=True, hung_up=1),
    Ending("unreachable", 8104, 20, rings=False),
    Ending("unbound", 8014, 0, rings=False),
)


class HuaweiRecording(NamedTuple):
    """A file at the vendor's; `linked`: the call record holds a link, else its name and domain."""

    recording_id: str
    call_id: str
    file: str
    size: int
    linked: bool


class Call(NamedTuple):
    """One call; `began` in seconds from the midnight of the day; `linked`: its record holds a link."""

    number: int
    session_id: str
    ending: Ending
    incoming: bool
    began: int
    recorded: bool
    linked: bool

    @property
    def parties(self) -> tuple[str, str, str]:
        """A, X, B."""
        return tuple(f"+86{prefix}000{self.number + 1:05d}" for prefix in ("139", "170", "137"))  # type: ignore[return-value]  # three


def draw(rng: Random, number: int, midnight: int, *, linked: bool) -> Call:
    """Make up call `number`; the first go through every ending once."""
    ending = ENDINGS[number] if number < len(ENDINGS) else rng.choice(ENDINGS)
    began = midnight + rng.randrange(7 * HOUR, 22 * HOUR)
    a = f"+86139000{number + 1:05d}"
    # The newer form of the id holds a number: nothing of it may show in a log.
    session_id = (
        f"{a}_{rng.getrandbits(48):012x}_1_0" if happens(rng, 50) else f"1200_{rng.getrandbits(48)}_{began}@host"
    )
    talked = ending.outcome == "answered"
    return Call(number, session_id, ending, happens(rng, 30), began, talked, talked and linked and happens(rng, 50))


def times_of(call: Call) -> dict[str, int]:
    """When what happened, in seconds of the day."""
    times = {"callInTime": call.began, "fwdStartTime": call.began + 1}
    if call.ending.outcome == "unbound":
        del times["fwdStartTime"]
    if call.ending.rings:
        times["fwdAlertingTime"] = call.began + 5
    if call.ending.outcome == "answered":
        times["fwdAnswerTime"] = call.began + 12
    return times | {"callEndTime": call.began + 40 + call.number}


def columns(call: Call) -> dict[str, str | int]:
    """The columns that must hold these values in the call's row."""
    a, x, b = call.parties
    caller, callee = (b, a) if call.incoming else (a, b)
    times = {name: epoch_ms(second) for name, second in times_of(call).items()}
    row: dict[str, str | int] = {
        "vendor": "huawei",
        "pool": APP,
        "number_x": x,
        "caller": caller,
        "status": "ended",
        "outcome": call.ending.outcome,
        "release_cause": call.ending.code,
        "started_at": times["callInTime"],
        "ended_at": times["callEndTime"],
        "talk_seconds": 0,
    }
    if call.ending.outcome == "unbound":
        return row
    row |= {"callee": callee, "number_a": a, "number_b": b, "direction": "b_to_a" if call.incoming else "a_to_b"}
    row |= {"binding_id": f"binding-{call.number}", "order_id": f"order-{20_001 + call.number}"}
    if "fwdAnswerTime" in times:
        row |= {"answered_at": times["fwdAnswerTime"], "talk_seconds": 28 + call.number}
    return row


def icid_of(call: Call) -> str:
    """The id of the call's record."""
    return f"icid-{call.number}.{call.session_id[-8:]}"


def file_of(call: Call) -> str:
    """The name of the call's recording."""
    return f"huawei_{call.number}_{call.session_id[-8:].replace('@', '-')}.wav"


def recording_of(call: Call) -> HuaweiRecording:
    """What the vendor recorded of the call."""
    size = 20_000 + 1000 * call.number
    return HuaweiRecording(f"huawei:{icid_of(call)}", f"huawei:{call.session_id}", file_of(call), size, call.linked)
