"""The key pair a loopback server accepts."""

from __future__ import annotations

from typing import NamedTuple


class AccessKey(NamedTuple):
    """An access key id with its secret, as a vendor SDK signs with."""

    key_id: str
    secret: str
