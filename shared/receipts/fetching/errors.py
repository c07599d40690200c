"""What can go wrong with a download, and what to do about each.

::

    ReceiptsError
    └── FetchError
        ├── FetchRefused       never opened: fix the setting, or give the recording up as absent
        ├── BodyTooLarge       fix the limit, or give the recording up
        └── FetchFailed        try again
            └── BodyCutShort

Messages name the host and nothing else of the URL: its path and query hold signatures.
"""

from __future__ import annotations

from receipts.errors import ReceiptsError
from receipts.masking import masked


class FetchError(ReceiptsError):
    """No body, or not all of it.

    Attributes:
        host: the host it is about, long numbers in it masked; empty when the URL has none that can be told.
    """

    def __init__(self, host: str, problem: str) -> None:
        self.host = masked(host)
        super().__init__(f"{self.host}: {problem}" if host else problem)


class FetchRefused(FetchError):
    """A URL, or what it redirects to, that the policy does not let through.

    Attributes:
        reason: one word for logs and columns: `url`, `scheme`, `userinfo`, `host`, `port`, `unlisted` (not on the
            allow list), `address` (not public, in no listed network) or `redirects` (too many).
    """

    advice = "fix the setting, or give it up"

    def __init__(self, reason: str, problem: str, host: str = "") -> None:
        super().__init__(host, problem)
        self.reason = reason


class BodyTooLarge(FetchError):
    """The body is, or says that it is, larger than the limit."""

    advice = "fix the limit, or give it up"


class FetchFailed(FetchError):
    """The network, the peer or the time did not allow it this time."""

    advice = "try again"


class BodyCutShort(FetchFailed):
    """The body ended before its end: fewer bytes than announced, or broken chunks."""
