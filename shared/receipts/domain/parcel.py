"""A parcel: one row of `parcels`."""

from __future__ import annotations

from receipts.domain.row import Row


class Parcel(Row):
    """The latest node of a parcel's way, and in `history` (a JSON array, oldest first) all of them.

    `carrier` is the logistics company's code, `price` in yuan as text, `weight_grams` as the carrier weighed.
    """

    vendor: str
    carrier: str | None = None
    order_id: str | None = None
    status: str | None = None
    status_text: str | None = None
    detail: str | None = None
    city: str | None = None
    price: str | None = None
    weight_grams: str | None = None
    changed_at: int | None = None
    history: str
