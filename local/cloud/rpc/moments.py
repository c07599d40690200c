"""Times that come as text, in exactly one form."""

from __future__ import annotations

from datetime import datetime


def epoch(text: str, form: str, offset: str) -> int | None:
    """The epoch seconds of `text`, or None if it is not of the form to the letter.

    Args:
        text: what came.
        form: of `strptime`, without a zone.
        offset: the zone that `text` is in, like `+0800`.
    """
    try:
        moment = datetime.strptime(text + offset, form + "%z")  # noqa: DTZ007 - the zone is there
    except ValueError:
        return None
    # strptime lets single digits pass, and digits of other scripts.
    return int(moment.timestamp()) if moment.strftime(form) == text else None
