"""A receipt of a body, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from receipts.contents.bodies import Sent
    from receipts.contents.message_type import MessageType


class Named(NamedTuple):
    """One receipt with its message type, and that type's name as a dead letter would have it."""

    type: str
    message_type: MessageType
    sent: Sent
