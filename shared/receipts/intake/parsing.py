"""From an envelope to what its receipts tell, and to letters for what tells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.aliyun import pushes
from receipts.contents.bodies import Broken
from receipts.domain.letter import Letter, sighting
from receipts.errors import BadReceipt, InvalidReceipt, UnknownType
from receipts.huawei import notifications
from receipts.logs import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from receipts.contents.bodies import Sent
    from receipts.contents.message_type import MessageType
    from receipts.contents.named import Named
    from receipts.joining.facts import Fact
    from receipts.joining.subject import Subject
    from receipts.journal.envelope import Envelope
    from receipts.recordings.announcement import Announcement

# How the receipts in an envelope are found, by vendor.
READERS: dict[str, Callable[[Envelope], Iterator[Named | Broken]]] = {
    "aliyun": pushes.named_in,
    "huawei": notifications.named_in,
}

# A body of a million elements that are none would else be a million letters, and sink what came in the same batch.
MOST_LETTERS = 1000


class ParsedReceipt(NamedTuple):
    """One receipt, understood: the row it tells of, the fact, where it came from, and which recordings it announces."""

    subject: Subject
    identity: str
    kind: str
    fact: Fact
    sent: Sent
    envelope: Envelope
    announced: tuple[Announcement, ...] = ()

    def letter(self, why: BadReceipt) -> Letter:
        """The letter for this receipt, when its row cannot be stored."""
        return letter_of(self.envelope, self.sent.raw, self.sent.place, why)


def told_by(envelope: Envelope) -> Iterator[ParsedReceipt | Letter]:
    """Everything the envelope's body tells, in order.

    After `MOST_LETTERS` letters, one more with the whole body stands for all that follow.
    """
    read = READERS.get(envelope.vendor)
    if read is None:
        yield letter_of(envelope, envelope.body, 0, UnknownType("no models for this vendor"))
        return
    bad = 0
    for item in read(envelope):
        # Most often it is the envelope's already.
        of_type = envelope if item.type in ("", envelope.type) else envelope._replace(type=item.type)
        told = item if isinstance(item, Broken) else _told(item, of_type)
        if isinstance(told, ParsedReceipt):
            yield told
            continue
        bad += 1
        if bad <= MOST_LETTERS:
            yield letter_of(of_type, told.raw, told.place, told.why)
        elif bad == MOST_LETTERS + 1:
            yield letter_of(envelope, envelope.body, 0, InvalidReceipt(f"more than {MOST_LETTERS} bad receipts"))


def _told(item: Named, envelope: Envelope) -> ParsedReceipt | Broken:
    """The receipt, understood, or what is wrong with it."""
    # No error is kept in a variable: its traceback leads back to this frame, and such a circle keeps the whole batch.
    try:
        return _understood(item.message_type, item.sent, envelope)
    except BadReceipt as error:
        return Broken(item.sent.raw, item.sent.place, error)
    except Exception as error:  # noqa: BLE001 - a defect met by one receipt must not sink its neighbours
        why = InvalidReceipt(f"defect, please report: {place(error)}")
        return Broken(item.sent.raw, item.sent.place, why)


def _understood(message_type: MessageType, sent: Sent, envelope: Envelope) -> ParsedReceipt:
    receipt = message_type.model.read(sent.receipt)
    subject = message_type.subject
    fact = subject.fact(sent.receipt, receipt)
    announced = message_type.announced(receipt, envelope.at)
    return ParsedReceipt(
        subject, message_type.identity(receipt), message_type.kind(receipt), fact, sent, envelope, announced
    )


def letter_of(envelope: Envelope, raw: bytes, place: int, why: BadReceipt) -> Letter:
    """The letter for what stood at this place of an envelope's body."""
    seen = sighting(envelope.id, envelope.part, place)
    vendor, kind = _storable(envelope.vendor), _storable(envelope.type)
    return Letter(why.reason, vendor, kind, raw, str(why), envelope.at, seen)


def _storable(name: str) -> str:
    """The name with a question mark for each half character, which no column can hold."""
    return name.encode("utf-8", "replace").decode()
