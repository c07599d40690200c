"""Calls made up from plots, and what the table must say of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.story.plots import BY_CALLEE, BY_CALLER, BY_PLATFORM, PLOTS, WEIGHTS, Plot
from local.story.world import HOUR, Parties, binding, china, epoch_ms, happens, stranger

if TYPE_CHECKING:
    from random import Random

BLOCKED = 4  # the call_type of a call that the platform stopped
RELEASED_BY = {BY_PLATFORM: "platform", BY_CALLER: "caller", BY_CALLEE: "callee"}


@dataclass(frozen=True)
class Call:
    """One call; `kinds` are the receipts that tell it."""

    number: int
    call_id: str
    plot: Plot
    parties: Parties
    incoming: bool
    dialed: int
    rang: int | None
    answered: int | None
    ended: int
    released_by: int
    kinds: frozenset[str]

    @property
    def call_time(self) -> str:
        """When it was dialled, as receipts write it."""
        return china(self.dialed)

    @property
    def talk_seconds(self) -> int:
        """How long the two talked; 0 if they did not."""
        return 0 if self.answered is None else self.ended - self.answered


def draw(rng: Random, number: int, calls: int, midnight: int = 0) -> Call:
    """Make up call `number` of `calls` on the day that begins at `midnight`; the first go through every plot once."""
    plot = PLOTS[number] if number < len(PLOTS) else rng.choices(PLOTS, WEIGHTS)[0]
    dialed = midnight + rng.randrange(7 * HOUR, 22 * HOUR)
    rang = dialed + rng.randint(2, 6) if plot.rings else None
    picks_up = "answered" in (plot.outcome, plot.status)
    answered = rang + rng.randint(2, 20) if rang is not None and picks_up else None
    last = next(moment for moment in (answered, rang, dialed) if moment is not None)
    return Call(
        number=number,
        call_id=f"{rng.getrandbits(64):016x}",
        plot=plot,
        parties=binding(rng.randrange(min(calls // 3 + 1, 9999))) if plot.bound else stranger(number),
        incoming=plot.bound and happens(rng, 30),
        dialed=dialed,
        rang=rang,
        answered=answered,
        ended=last + rng.randint(5, 600),
        released_by=rng.choice(plot.released_by),
        kinds=_kinds(rng, plot),
    )


def _kinds(rng: Random, plot: Plot) -> frozenset[str]:
    """Which receipts tell the call: not every carrier reports ringing, and now and then a receipt gets lost."""
    if plot.outcome is None:
        stages = {"initiated": 1, "ringing": 2, "answered": 3}
        return frozenset(("start", "ring", "pickup")[: stages[plot.status]])
    kinds = {"report"}
    if happens(rng, 95):
        kinds.add("start")
    if plot.rings and happens(rng, 60):
        kinds |= {"ring", "pickup"} if plot.outcome == "answered" else {"ring"}
    if plot.outcome == "answered" and happens(rng, 50):
        kinds |= {"recording", "transcript"} if happens(rng, 50) else {"recording"}
    return frozenset(kinds)


def columns(call: Call) -> dict[str, str | int]:
    """The columns that must hold these values in the call's row."""
    row: dict[str, str | int] = {
        "vendor": "aliyun",
        "status": call.plot.status,
        "number_x": call.parties.number_x,
        "started_at": epoch_ms(call.dialed),
    }
    row |= _parties(call)
    if call.answered is not None:
        row["answered_at"] = epoch_ms(call.answered)
    if call.plot.outcome is not None:
        row |= {"outcome": call.plot.outcome, "ended_at": epoch_ms(call.ended)}
        row |= {"released_by": RELEASED_BY[call.released_by], "release_cause": call.plot.cause}
    if call.plot.outcome == "answered":
        row["talk_seconds"] = call.talk_seconds
    return row


def _parties(call: Call) -> dict[str, str]:
    parties = call.parties
    if parties.number_b is None:
        return {"caller": parties.number_a}
    row = {
        "binding_id": str(parties.sub_id),
        "order_id": str(parties.order_id),
        "number_a": parties.number_a,
        "number_b": parties.number_b,
    }
    if call.plot.outcome == "blocked":
        # The report of a blocked call does not say who called whom, and its start may be lost.
        return row
    if call.incoming:
        return row | {"direction": "b_to_a", "caller": parties.number_b, "callee": parties.number_a}
    return row | {"direction": "a_to_b", "caller": parties.number_a, "callee": parties.number_b}
