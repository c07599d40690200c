"""The errors: their tree, their advice, and what they never tell."""

from __future__ import annotations

import inspect
import traceback

import pytest

from receipts.errors import ReceiptsError
from receipts.fetching import errors
from receipts.fetching.errors import BodyCutShort, FetchError, FetchFailed, FetchRefused
from receipts.fetching.limits import Limits
from receipts.fetching.policy import Policy
from receipts.recordings.settings import ArchiveSettings
from tests.fetching.fetches import LOOPBACK, fetched
from tests.fetching.peer import Peer, says
from tests.fetching.wire import PUBLIC, watched

SECRET = "SignatureOfOurs"
TREE = {
    "FetchError": "ReceiptsError",
    "FetchRefused": "FetchError",
    "BodyTooLarge": "FetchError",
    "FetchFailed": "FetchError",
    "BodyCutShort": "FetchFailed",
}


def test_the_tree_is_pinned() -> None:
    """Callers catch these names; a cut body may be tried again like any failure."""
    found = {
        name: kind.__bases__[0].__name__
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and kind is not ReceiptsError
    }
    assert found == TREE
    assert all(name in (errors.__doc__ or "") for name in TREE)


@pytest.mark.parametrize("name", [name for name in TREE if name != "FetchError"])
def test_each_error_says_what_to_do(name: str) -> None:
    """Advice in a few words."""
    assert 3 < len(getattr(errors, name).advice) < 40
    assert getattr(errors, name).advice != ReceiptsError.advice


def told(error: BaseException) -> str:
    """Everything that a log might hold of it."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))


@pytest.mark.parametrize(
    "url",
    [
        f"https://evil.example/{SECRET}",
        f"https://a.example/{SECRET}?{SECRET}#{SECRET}",
        f"https://a.example:x{SECRET}/",
        f"https://{SECRET}@a.example/",
        f"https://{SECRET} /",
        f"https://a%{SECRET}/",
        f"https://[{SECRET}]/",
        f"{SECRET}://a.example/",
        f"https://in.example/{SECRET}",
        f"https://nowhere.example/{SECRET}",
    ],
)
def test_law_privacy_no_error_tells_a_url(url: str) -> None:
    """Path, query, user and what cannot be read stay out of messages and tracebacks: they hold signatures."""
    with watched({"a.example": [[PUBLIC]], "in.example": [["10.0.0.8"]]}), pytest.raises(FetchError) as caught:
        fetched(url, Policy.parse("a.example, in.example, nowhere.example"))
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        f"HTTP/1.1 302 Found\r\nLocation: https://evil.example/{SECRET}\r\n\r\n",
        f"HTTP/1.1 302 Found\r\nLocation: {SECRET}://x\r\n\r\n",
        f"HTTP/1.1 302 Found\r\nLocation: //[{SECRET}\r\n\r\n",
        f"{SECRET}\r\n\r\n",
        f"HTTP/1.1 200 OK\r\nContent-Length: {SECRET}\r\n\r\n",
        f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{SECRET}",
        f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{SECRET}\r\n",
    ],
)
def test_law_privacy_no_error_tells_an_answer(answer: str) -> None:
    """What a peer sends is not told either."""
    with Peer(says(answer.encode())) as peer, pytest.raises(FetchError) as caught:
        fetched(f"http://127.0.0.1:{peer.port}/{SECRET}", Policy.parse(f"http://127.0.0.1:{peer.port}", LOOPBACK))
    assert SECRET not in told(caught.value)


def test_law_privacy_a_number_in_a_host_is_masked() -> None:
    """Whoever names a host after a phone number does not get it into our logs."""
    number = f"{13900000001}"
    with watched({}), pytest.raises(FetchRefused) as caught:
        fetched(f"https://{number}.evil.example/", Policy.parse("a.example"))
    assert caught.value.host == "139****0001.evil.example"
    assert number not in repr(vars(caught.value)) + str(caught.value)


def test_errors_carry_what_they_are_about() -> None:
    """Host and reason are attributes, not only words."""
    refusal = FetchRefused("scheme", "the URL is neither http nor https")
    assert (refusal.reason, refusal.host, str(refusal)) == ("scheme", "", "the URL is neither http nor https")
    assert str(BodyCutShort("a.example", "cut")) == "a.example: cut"
    assert issubclass(BodyCutShort, FetchFailed)


def test_a_silent_peer_leaves_time_for_another() -> None:
    """What a peer that says nothing takes is a small part of what an invocation has for its jobs by default."""
    settings = ArchiveSettings.read({})
    limits = Limits(settings.budget_seconds, settings.max_bytes)
    assert 0 < limits.first_byte_seconds <= limits.total_seconds / 10
    assert 0 < limits.idle_seconds <= limits.total_seconds / 10
