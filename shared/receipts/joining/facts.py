"""The facts of a row: a join-semilattice.

Facts map a kind of receipt to the newest receipt of that kind, whole. Two sets of facts join kind by kind: of two
receipts the one with the greater rank stays. The rank depends on content alone and no two different receipts have
the same one (it ends with the content itself), so joining is commutative, associative and idempotent: any order,
duplication or split of the same receipts ends in the same facts.
"""

from __future__ import annotations

import hashlib
import json
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from receipts.errors import InvalidReceipt
from receipts.nesting import MOST_DEPTH, too_deep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from receipts.vendor.receipt import VendorReceipt

REVISION_BYTES = 8
INT64_MASK = 2**63 - 1
_RULES = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
# Its `encode` would still make its C part anew for every receipt, which takes as long as a small one itself. Without
# a search for circles: JSON that was parsed has none.
_ENCODED = json.encoder.c_make_encoder(  # type: ignore[attr-defined]  # in CPython, if not in typeshed
    None,
    _RULES.default,
    json.encoder.encode_basestring,
    None,
    _RULES.key_separator,
    _RULES.item_separator,
    _RULES.sort_keys,
    _RULES.skipkeys,
    _RULES.allow_nan,
)
# What `to_json` writes as `_ENCODED` does. Not a float: 1e16 is written in more than one way.
_WRITTEN_ALIKE = {str, int, bool, type(None)}


class Fact(NamedTuple):
    """One receipt as it is kept.

    Attributes:
        rank: how new and how complete it is among receipts of its kind.
        text: its canonical JSON, whole, unknown fields included.
        receipt: the same, read by its model.
    """

    rank: tuple[int, ...]
    text: str
    receipt: VendorReceipt

    def newer_than(self, other: Fact) -> bool:
        """Whether it takes the other's place: a total order, because equal texts are equal receipts."""
        return (self.rank, self.text) > (other.rank, other.text)


Facts = dict[str, Fact]


def canonical(receipt: Any) -> str:
    """The one way in which equal JSON values are written.

    Raises:
        InvalidReceipt: it holds something that JSON or UTF-8 cannot (NaN, half a character), or nests too deep.
    """
    try:
        if type(receipt) is dict and _WRITTEN_ALIKE.issuperset(map(type, receipt.values())):
            # Flat, as most receipts are: so in half the time.
            return to_json({name: receipt[name] for name in sorted(receipt)}).decode()
        text = "".join(_ENCODED(receipt, 0))
        text.encode()
    except RecursionError:
        raise InvalidReceipt(f"is nested deeper than {MOST_DEPTH}") from None
    except ValueError:
        raise InvalidReceipt("holds a number or a character that cannot be stored") from None
    if text.count("[") + text.count("{") > MOST_DEPTH and too_deep(receipt):
        raise InvalidReceipt(f"is nested deeper than {MOST_DEPTH}")
    return text


def joined(sets: Iterable[Facts]) -> Facts:
    """All the sets of facts as one."""
    result: Facts = {}
    for facts in sets:
        for kind, fact in facts.items():
            held = result.get(kind)
            if held is None or fact.newer_than(held):
                result[kind] = fact
    return result


def written(facts: Facts) -> str:
    """The column `facts`: a JSON object, kind to receipt."""
    return "{" + ",".join(f"{encode_basestring_ascii(kind)}:{facts[kind].text}" for kind in sorted(facts)) + "}"


def revision(text: str) -> int:
    """The column `revision` that goes with the column `facts`: a fingerprint of it, positive, 63 bits.

    A fingerprint rather than a counter, because then the whole row is a function of the receipts, not of how many
    writes it took; it serves the optimistic lock as well, as equal facts need no second write.
    """
    digest = hashlib.blake2b(text.encode(), digest_size=REVISION_BYTES).digest()
    return int.from_bytes(digest, "big") & INT64_MASK
