"""Takes Huawei's notifications apart: which type each is of, by its body alone, and the receipts that it holds.

A notification is one object. `fee` and `numStatus` hold a list of receipts, the others one, in an object of its own:
that is read together with the fields beside it. A bare element of a list is taken as well where the envelope says
what it is: as such it stands in a dead letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from receipts.contents.bodies import Broken, Damaged, Listed, Sent, in_damaged_list, item, receipts_in
from receipts.contents.named import Named
from receipts.domain.letter import UNKNOWN
from receipts.errors import InvalidReceipt, UnknownType
from receipts.huawei import catalogue
from receipts.vendor.receipt import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.contents.message_type import MessageType
    from receipts.journal.envelope import Envelope

# A type that is not known names its dead letter: a word may stand there, a number of somebody's may not, nor parts of
# one: at most three digits in a row, and six in all.
_WORD = re.compile(r"(?!.*\d{4})(?!(?:\D*\d){7})[A-Za-z]\w{0,39}", re.ASCII)
LISTS = {catalogue.RECORDS: "feeLst", catalogue.STATES: "numInfo"}
# What is not the vendor's to tell.
RECEIVED = ("receivedat", "receivedplace")
EVENT_TYPE, STATUS, TEXT, TEXT_ID = "eventType", "statusInfo", "smsEvent", "smsIdentifier"


def named_in(envelope: Envelope) -> Iterator[Named | Broken]:
    """Every receipt of the envelope's body, with its type, and whatever of it is not one."""
    for one in receipts_in(envelope.body):
        if not isinstance(one, Sent):
            yield one
            yield from _saved(one, envelope)
        elif not isinstance(one.body, Damaged):
            yield from _taken_apart(one, envelope)


def _taken_apart(sent: Sent, envelope: Envelope) -> Iterator[Named | Broken]:
    name = _type_of(sent.receipt, envelope.type)
    found = catalogue.find(name)
    if found is None:
        yield Broken(sent.raw, sent.place, UnknownType("no model for this event type"), name)
        return
    name, message_type = found
    if name not in LISTS:
        yield _single(sent, name, message_type)
        return
    if _member(sent.receipt, EVENT_TYPE) in (None, ""):
        yield _named(name, message_type, sent, envelope)
        return
    values = _member(sent.receipt, LISTS[name])
    values = [values] if isinstance(values, dict) else values
    if not isinstance(values, list):
        yield Broken(sent.raw, sent.place, InvalidReceipt(f"holds no list {LISTS[name]}"), name)
        return
    body = Listed(sent.raw, LISTS[name], values)
    for place, value in enumerate(values):
        one = item(body, place, value)
        if isinstance(one, Sent):
            yield _named(name, message_type, one, envelope)
        else:
            yield one._replace(type=name)


def _saved(broken: Broken, envelope: Envelope) -> Iterator[Named | Broken]:
    """What can be read of a body that as a whole cannot: its neighbours' fault costs a receipt nothing.

    Whole notifications, then the lists in what is left. A bare receipt counts only where the envelope says what it is
    and no list holds it.
    """
    body = Damaged(broken.raw)
    whole: list[Sent] = []
    bare: list[Sent] = []
    for sent in body.receipts():
        (bare if _member(sent.receipt, EVENT_TYPE) is _member(sent.receipt, TEXT) is None else whole).append(sent)
    for sent in whole:
        yield from _taken_apart(sent, envelope)
    rest = body.without(whole)
    lists = {name: in_damaged_list(rest, member) for name, member in LISTS.items()}
    for name, listed in lists.items():
        for sent in listed:
            yield _named(name, catalogue.MESSAGE_TYPES[name], sent, envelope)
    if catalogue.find(envelope.type) and not any(lists.values()):
        for sent in bare:
            yield from _taken_apart(sent, envelope)


def _type_of(receipt: dict[str, Any], otherwise: str) -> str:
    """The type that a notification says it is of; a bare receipt does not say."""
    event_type = _member(receipt, EVENT_TYPE)
    if isinstance(event_type, str):
        event_type = event_type.strip()
    if event_type in (None, ""):
        return TEXT if _member(receipt, TEXT) is not None else otherwise
    if event_type == catalogue.DECISION and _member(receipt, TEXT_ID) is not None:
        return catalogue.TEXT_DECISION
    return event_type if isinstance(event_type, str) and _WORD.fullmatch(event_type) else UNKNOWN


def _single(sent: Sent, name: str, message_type: MessageType) -> Named | Broken:
    """The receipt in an object of its own, with the fields beside that; those within count where both are told.

    A list of exactly one object is that object.
    """
    wrapper = TEXT if name == catalogue.TEXT else STATUS
    beside = {key: value for key, value in sent.receipt.items() if squeezed(key) != squeezed(wrapper)}
    within = _member(sent.receipt, wrapper)
    if within is None:
        within = {}
    if isinstance(within, list) and len(within) == 1:
        within = within[0]
    if not isinstance(within, dict):
        return Broken(sent.raw, sent.place, InvalidReceipt(f"{wrapper} is not a JSON object"), name)
    return Named(name, message_type, sent._replace(receipt={**beside, **within}))


def _named(name: str, message_type: MessageType, sent: Sent, envelope: Envelope) -> Named:
    if name == catalogue.STATES:
        # The vendor tells no time: what is newer can only be known by when it came.
        own = {name: value for name, value in sent.receipt.items() if squeezed(name) not in RECEIVED}
        came = {"receivedAt": envelope.at, "receivedPlace": envelope.part + sent.place}
        sent = sent._replace(receipt=own | came)
    return Named(name, message_type, sent)


def _member(receipt: dict[str, Any], name: str) -> Any:
    """The member of that name, whatever its case and underscores."""
    if name in receipt:
        return receipt[name]
    wanted = squeezed(name)
    return next((value for key, value in receipt.items() if squeezed(key) == wanted), None)
