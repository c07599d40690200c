"""Whole receipts in a frame that something damaged: brackets, commas, or what stands around and between them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

HOWS = ("dropped", "put in", "replaced", "doubled", "cut off", "cut within")


@st.composite
def damaged(draw: st.DrawFn, receipts: list[dict[str, Any]], blank: bytes = b"") -> bytes:
    """An array of these receipts, none of them touched and one thing wrong around them, as bytes that are no JSON.

    Where it is cut within a receipt, that is one more than these.
    """
    written = [json.dumps(one, ensure_ascii=False).encode() for one in receipts]
    # Frame and receipts take turns: what stands before, between and after them.
    frame = [b"[", *[blank + b"," + blank] * (len(written) - 1), b"]"]
    how, place = draw(st.sampled_from(HOWS)), draw(st.integers(0, len(written)))
    strange = draw(st.binary(min_size=1, max_size=1).filter(lambda byte: byte not in (b" ", b"\t", b"\r", b"\n")))
    if how in ("cut off", "cut within"):
        frame[-1] = blank
        if how == "cut within":
            rest = written[0][: draw(st.integers(1, len(written[0]) - 1))]
            frame[-1] = b"," + blank + rest
    else:
        old = frame[place]
        new = {"dropped": b"", "put in": old + strange, "replaced": strange, "doubled": old + old}[how]
        frame[place] = new
    body = b"".join(part for pair in zip(frame, [*written, b""], strict=True) for part in pair)
    return body if _is_no_json(body) else body + b","


def _is_no_json(body: bytes) -> bool:
    try:
        json.loads(body.decode())
    except ValueError:
        return True
    return False
