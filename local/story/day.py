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
from local.story.ways import Queued, Ways, all_pushed, divided
from local.story.world import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from local.story.world import Receipt


class Story(NamedTuple):
    """A day.

    Attributes:
        pushes: in the order in which they arrive.
        expected: what must come of all the receipts, whichever way they come.
        recordings: what the vendor recorded.
        queued: the messages of the vendor's queues, likewise in their order.
        ways: how many receipts come which way, those aside with which something is wrong.
    """

    pushes: list[Push]
    expected: Expectation
    recordings: list[Recording]
    queued: list[Queued]
    ways: Ways


def to_nowhere(file: str) -> str:
    """A link to a recording as the vendor's look, on a host that does not exist."""
    return f"https://recordings.invalid/{file}?Expires=1797746703&OSSAccessKeyId=LTAIexample&Signature=made-up"


def story(  # noqa: PLR0913 - keyword defaults: what most callers leave alone
    seed: int,
    calls: int,
    *,
    flawed: bool = True,
    by_queue: bool = False,
    link: Callable[[str], str] = to_nowhere,
    day: date = DAY,
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
        by_queue: whether some receipts of the calls come by the vendor's queues, alone or besides being pushed;
            what must come of the day is the same.
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
    told: defaultdict[str, set[str]] = defaultdict(set)
    for call in drawn:
        for message_type, receipt in tell(call):
            mail[message_type].append(receipt | links[call.call_id] if message_type == "SecretReport" else receipt)
            if message_type != "SecretAsrReport":
                told[f"aliyun:{call.call_id}"].add(message_type)
    mail["SecretSmsIntercept"], texts = sides.texts(rng, 1 + calls // 6, midnight)
    mail["NumberManagementReport"], managed = sides.managed_numbers(rng, min(2 + calls // 50, 9999), midnight)
    mail["SecretExceptionPhoneReport"], troubled = sides.troubled_numbers(rng, min(2 + calls // 50, 9999), midnight)
    mail["SmartLogisticsReport"], parcels = sides.parcels(rng, 1 + calls // 20, midnight)
    expected = Expectation(
        calls={f"aliyun:{call.call_id}": columns(call) for call in drawn},
        told={call_id: frozenset(types) for call_id, types in told.items()},
        transcripts=frozenset(f"aliyun:{call.call_id}" for call in drawn if "transcript" in call.kinds),
        recordings=frozenset(recording.recording_id for recording in recordings),
        texts=texts,
        numbers=managed | troubled,
        parcels=parcels,
        dead_letters=dict(flaws.DEAD_LETTERS) if flawed else {},
    )
    # Drawn apart, too.
    ways = Random(f"ways of {seed}")
    pushed, queued, counts = divided(ways, mail) if by_queue else all_pushed(mail)
    pushes = _arriving(rng, pushed) if flawed else delivered(rng, _in_pushes(rng, pushed))
    return Story(pushes, expected, recordings, delivered(ways, queued), counts)


def _in_pushes(rng: Random, mail: dict[str, list[Receipt]]) -> list[Push]:
    return [push for message_type, receipts in mail.items() for push in in_pushes(rng, message_type, receipts)]


def _arriving(rng: Random, mail: dict[str, list[Receipt]]) -> list[Push]:
    # The neighbours of the poison come in no other push: if it sinks them, they are missed.
    neighbours, reports = mail["SecretReport"][: flaws.NEIGHBOURS], mail["SecretReport"][flaws.NEIGHBOURS :]
    pushes = _in_pushes(rng, {**mail, "SecretReport": reports})
    return delivered(rng, [*pushes, flaws.poisoned(rng, neighbours), flaws.unknown_type(rng), flaws.cut_off(rng)])
