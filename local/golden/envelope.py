"""The journal envelope, version 1: what `receive` puts on the queue and `ingest` takes from it."""

from __future__ import annotations

import base64
import json
import zlib

# 2026-11-20 18:00:00 in China: after everything that the receipts tell.
RECEIVED_AT = 1795168800000


def request_id(number: int) -> str:
    """A made-up request id."""
    return f"1-6b0f0000-{number:012d}"


def received_at(number: int) -> int:
    """When the request of that number came: epoch milliseconds."""
    return RECEIVED_AT + 1000 * number


def envelope(message_type: str, body: bytes, number: int, *, packed: bool = False) -> str:
    """The envelope around `body`, as text.

    Args:
        message_type: the type that the vendor's path or queue named.
        body: the bytes that came.
        number: tells the request apart, see `request_id`.
        packed: carry the body compressed. A body that is not UTF-8 is carried in base64 whatever this says.
    """
    encoding, text = _encoded(body, packed=packed)
    return json.dumps(
        {
            "v": 1,
            "vendor": "aliyun",
            "type": message_type,
            "at": received_at(number),
            "id": request_id(number),
            "enc": encoding,
            "body": text,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _encoded(body: bytes, *, packed: bool) -> tuple[str, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(body).decode()
    if packed:
        # Level 0 stores the bytes: the one level at which every zlib writes the same stream, so the files
        # on disk do not depend on the machine that made them.
        return "zlib", base64.b64encode(zlib.compress(body, 0)).decode()
    return "text", text
