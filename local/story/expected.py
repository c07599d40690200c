"""What must be in the tables once a day's receipts are taken in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expectation:
    """The end of the day, in the words of the tables.

    Attributes:
        calls: `call_id` as in the table (`aliyun:<id>`) -> the columns that must hold these values. A column that
            is missing here is not promised, except `outcome`: without it the call has not ended. No other
            call may exist.
        told: `call_id` of every call -> the types of the receipts that its row must keep: all that told of it, but
            for the transcript.
        transcripts: `call_id` of every transcript.
        recordings: `recording_id` of every recording that a SecretRecording or a link in a report tells of.
        texts: the vendor's `id` of every text, in digits.
        numbers: `number_x` -> `state`, of every number that a receipt told something about.
        parcels: `mail_no` -> the newest logistics status.
        dead_letters: reason -> how many different letters.
    """

    calls: dict[str, dict[str, str | int]]
    told: dict[str, frozenset[str]]
    transcripts: frozenset[str]
    recordings: frozenset[str]
    texts: frozenset[str]
    numbers: dict[str, str]
    parcels: dict[str, str]
    dead_letters: dict[str, int]
