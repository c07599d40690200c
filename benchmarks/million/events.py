"""Endless events of the queue trigger: a few made-up stretches of a day, told again and again about new calls.

Only the ids are new each time, put into a text that was made once: making an event takes a hundredth of what storing
it does. One push in ten comes with the next event, so that rows are joined that were stored by an earlier batch.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.workload import CALLS_OF_A_STRETCH, SEED, receipts_in
from local.golden.envelope import envelope
from local.golden.shapes import cloud_event
from local.story import story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from local.story import Push

STRETCHES = 8
ONE_IN_SO_MANY_COMES_LATER = 10
# Escaped once or twice, as a body stands in an envelope and that in an event.
_CALL = rb'call_?[iI]d[\\"]+:[\\"]+([0-9a-f]{16})'
_TEXT = rb'[^_]id[\\"]+:(3[0-9]{12})'
_PARCEL = rb"YT([0-9]{13})"
_REQUEST = rb"1-6b0f0000-([0-9]{12})"
_IDS = re.compile(b"|".join((_CALL, _TEXT, _PARCEL, _REQUEST)))
# Odd: no two tellings give a call the same id.
_SPREAD = 0x9E3779B97F4A7C15
_64_BITS = (1 << 64) - 1


class _Id(NamedTuple):
    """An id in a text: what it is, its number, and how much the next telling's is greater (0: it is mixed)."""

    number: int
    step: int
    form: str

    def told(self, telling: int) -> bytes:
        if self.step:
            return (self.form % (self.number + telling * self.step)).encode("ascii")
        return (self.form % (self.number ^ (telling * _SPREAD & _64_BITS))).encode("ascii")


# By the group of the pattern that found it. A stretch has fewer than 100 texts and parcels, and than 1,000 pushes.
_FORMS = {1: (16, 0, "%016x"), 2: (10, 100, "%013d"), 3: (10, 100, "%013d"), 4: (10, 1000, "%012d")}


class _Part:
    """Messages of one stretch that come in one event."""

    def __init__(self, pushes: list[tuple[int, Push]]) -> None:
        self.receipts = sum(len(list(receipts_in(push.body))) for _, push in pushes)
        messages = [cloud_event(envelope(push.message_type, push.body, at), at) for at, push in pushes]
        text = json.dumps(messages).encode()[1:-1]
        self._pieces: list[bytes] = []
        self._ids: list[_Id] = []
        end = 0
        for found in _IDS.finditer(text):
            group = found.lastindex or 0
            base, step, form = _FORMS[group]
            self._pieces.append(text[end : found.start(group)])
            self._ids.append(_Id(int(found[group], base), step, form))
            end = found.end(group)
        self._rest = text[end:]

    def told(self, telling: int) -> bytes:
        """The messages, without brackets, about the calls of that telling."""
        ids = (one.told(telling) for one in self._ids)
        return b"".join(piece for both in zip(self._pieces, ids, strict=True) for piece in both) + self._rest


class Events:
    """Events by number; the same number gives the same event."""

    def __init__(self) -> None:
        # Something is wrong in one of them: a few letters in some thousand receipts.
        stretches = [
            list(enumerate(story(SEED + n, CALLS_OF_A_STRETCH, flawed=n == 0).pushes)) for n in range(STRETCHES)
        ]
        every = ONE_IN_SO_MANY_COMES_LATER
        self._prompt = [_Part([one for one in pushes if one[0] % every]) for pushes in stretches]
        self._late = [_Part([one for one in pushes if not one[0] % every]) for pushes in stretches]

    def event(self, number: int) -> tuple[int, bytes]:
        """How many receipts are in the event, and the event; `number` from 1."""
        prompt, late = self._prompt[number % STRETCHES], self._late[(number - 1) % STRETCHES]
        return prompt.receipts + late.receipts, b"[" + prompt.told(number) + b"," + late.told(number - 1) + b"]"

    def of(self, receipts: int, first: int) -> Iterator[tuple[int, bytes]]:
        """Events from number `first` on, until they hold so many receipts."""
        number = first
        while receipts > 0:
            held, event = self.event(number)
            yield held, event
            receipts, number = receipts - held, number + 1


def send(receipts: int, first: int, to: Connection) -> None:
    """Send the events, each after its number of receipts; to be run in a process of its own."""
    for held, event in Events().of(receipts, first):
        to.send(held)
        to.send_bytes(event)
    to.close()
