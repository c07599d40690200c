"""One attempt at a recording: every way to a link in turn, until one of them ends in a copy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, Protocol

from receipts.deadline import Deadline
from receipts.errors import BucketMisconfigured, BucketUnavailable
from receipts.fetching.download import opened
from receipts.fetching.errors import BodyTooLarge, FetchError, FetchRefused
from receipts.recordings.bucket import Stored
from receipts.recordings.copying import copied
from receipts.recordings.naming import stem
from receipts.recordings.problem import NoRecording, Problem, together
from receipts.settings import RECORDING_HOSTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from receipts.domain.recording import Recording
    from receipts.fetching.limits import Limits
    from receipts.fetching.network import Network
    from receipts.fetching.policy import Policy
    from receipts.recordings.announcement import Source
    from receipts.recordings.bucket import RecordingBucket


class Links(Protocol):
    """A vendor's way to fresh links."""

    def link(self, source: Source) -> str:
        """A fresh link to the recording. Raises NoRecording."""


class Means(NamedTuple):
    """What an attempt works with: links by vendor, the fetch guard's policy, limits and network, and the bucket."""

    links: dict[str, Links]
    policy: Policy
    limits: Limits
    network: Network
    bucket: RecordingBucket


def attempt(recording_id: str, recording: Recording, means: Means) -> Stored:
    """Copy the recording into the bucket, unless an earlier attempt has done so.

    Raises:
        NoRecording: with everything that was in the way.
    """
    where = stem(recording_id, recording)
    try:
        # The first attempt leaves nothing behind that it would not find itself: the bucket does not overwrite.
        found = means.bucket.find(where) if recording.attempts > 1 else None
        return found or _copied(recording, where, means)
    except BucketUnavailable as error:
        raise NoRecording(Problem(str(error))) from None
    except BucketMisconfigured as error:
        raise NoRecording(Problem(str(error), needs_a_person=True)) from None


def _copied(recording: Recording, where: str, means: Means) -> Stored:
    problems = []
    total = Deadline(means.limits.total_seconds, means.network.monotonic)
    for way in _ways(recording, means):
        found = _fetched(way, where, means, total)
        if isinstance(found, Stored):
            return found
        problems.append(found)
    raise NoRecording(together(problems or [Problem("its receipts tell no way to a link", needs_a_person=True)]))


def _fetched(way: Callable[[], str], where: str, means: Means, total: Deadline) -> Stored | Problem:
    try:
        url = way()
        # All ways together have the time of one: the function has no more.
        limits = means.limits._replace(total_seconds=total.remaining())
        with opened(url, means.policy, limits, means.network) as download:
            return copied(download, means.bucket, where)
    except TimeoutError:
        return Problem("no time was left for it")
    except NoRecording as error:
        return error.problem
    except FetchRefused as error:
        # Which list: a second vendor's recordings need that vendor's hosts in it.
        which = f" ({RECORDING_HOSTS.name})" if error.reason == "unlisted" else ""
        return Problem(f"{error}{which}", needs_a_person=True)
    except FetchError as error:
        return Problem(str(error), needs_a_person=isinstance(error, BodyTooLarge))


def _ways(recording: Recording, means: Means) -> Iterator[Callable[[], str]]:
    """A fresh link first; the one that a receipt brought may have run out, or be all there is."""
    source: Source = json.loads(recording.source)
    links, url = means.links.get(recording.vendor), source.get("url")
    if links is not None:
        yield lambda: links.link(source)
    if isinstance(url, str):
        yield lambda: url
