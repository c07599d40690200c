"""Lists of objects: both operations, page by page, by prefix and by folder."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.oss.support import refused, signature_v1
from tests.local.support import KEY, send

if TYPE_CHECKING:
    from local.cloud.oss import OssServer

ITERATORS = [oss2.ObjectIterator, oss2.ObjectIteratorV2]
KEYS = ["a.mp3", "day/1/x", "day/1/y", "day/2/x", "day/中 文+&", "z"]
_LETTERS = st.text(st.sampled_from("ab/中+ "), min_size=1, max_size=6).filter(lambda key: not key.startswith("/"))


@pytest.fixture
def filled(bucket: Any) -> Any:
    """The bucket with a few objects, written in no order."""
    for key in reversed(KEYS):
        bucket.put_object(key, key.encode())
    return bucket


@pytest.mark.parametrize("iterator", ITERATORS)
@pytest.mark.parametrize("page", [1, 2, 1000])
def test_every_key_once_in_order(filled: Any, iterator: Any, page: int) -> None:
    """Whatever the size of a page."""
    assert [found.key for found in iterator(filled, max_keys=page)] == KEYS


@pytest.mark.parametrize("iterator", ITERATORS)
@pytest.mark.parametrize("page", [1, 2, 1000])
def test_folders(filled: Any, iterator: Any, page: int) -> None:
    """With a delimiter, what has the same beginning is one entry."""
    assert [found.key for found in iterator(filled, delimiter="/", max_keys=page)] == ["a.mp3", "day/", "z"]
    inside = [found.key for found in iterator(filled, prefix="day/", delimiter="/", max_keys=page)]
    assert inside == ["day/1/", "day/2/", "day/中 文+&"]


def test_an_entry(either: Any) -> None:
    """What both lists say about an object; its owner comes if asked for."""
    put = either.put_object("a", b"hello", headers={"x-oss-storage-class": "IA"})
    for entry in (*either.list_objects().object_list, *either.list_objects_v2(fetch_owner=True).object_list):
        assert (entry.key, entry.etag, entry.size) == ("a", put.etag, 5)
        assert (entry.type, entry.storage_class) == ("Normal", "IA")
        assert entry.owner.id
    assert either.list_objects_v2().object_list[0].owner is None


def test_where_to_begin(filled: Any) -> None:
    """After a marker, which need not be a key."""
    assert [found.key for found in filled.list_objects(marker="day/1/y").object_list] == KEYS[3:]
    assert [found.key for found in filled.list_objects_v2(start_after="b").object_list] == KEYS[1:]


@pytest.mark.parametrize("limit", ["0", "1001", "many", "-1"])
def test_pages_that_do_not_exist(bucket: Any, limit: str) -> None:
    """A page has 1 to 1000 entries."""
    with refused("InvalidArgument", 400):
        bucket.list_objects(max_keys=limit)


@pytest.mark.parametrize("token", ["nonsense", "/w==", "a b"])
def test_tokens_that_do_not_exist(bucket: Any, token: str) -> None:
    """A continuation token is the service's own."""
    with refused("InvalidArgument", 400):
        bucket.list_objects_v2(continuation_token=token)


def test_without_url_encoding(server: OssServer, filled: Any) -> None:
    """Keys are written as XML has them; the count is of keys and folders."""
    signed = {"Date": formatdate(usegmt=True)}
    # `list-type` is not among what version 1 signs.
    signed["Authorization"] = f"OSS {KEY.key_id}:{signature_v1('GET', '/recordings/', signed)}"
    root = ET.fromstring(send(server, "GET", "/recordings/?list-type=2", headers=signed).body)  # noqa: S314 - ours
    assert [node.text for node in root.findall("Contents/Key")] == KEYS
    assert root.findtext("KeyCount") == str(len(KEYS))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(_LETTERS, max_size=8), st.text(st.sampled_from("ab/中"), max_size=2), st.integers(1, 9), st.data())
def test_any_keys(bucket: Any, keys: set[str], prefix: str, page: int, data: st.DataObject) -> None:
    """Keys and folders are what sorting and cutting by hand gives."""
    delimiter = data.draw(st.sampled_from(["", "/"]))
    for entry in oss2.ObjectIteratorV2(bucket):
        bucket.delete_object(entry.key)
    for key in keys:
        bucket.put_object(key, b"")
    rest = {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}
    cut = {left.split(delimiter)[0] + delimiter if delimiter and delimiter in left else left for left in rest}
    expected = sorted(prefix + left for left in cut)
    for iterator in ITERATORS:
        found = [entry.key for entry in iterator(bucket, prefix=prefix, delimiter=delimiter, max_keys=page)]
        assert found == expected
