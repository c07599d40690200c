"""What is wrong in a day's mail, and must end as a dead letter without harm to the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.story.calls import draw
from local.story.post import Push, body
from local.story.receipts import report
from local.story.world import happens

if TYPE_CHECKING:
    from random import Random

    from local.story.world import Receipt

# So many good receipts stand beside the poison, and in no other push.
NEIGHBOURS = 2
# One letter each, however often its push arrives.
DEAD_LETTERS = {"invalid": 1, "unknown_type": 1, "not_json": 1}


def poisoned(rng: Random, neighbours: list[Receipt]) -> Push:
    """A push of SecretReport: good neighbours, in their middle one that nobody can place."""
    poison = report(draw(rng, 0, 1))
    if happens(rng, 50):
        del poison["call_id"]
    else:
        poison["call_time"] = "2026-11-20 25:61:00"
    middle = (len(neighbours) + 1) // 2
    return Push("SecretReport", body([*neighbours[:middle], poison, *neighbours[middle:]]))


def unknown_type(rng: Random) -> Push:
    """A receipt of a type that does not exist yet."""
    return Push("SecretFutureReport", body([{"call_id": f"{rng.getrandbits(64):016x}", "news": "?"}]))


def cut_off(rng: Random) -> Push:
    """A body that ends in the middle."""
    whole = body([report(draw(rng, 0, 1))])
    return Push("SecretReport", whole[: len(whole) // 2])
