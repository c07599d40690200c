"""Which hosts are this machine: only to them secrets may travel over plain http."""

from __future__ import annotations

import ipaddress


def is_here(host: str) -> bool:
    """Whether a host name or an address without brackets is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
