"""What the rows of a table are about, and how receipts tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from receipts.errors import InvalidReceipt
from receipts.joining.facts import Fact, Facts, canonical
from receipts.json_text import parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from receipts.domain.row import Row
    from receipts.vendor.receipt import VendorReceipt


@dataclass(frozen=True, eq=False)
class Subject:
    """One kind of thing, told by one vendor's receipts.

    Attributes:
        table: the table's name, without prefix.
        model: the model of a kind of receipt. Raises KeyError for a kind that is not known.
        rank: how new a receipt is among those of its kind, from its content alone.
        row: the columns: a pure function of the receipts (kind to receipt).
        most_facts: so many of the newest facts are kept; None keeps all, as a row has few kinds.
    """

    table: str
    model: Callable[[str], type[VendorReceipt]]
    rank: Callable[[VendorReceipt], tuple[int, ...]]
    row: Callable[[Mapping[str, VendorReceipt]], Row]
    most_facts: int | None = None

    def fact(self, sent: dict[str, Any], receipt: VendorReceipt) -> Fact:
        """A receipt as a fact; of two that are equally new the one that tells more counts as newer."""
        told = len(sent) - list(sent.values()).count(None)
        return Fact((*self.rank(receipt), told), canonical(sent), receipt)

    def facts(self, text: str) -> Facts:
        """The facts in a stored column. Raises InvalidReceipt when this version cannot read them."""
        stored: dict[str, dict[str, Any]] = parsed(text)
        try:
            return {kind: self.fact(sent, self.model(kind).read(sent)) for kind, sent in stored.items()}
        except KeyError:
            raise InvalidReceipt("its row holds receipts of a kind that is not known here") from None

    def kept(self, facts: Facts) -> Facts:
        """The facts that stay in the row. The newest of a union are found in the newest of its parts."""
        if self.most_facts is None or len(facts) <= self.most_facts:
            return facts
        newest = sorted(facts, key=lambda kind: (facts[kind].rank, facts[kind].text, kind), reverse=True)
        return {kind: facts[kind] for kind in newest[: self.most_facts]}
