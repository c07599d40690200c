"""The day as a whole."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from local.story import flaws, sides
from local.story.calls import columns, draw
from local.story.expected import Expectation
from local.story.post import Push, delivered, in_pushes
from local.story.receipts import tell
from local.story.recordings import Recording, recorded
from local.story.world import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from local.story.world import Receipt


class Story(NamedTuple):
    """The pushes in the order in which they arrive, what must come of them, and what the vendor recorded."""

    pushes: list[Push]
    expected: Expectation
    recordings: list[Recording]


def to_nowhere(file: str) -> str:
    """A link to a recording as the vendor's look, on a host that does not exist."""
    return f"https://recordings.invalid/{file}?Expires=1797746703&OSSAccessKeyId=LTAIexample&Signature=made-up"


def story(
    seed: int, calls: int, *, flawed: bool = True, link: Callable[[str], str] = to_nowhere, day: date = DAY
) -> Story:
    """Make up a day of `calls` calls with the texts, numbers and parcels that come beside them.

    The same arguments give the same day. From 11 calls on, every outcome and every unfinished state occurs, a
    recording of a talk and some of ringing too; how their links are made changes nothing else.
    Receipts of a call come apart, in any order, some twice; one receipt is unreadable among good
    neighbours, one push is of an unknown type, one is cut off.

    Args:
        seed: which day.
        calls: how many calls, 1 or more.
        flawed: whether something is wrong with some of the pushes.
        link: makes the link to a recording from its file's name: a file host's `url`.
        day: when it all happens, in China, but for what is unreadable: recordings of long ago may count as lost.
    """
    if calls < 1:
        raise ValueError("a story needs a call")
    rng, midnight = Random(seed), (day - DAY).days * 24 * HOUR
    drawn = [draw(rng, number, calls, midnight) for number in range(calls)]
    # Drawn apart, so that what is recorded changes nothing of what else happens.
    recordings = list(recorded(Random(f"recordings of {seed}"), drawn))
    links: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for recording in recordings:
        if recording.linked:
            links[recording.call_id][recording.link_field] = link(recording.file)
    mail: defaultdict[str, list[Receipt]] = defaultdict(list)
    for call in drawn:
        for message_type, receipt in tell(call):
            mail[message_type].append(receipt | links[call.call_id] if message_type == "SecretReport" else receipt)
    mail["SecretSmsIntercept"], texts = sides.texts(rng, 1 + calls // 6, midnight)
    mail["NumberManagementReport"], managed = sides.managed_numbers(rng, min(2 + calls // 50, 9999), midnight)
    mail["SecretExceptionPhoneReport"], troubled = sides.troubled_numbers(rng, min(2 + calls // 50, 9999), midnight)
    mail["SmartLogisticsReport"], parcels = sides.parcels(rng, 1 + calls // 20, midnight)
    expected = Expectation(
        calls={f"aliyun:{call.call_id}": columns(call) for call in drawn},
        transcripts=frozenset(f"aliyun:{call.call_id}" for call in drawn if "transcript" in call.kinds),
        recordings=frozenset(recording.recording_id for recording in recordings),
        texts=texts,
        numbers=managed | troubled,
        parcels=parcels,
        dead_letters=dict(flaws.DEAD_LETTERS) if flawed else {},
    )
    pushes = _arriving(rng, mail) if flawed else delivered(rng, _in_pushes(rng, mail))
    return Story(pushes, expected, recordings)


def _in_pushes(rng: Random, mail: dict[str, list[Receipt]]) -> list[Push]:
    return [push for message_type, receipts in mail.items() for push in in_pushes(rng, message_type, receipts)]


def _arriving(rng: Random, mail: dict[str, list[Receipt]]) -> list[Push]:
    # The neighbours of the poison come in no other push: if it sinks them, they are missed.
    neighbours, reports = mail["SecretReport"][:2], mail["SecretReport"][2:]
    pushes = _in_pushes(rng, {**mail, "SecretReport": reports})
    return delivered(rng, [*pushes, flaws.poisoned(rng, neighbours), flaws.unknown_type(rng), flaws.cut_off(rng)])
