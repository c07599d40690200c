"""The proxies of the environment, as one expects them to be heeded."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.invoking.place import Place

_PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")


@contextlib.contextmanager
def heeded(place: Place) -> Iterator[None]:
    """No proxy for this machine, nor where NO_PROXY says so: the SDK of 3.0 looks at HTTPS_PROXY, and not at that."""
    from requests.utils import should_bypass_proxies

    direct = place.scheme == "http" or should_bypass_proxies(place.address, no_proxy=None)
    hidden = {name: os.environ.pop(name) for name in _PROXIES if direct and name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)
