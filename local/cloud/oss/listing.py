"""The lists of a bucket's objects."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from local.cloud.oss.answers import owner_tag, stamp, tree, yes_or_no
from local.cloud.oss.document import group, tag
from local.cloud.oss.errors import OssError
from local.cloud.oss.metadata import CLASS_HEADER, TYPE_HEADER
from local.cloud.oss.store import Listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.http import Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store

MOST = 1000
"""Entries that one page of any list may have."""
_USUAL = 100


class Listing:
    """Each operation of the API that lists the objects of `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_name: dict[str, Callable[[Call], Response]] = {
            "ListObjects": self._list,
            "ListObjectsV2": self._list_v2,
        }

    def _list(self, call: Call) -> Response:
        marker = call.parameters.get("marker", "")
        entries, last = self._page(call, marker, owner=True)
        more = tag("NextMarker", call.shown(last)) if last else ""
        return tree("ListBucketResult", tag("Marker", call.shown(marker)), more, *entries)

    def _list_v2(self, call: Call) -> Response:
        token, start = call.parameters.get("continuation-token", ""), call.parameters.get("start-after", "")
        owner = call.parameters.get("fetch-owner") == "true"
        entries, last = self._page(call, _name(token) if token else start, owner=owner)
        more = tag("NextContinuationToken", _token(last)) if last else ""
        inner = (
            tag("StartAfter", call.shown(start)),
            tag("ContinuationToken", token),
            # The first of all entries is not one, but says how many keys and prefixes there are.
            tag("KeyCount", sum(entry.startswith(("<Contents>", "<CommonPrefixes>")) for entry in entries)),
        )
        return tree("ListBucketResult", *inner, more, *entries)

    def _page(self, call: Call, after: str, *, owner: bool) -> tuple[list[str], str]:
        """The elements that both lists have, and the name after which the next page begins, or nothing."""
        prefix, delimiter = call.parameters.get("prefix", ""), call.parameters.get("delimiter", "")
        limit = call.number("max-keys", _USUAL, 1, MOST)
        found, more = self._store.page(call.bucket, prefix, delimiter, after, limit)
        entries = [
            tag("Name", call.bucket),
            tag("Prefix", call.shown(prefix)),
            tag("MaxKeys", limit),
            tag("Delimiter", call.shown(delimiter)),
            tag("EncodingType", "url") if call.parameters.get("encoding-type") == "url" else "",
            tag("IsTruncated", yes_or_no(more)),
            *(_entry(call, item, owner=owner) for item in found),
        ]
        last = found[-1] if more else ""
        return entries, last.key if isinstance(last, Listed) else last


def _entry(call: Call, item: Listed | str, *, owner: bool) -> str:
    if isinstance(item, str):
        return group("CommonPrefixes", tag("Prefix", call.shown(item)))
    inner = (
        tag("Key", call.shown(item.key)),
        tag("LastModified", stamp(item.modified_at)),
        tag("ETag", item.headers["etag"]),
        tag("Type", item.headers[TYPE_HEADER]),
        tag("Size", item.size),
        tag("StorageClass", item.headers[CLASS_HEADER]),
        owner_tag() if owner else "",
    )
    return group("Contents", *inner)


def _token(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _name(token: str) -> str:
    try:
        return base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise OssError("InvalidArgument", "The continuation token is not one of ours.") from error
