"""The operation on the account: the list of its buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.oss.answers import LOCATION, owner_tag, stamp, tree, yes_or_no
from local.cloud.oss.document import group, tag
from local.cloud.oss.listing import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.http import Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Bucket, Store

_USUAL = 100


class AccountOperations:
    """The operation of the API that lists the buckets of `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_name: dict[str, Callable[[Call], Response]] = {"ListBuckets": self._list}

    def _list(self, call: Call) -> Response:
        prefix, marker = call.parameters.get("prefix", ""), call.parameters.get("marker", "")
        limit = call.number("max-keys", _USUAL, 1, MOST)
        left = [one for one in self._store.buckets() if one.name.startswith(prefix) and one.name > marker]
        shown, more = left[:limit], len(left) > limit
        inner = (
            tag("Prefix", prefix),
            tag("Marker", marker),
            tag("MaxKeys", limit),
            tag("IsTruncated", yes_or_no(more)),
            tag("NextMarker", shown[-1].name) if more else "",
            owner_tag(),
            group("Buckets", *(_entry(call, bucket) for bucket in shown)),
        )
        return tree("ListAllMyBucketsResult", *inner)


def _entry(call: Call, bucket: Bucket) -> str:
    inner = (
        tag("Name", bucket.name),
        tag("Location", LOCATION),
        tag("CreationDate", stamp(bucket.created_at)),
        tag("StorageClass", bucket.storage_class),
        tag("ExtranetEndpoint", call.host),
        tag("IntranetEndpoint", call.host),
    )
    return group("Bucket", *inner)
