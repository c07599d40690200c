"""Fetching, as the tests do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.fetching.download import opened
from receipts.fetching.limits import Limits
from receipts.fetching.network import SystemNetwork
from receipts.fetching.policy import Policy

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from receipts.fetching.download import Download

LOOPBACK = "127.0.0.0/8"
# Long enough for a loaded machine, short enough to end a test that went wrong.
PATIENT = Limits(first_byte_seconds=10, idle_seconds=10, total_seconds=20, max_bytes=1 << 30)


class Fetched(NamedTuple):
    """A download, read to its end."""

    status: int
    headers: dict[str, str]
    length: int | None
    body: bytes


def fetched(url: str, policy: Policy, limits: Limits = PATIENT, network: SystemNetwork | None = None) -> Fetched:
    """Open and read it all."""
    with opened(url, policy, limits, network or SystemNetwork()) as download:
        return _read(download)


def loopback_opened(port: int, limits: Limits = PATIENT) -> AbstractContextManager[Download]:
    """From a server on 127.0.0.1."""
    policy = Policy.parse(f"http://127.0.0.1:{port}", LOOPBACK)
    return opened(f"http://127.0.0.1:{port}/r.wav?s=1", policy, limits, SystemNetwork())


def loopback_fetched(port: int, limits: Limits = PATIENT) -> Fetched:
    """From a server on 127.0.0.1, read to its end."""
    with loopback_opened(port, limits) as download:
        return _read(download)


def _read(download: Download) -> Fetched:
    return Fetched(download.status, download.headers, download.length, b"".join(download.chunks()))
