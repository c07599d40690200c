"""What is pushed and what is taken in: made up, of realistic size, the same in every run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from local.golden import EVENTS
from local.golden.bodies import Bodies, compact
from local.golden.envelope import envelope
from local.golden.shapes import cloud_event, http_event
from local.stack import PUSH_TOKEN
from local.story import story
from local.story.receipts import TELLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.story import Expectation, Push

RECEIPTS_PER_PUSH = 50
CALLS_FOR_A_PUSH = 100
SEED = 20261120
STRETCHES, CALLS_OF_A_STRETCH = 22, 85
OF_A_CALL = {message_type for message_type, _ in TELLERS.values()}
# The queue trigger's window in template.yml.
MESSAGES_PER_EVENT = 100
TYPE = "SecretReport"


def large_push() -> bytes:
    """The body of one push of 50 call records: made-up calls, with links to the recording where somebody answered."""
    pushes = [push for push in story(SEED, CALLS_FOR_A_PUSH).pushes if push.message_type == TYPE]
    records = {record["call_id"]: record for push in pushes for record in receipts_in(push.body) if "call_id" in record}
    answered = Bodies(EVENTS / "bodies").receipts(TYPE)[0]
    links = {name: answered[name] for name in ("record_url", "ring_record_url")}
    chosen = list(records.values())[:RECEIPTS_PER_PUSH]
    return compact([record | (links if record["start_time"] != record["release_time"] else {}) for record in chosen])


def push_event(body: bytes) -> bytes:
    """The event that the HTTP trigger makes of a push."""
    return json.dumps(http_event(f"/aliyun/{PUSH_TOKEN}/{TYPE}", body.decode(), number=1)).encode()


class Batch(NamedTuple):
    """One event of the queue trigger and, for who stores them one by one, the receipts in it with their types."""

    event: bytes
    receipts: list[tuple[str, dict[str, Any]]]


def batches() -> list[Batch]:
    """A busy hour as the queue trigger's events: each holds what came of one stretch of it, in no order.

    A stretch is 85 calls of about four receipts each, with the texts and the rest beside them, in some 85 pushes of
    1 to 8 receipts: an event that is nearly full, as events are when throughput matters.
    """
    # Something is wrong in the first stretch only: dead letters are rarer than receipts by far.
    stretches = [story(SEED + n, CALLS_OF_A_STRETCH, flawed=n == 0).pushes for n in range(STRETCHES)]
    return [_batch(pushes, MESSAGES_PER_EVENT * number) for number, pushes in enumerate(stretches)]


def shuffled() -> list[Batch]:
    """The worst case beside it: the receipts of a call are spread over the whole day, so that none meet in an event."""
    pushes = story(SEED, CALLS_OF_A_STRETCH * STRETCHES).pushes
    return [_batch(pushes[at : at + MESSAGES_PER_EVENT], at) for at in range(0, len(pushes), MESSAGES_PER_EVENT)]


class Day(NamedTuple):
    """What is in the vendor's queues: the messages of all of them, (type, body), and what must come of it."""

    messages: list[tuple[str, bytes]]
    expected: Expectation

    def messages_of(self, message_type: str) -> list[tuple[str, bytes]]:
        """Those of one queue."""
        return [message for message in self.messages if message[0] == message_type]


def day(stretches: int, calls: int) -> Day:
    """A busy time as the vendor's queues hold it: one receipt to a message, stretch after stretch, each in no order.

    The texts, numbers and parcels are those of the first stretch: the others tell of the same ones, differently.
    """
    stories = [story(SEED + n, calls, flawed=False) for n in range(stretches)]
    messages = [
        (push.message_type, compact(one))
        for n, each in enumerate(stories)
        for push in each.pushes
        if n == 0 or push.message_type in OF_A_CALL
        for one in receipts_in(push.body)
    ]
    expected = [each.expected for each in stories]
    together = replace(
        expected[0],
        calls={call_id: columns for one in expected for call_id, columns in one.calls.items()},
        told={call_id: kinds for one in expected for call_id, kinds in one.told.items()},
        transcripts=frozenset(call_id for one in expected for call_id in one.transcripts),
        recordings=frozenset(recording_id for one in expected for recording_id in one.recordings),
    )
    return Day(messages, together)


def _batch(pushes: list[Push], first: int) -> Batch:
    messages = [
        cloud_event(envelope(push.message_type, push.body, number), number)
        for number, push in enumerate(pushes, start=first)
    ]
    receipts = [(push.message_type, receipt) for push in pushes for receipt in receipts_in(push.body)]
    return Batch(json.dumps(messages).encode(), receipts)


def receipts_in(body: bytes) -> Iterator[dict[str, Any]]:
    """The receipts of a push's body; none if it is not JSON."""
    try:
        value = json.loads(body)
    except ValueError:
        return
    yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict))
