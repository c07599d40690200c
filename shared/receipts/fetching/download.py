"""The door of the fetch guard: `opened(url, policy, limits, network)`."""

from __future__ import annotations

import ssl
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from receipts.deadline import Deadline
from receipts.fetching import bodies, urls
from receipts.fetching.errors import BodyCutShort, BodyTooLarge, FetchFailed, FetchRefused
from receipts.fetching.exchange import answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.fetching.exchange import Answer
    from receipts.fetching.limits import Limits
    from receipts.fetching.network import Network
    from receipts.fetching.policy import Policy

CHUNK = 256 * 1024
OK = 200
# Of an answer that is no recording: enough to see what it is.
MAX_ERROR_BODY = 64 * 1024
# The peer was asked to close behind the body. One that does not has this long to show that it had more to say.
SURPLUS_SECONDS = 0.25


class Download:
    """An answer whose body has not been read yet.

    Attributes:
        host: where it came from in the end.
        status: 200 or what else it was; redirects that could be followed are not seen here.
        headers: names in lower case.
        length: bytes of the body as announced; None if they were not.
    """

    def __init__(self, host: str, answer: Answer, max_bytes: int) -> None:
        self.host = host
        self.status = answer.response.status
        self.headers = answer.headers
        self.length = bodies.announced_length(self.status, answer.headers, host)
        self._reader = answer.reader
        self._stream = answer.stream
        self._max_bytes = max_bytes
        if self.status == OK and self.length is not None and self.length > max_bytes:
            raise BodyTooLarge(host, f"the body has {self.length} bytes, the limit is {max_bytes}")

    def chunks(self) -> Iterator[bytes]:
        """The body, once, in pieces of 256 KiB; of an answer other than 200 the first 64 KiB at most.

        Raises:
            BodyCutShort: it ended too early.
            BodyTooLarge: it goes on past the limit.
            FetchFailed: it stopped coming, took too long in all, or goes on past its announced length.
        """
        whole = self.status == OK
        left = self._max_bytes if whole else MAX_ERROR_BODY
        pieces = self._pieces(CHUNK if whole else MAX_ERROR_BODY)
        while piece := self._next(pieces):
            if len(piece) > left and whole:
                raise BodyTooLarge(self.host, f"the body has more than {self._max_bytes} bytes")
            yield piece
            left -= len(piece)
            if not whole:
                return
        if whole and self.length is not None:
            self._no_surplus()

    def _no_surplus(self) -> None:
        """Raise FetchFailed if the body goes on behind its announced length: what was read is a part of it only."""
        self._stream.wait_at_most(SURPLUS_SECONDS)
        try:
            more = self._reader.read(1)
        except OSError:
            # Still open, or reset: nothing more has come.
            return
        if more:
            raise FetchFailed(self.host, "more bytes came than were announced")

    def _pieces(self, size: int) -> Iterator[bytes]:
        if self.length is not None:
            return bodies.sized(self._reader, self.length, size, self.host)
        if "transfer-encoding" in self.headers:
            return bodies.chunked(self._reader, size, self.host)
        return bodies.until_closed(self._reader, size)

    def _next(self, pieces: Iterator[bytes]) -> bytes:
        """The next piece, empty at the end. Only what the network raises is translated, never what the reader does."""
        try:
            return next(pieces, b"")
        except TimeoutError:
            raise FetchFailed(self.host, "the body did not come in time") from None
        except (ConnectionError, ssl.SSLEOFError):
            raise BodyCutShort(self.host, "the connection broke within the body") from None
        except OSError as error:
            raise FetchFailed(self.host, f"the body did not come ({type(error).__name__})") from None


@contextmanager
def opened(url: str, policy: Policy, limits: Limits, network: Network) -> Iterator[Download]:
    """Open a URL that came from outside, and each redirect, only where the policy allows.

    Each hop passes the whole of the test: the form of its URL, scheme, host and port on the allow list, every address
    of its name public or in a listed network; and the connection goes to an address that was tested.

    Args:
        url: absolute, http or https. Never repeated in an error.
        policy: what is allowed.
        limits: time and bytes.
        network: look-ups, connections and time.

    Raises:
        FetchRefused: the policy does not let it, or what it redirects to, through.
        FetchFailed: no answer.
        BodyTooLarge: the answer announces more bytes than the limit.
    """
    total = Deadline(limits.total_seconds, network.monotonic)
    host, answer = _final(url, policy, limits, network, total)
    with closing(answer.response):
        answer.stream.body_begins(limits.idle_seconds, total)
        yield Download(host, answer, limits.max_bytes)


def _final(url: str, policy: Policy, limits: Limits, network: Network, total: Deadline) -> tuple[str, Answer]:
    """Follow redirects as far as the policy goes: the last host, and its answer."""
    for hops_left in range(policy.max_redirects, -1, -1):
        target = urls.target(url)
        answer = answered(target, policy, limits, network, total)
        if answer.location is None:
            return target.host, answer
        answer.response.close()
        if hops_left:
            url = urls.redirected(url, answer.location)
    raise FetchRefused("redirects", f"redirects more than {policy.max_redirects} times", target.host)
