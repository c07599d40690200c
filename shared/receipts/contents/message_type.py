"""One type of message: which model reads it, which row it tells of, and as which kind of fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.joining.subject import Subject
    from receipts.recordings.announcement import Announcement
    from receipts.vendor.receipt import VendorReceipt


def no_recordings(_: VendorReceipt, __: int) -> tuple[Announcement, ...]:
    """What most receipts announce."""
    return ()


class MessageType(NamedTuple):
    """One message type.

    Attributes:
        model: reads a receipt of this type.
        subject: the rows it tells of.
        prefix: stands before the field's value in the key, where keys of several vendors share a table.
        field: the field whose value names the row.
        kind: the fact's kind in the row, from the receipt.
        announced: the recordings that a receipt announces, when it was received at so many epoch milliseconds.
    """

    model: type[VendorReceipt]
    subject: Subject
    prefix: str
    field: str
    kind: Callable[[VendorReceipt], str]
    announced: Callable[[VendorReceipt, int], tuple[Announcement, ...]] = no_recordings

    def identity(self, receipt: VendorReceipt) -> str:
        """The row's key, without its shard."""
        return f"{self.prefix}{getattr(receipt, self.field)}"


def always(kind: str) -> Callable[[VendorReceipt], str]:
    """One kind, whatever the receipt."""
    return lambda _: kind
