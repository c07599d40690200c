"""A letter's row, and the bytes that it keeps."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

from ops.problems import Problem
from ops.reading import looked_up
from receipts import credentials
from receipts.deadline import Deadline
from receipts.journal.bucket import Bucket
from receipts.journal.envelope import MOST_UNPACKED_BYTES
from receipts.settings import BucketSettings
from receipts.store import schema
from receipts.store.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.dead_letters.choosing import Name
    from ops.reading import Store
    from receipts.credentials import Credentials
    from receipts.store.pending import Columns

    Fetch = Callable[[str], bytes | None]

IN_BUCKET = "oss"
FETCH_SECONDS = 30.0


def row_of(store: Store, name: Name) -> Columns | None:
    """The letter's row, or None if it is gone. Raises StoreUnavailable, StoreMisconfigured."""
    return looked_up(store.rows, [Lookup(schema.DEAD_LETTERS, tuple(name._asdict().items()))])[0]


def bucket_of(env: Mapping[str, str]) -> Fetch:
    """Fetches from the bucket that the environment names, which need be there only if something is fetched."""

    def fetch(key: str) -> bytes | None:
        bucket = Bucket(BucketSettings.read(env), time.time)
        try:
            return fetching(bucket, credentials.of(None, env))(key)
        finally:
            bucket.close()

    return fetch


def fetching(bucket: Bucket, keys: Credentials) -> Fetch:
    """Fetches an object by its key; None if it is not there."""
    return lambda key: bucket.get(key, MOST_UNPACKED_BYTES, keys, Deadline(FETCH_SECONDS, time.monotonic))


def body_of(letter: Columns, fetch: Fetch) -> bytes:
    """The bytes as they came.

    Raises:
        Problem: nobody has them any more.
        BucketUnavailable, BucketMisconfigured: `fetch` cannot have them now.
    """
    body, encoding = letter.get("body", ""), letter.get("body_encoding")
    if encoding == IN_BUCKET:
        found = fetch(str(body))
        if found is None:
            raise Problem(f"The letter's bytes were in the bucket as {body!s}, and are not any more.")
        return found
    if isinstance(body, str):
        return body.encode()
    return _unpacked(bytes(body)) if encoding == "zlib" else bytes(body)


def size_of(letter: Columns) -> int | None:
    """How many bytes it keeps; None if that is for the bucket to say."""
    if letter.get("body_encoding") == IN_BUCKET:
        return None
    return len(body_of(letter, lambda _: None))


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        raise Problem("The letter's bytes are damaged: they cannot be unpacked.") from None
