"""Whose queues an address leads to, and in which region: the host's name has both."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

# <account>.mns.<region>[-internal[-vpc]].aliyuncs.com
_HOST = re.compile(r"(\d+)\.mns\.([a-z0-9-]+?)(?:-internal(?:-vpc)?)?\.aliyuncs\.com")


class MnsHost(NamedTuple):
    """The account's number and the region's id."""

    account: str
    region: str


def mns_host(address: str) -> MnsHost | None:
    """What the address of the queues says; None where it is another name, or no address."""
    try:
        found = _HOST.fullmatch(urlsplit(address).hostname or "")
    except ValueError:
        return None
    return MnsHost(*found.groups()) if found else None
