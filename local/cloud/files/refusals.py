"""A refusal in the bucket's XML."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.cloud.files.links import Refusal


def as_xml(refusal: Refusal, request_id: str, host: str) -> bytes:
    """The body of the answer to a request with `request_id`, made to `host`."""
    content = {
        "Code": refusal.code,
        "Message": refusal.message,
        "RequestId": request_id,
        "HostId": host,
        **refusal.more,
    }
    lines = "".join(f"  <{tag}>{_escaped(text)}</{tag}>\n" for tag, text in content.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n{lines}</Error>\n'.encode()


def _escaped(text: str) -> str:
    # Names and hosts are what the client made up: XML has no way to say some of their characters.
    return html.escape("".join(c if c.isprintable() else "?" for c in text), quote=False)
