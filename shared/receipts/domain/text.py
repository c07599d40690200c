"""A text (短信): one row of `texts`."""

from __future__ import annotations

from receipts.domain.row import Row


class Text(Row):
    """One text through privacy number X.

    `kind`: `intercepted`, `smart`, or the vendor's own value. `delivery`: DELIVRD, REJECTD, UNDELIV, EXPIRED,
    ACCEPTD, or without such a code `sent` or `failed`. `intercept`: the vendor's word, such as NORMAL.
    """

    vendor: str
    pool: str | None = None
    binding_id: str | None = None
    order_id: str | None = None
    call_id: str | None = None
    sender: str | None = None
    number_x: str | None = None
    receiver: str | None = None
    content: str | None = None
    kind: str | None = None
    delivery: str | None = None
    intercept: str | None = None
    sent_at: int | None = None
