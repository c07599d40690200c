"""DeleteMultipleObjects: many keys in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.oss.answers import empty, tree
from local.cloud.oss.bucket_operations import small_body
from local.cloud.oss.digests import received
from local.cloud.oss.document import group, parse, tag
from local.cloud.oss.errors import OssError

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.http import Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store

MOST_KEYS = 1000
"""Objects that one request may name."""
_ROOT = "Delete"


class Deleting:
    """The operation of the API that deletes many objects of `store` at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_name: dict[str, Callable[[Call], Response]] = {"DeleteMultipleObjects": self._delete}

    def _delete(self, call: Call) -> Response:
        claimed = call.headers.get("content-md5")
        if claimed is None:
            raise OssError("MissingArgument", "Content-MD5 is missing.")
        received(call.body, claimed)
        keys = keys_of(call)
        for key in keys:
            # As with one: a key that is not there counts as deleted.
            self._store.delete(call.bucket, key)
        if parse(small_body(call), _ROOT).findtext("Quiet") == "true":
            return empty()
        encoding = tag("EncodingType", "url") if call.parameters.get("encoding-type") == "url" else ""
        return tree("DeleteResult", encoding, *(group("Deleted", tag("Key", call.shown(key))) for key in keys))


def keys_of(call: Call) -> list[str]:
    """The keys of the objects that are to be deleted.

    Raises:
        OssError: MalformedXML, also for no key or too many; NotImplemented if one version of an object is named.
    """
    objects = parse(small_body(call), _ROOT).findall("Object")
    keys = [one.findtext("Key") or "" for one in objects]
    if not all(keys) or not 1 <= len(keys) <= MOST_KEYS:
        raise OssError("MalformedXML")
    if any(one.find("VersionId") is not None for one in objects):
        raise OssError("NotImplemented")
    return keys
