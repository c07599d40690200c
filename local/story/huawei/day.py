"""The day as a whole; a pure function, so that what must come of it is known from how it was made up."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from local.story.huawei.calls import HuaweiRecording, columns, draw, recording_of
from local.story.huawei.notifications import events, kinds, record, text
from local.story.world import DAY, HOUR

if TYPE_CHECKING:
    from datetime import date

    from local.story.expected import Expectation

MOST_RECORDS = 4


class HuaweiDay(NamedTuple):
    """The notifications' bodies in the order in which they arrive, and what must come of them.

    Attributes:
        notifications: each is pushed by itself.
        calls: `call_id` -> the columns that must hold these values.
        told: `call_id` -> the kinds of receipts that its row must keep.
        texts: the vendor's id of every text.
        numbers: `number_x` -> `state`.
        recordings: what the vendor recorded.
    """

    notifications: list[bytes]
    calls: dict[str, dict[str, str | int]]
    told: dict[str, frozenset[str]]
    texts: frozenset[str]
    numbers: dict[str, str]
    recordings: list[HuaweiRecording]


def huawei_day(seed: int, calls: int = 12, link: Any = None, day: date = DAY) -> HuaweiDay:
    """Make up a day. The same arguments give the same day; from 8 calls on every ending occurs.

    Args:
        seed: which day.
        calls: how many calls.
        link: makes the link to a recording from its file's name (None: call records hold no links).
        day: when it happens, in China.
    """
    rng, midnight = Random(f"huawei {seed}"), (day - DAY).days * 24 * HOUR
    drawn = [draw(rng, number, midnight, linked=link is not None) for number in range(calls)]
    records = [record(call, link) for call in drawn]
    bodies = [body for call in drawn for body in events(call)]
    left = records + rng.sample(records, 1 + calls // 10)
    rng.shuffle(left)
    bodies += [
        {"eventType": "fee", "feeLst": left[start : start + MOST_RECORDS]}
        for start in range(0, len(left), MOST_RECORDS)
    ]
    texts = [text(rng, number, midnight) for number in range(1 + calls // 6)]
    numbers = {f"+8617100{number:06d}": state for number, state in enumerate(("5", "10", "9", "11"), 1)}
    bodies += texts
    bodies.append(
        {"eventType": "numStatus", "numInfo": [{"number": x, "status": state} for x, state in numbers.items()]}
    )
    bodies += rng.sample(bodies, 1 + len(bodies) // 10)
    rng.shuffle(bodies)
    words = {"5": "normal", "9": "suspended", "10": "unavailable", "11": "frozen"}
    return HuaweiDay(
        notifications=[json.dumps(body, separators=(",", ":")).encode() for body in bodies],
        calls={f"huawei:{call.session_id}": columns(call) for call in drawn},
        told={f"huawei:{call.session_id}": kinds(call) for call in drawn},
        texts=frozenset(body["smsEvent"]["smsIdentifier"] for body in texts),
        numbers={x: words[state] for x, state in numbers.items()},
        recordings=[recording_of(call) for call in drawn if call.recorded],
    )


def with_both(expected: Expectation, day: HuaweiDay) -> Expectation:
    """What must come of both vendors' days together."""
    return replace(
        expected,
        calls=expected.calls | day.calls,
        told=expected.told | day.told,
        texts=expected.texts | day.texts,
        numbers=expected.numbers | day.numbers,
        recordings=expected.recordings | {one.recording_id for one in day.recordings},
    )
