"""Aliyun's receipts: all of one body are of the type that the push or the queue is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.aliyun import catalogue
from receipts.contents.bodies import Broken, receipts_in
from receipts.contents.named import Named
from receipts.errors import UnknownType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.journal.envelope import Envelope


def named_in(envelope: Envelope) -> Iterator[Named | Broken]:
    """Every receipt of the envelope's body, with its type, and whatever of it is not one."""
    message_type = catalogue.find(envelope.type)
    if message_type is None:
        # Kept whole: a later version knows how to take it apart.
        yield Broken(envelope.body, 0, UnknownType("no model for this message type"))
        return
    for one in receipts_in(envelope.body):
        yield one if isinstance(one, Broken) else Named(envelope.type, message_type, one)
