"""Whatever bytes come, properly signed: an error answer, and a server that goes on."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
import tablestore.protobuf.table_store_filter_pb2 as filter_pb2
import tablestore.protobuf.table_store_pb2 as pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tablestore import Condition, OTSServiceError, Row
from tablestore.auth import RequestContext, SignV2
from tablestore.plainbuffer.plain_buffer_builder import PlainBufferBuilder

if TYPE_CHECKING:
    from local.cloud.tablestore import TableStoreServer
    from tests.local.tablestore.conftest import Create

OPERATIONS = [
    "CreateTable", "DescribeTable", "UpdateTable", "DeleteTable", "CreateIndex", "DropIndex", "PutRow", "UpdateRow",
    "DeleteRow", "BatchWriteRow", "GetRow", "BatchGetRow", "GetRange",
]  # fmt: skip


@pytest.fixture(autouse=True)
def table(create: Create) -> None:
    """Table `t`."""
    create("t")


def post(client: Any, operation: str, body: bytes) -> str | None:
    """Send a body, signed as the SDK signs; the error code of the answer, or None for 200."""
    context = RequestContext(client.credentials_provider.get_credentials())
    query = f"/{operation}"
    signer = SignV2("utf8")
    headers = client.protocol._make_request_headers(body, query, signer, context)
    status, reason, answered, content = client.connection.send_receive(query, headers, body)
    # Digest and signature of an error are proved as well.
    with contextlib.suppress(OTSServiceError):
        client.protocol.handle_error(operation, query, status, reason, answered, content, signer, context)
    assert status < 500
    return None if status == 200 else str(pb2.Error.FromString(content).code)


def put_of(row: bytes) -> bytes:
    """A PutRow of this PlainBuffer."""
    request = pb2.PutRowRequest(table_name="t", row=row)
    request.condition.row_existence = pb2.IGNORE
    return bytes(request.SerializeToString())


def good_row() -> bytes:
    """A PlainBuffer row that is fine."""
    cells = [("n", 5), ("text", "号码" * 30), ("flag", True), ("ratio", 1.5), ("blob", bytearray(b"\0\1"))]
    return bytes(PlainBufferBuilder.serialize_for_put_row([("id", "a")], cells))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_bodies_that_are_no_messages(client: Any, operation: str) -> None:
    """A body that is not the operation's message is an invalid parameter."""
    for body in (b"", b"\xff" * 50, b'{"json": 1}'):
        assert post(client, operation, body) == "OTSParameterInvalid"


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bodies(client: Any, data: st.DataObject) -> None:
    """No bytes make a 500 or silence."""
    post(client, data.draw(st.sampled_from(OPERATIONS)), data.draw(st.binary(max_size=80)))


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_with_one_byte_changed(client: Any, data: st.DataObject) -> None:
    """Each single byte is guarded: by a tag, a length or a checksum."""
    row = bytearray(good_row())
    row[data.draw(st.integers(0, len(row) - 1))] ^= data.draw(st.integers(1, 255))
    assert post(client, "PutRow", put_of(bytes(row))) == "OTSParameterInvalid"


def test_a_row_cut_short_or_too_long(client: Any) -> None:
    """Every prefix of a row is refused, and so is a row with more behind it."""
    row = good_row()
    assert post(client, "PutRow", put_of(row)) is None
    for end in range(len(row)):
        assert post(client, "PutRow", put_of(row[:end])) == "OTSParameterInvalid"
    assert post(client, "PutRow", put_of(row + b"\0")) == "OTSParameterInvalid"


@pytest.mark.parametrize("name", ["row", "delete marker"])
def test_a_change_of_the_wrong_kind(client: Any, name: str) -> None:
    """A put with a delete marker and a delete without one are refused."""
    if name == "row":
        assert post(client, "PutRow", put_of(bytes(PlainBufferBuilder.serialize_for_delete_row([("id", "a")])))) == (
            "OTSParameterInvalid"
        )
        return
    request = pb2.DeleteRowRequest(table_name="t", primary_key=good_row())
    request.condition.row_existence = pb2.IGNORE
    assert post(client, "DeleteRow", request.SerializeToString()) == "OTSParameterInvalid"


@pytest.mark.parametrize("value", [b"", b"\x09", b"\x0b", b"\x63", b"\x00abc", b"\x03\xff\xff\xff\xff"])
def test_a_condition_on_no_value(client: Any, value: bytes) -> None:
    """What a column is compared with must be a value."""
    single = filter_pb2.SingleColumnValueFilter(
        comparator=filter_pb2.CT_EQUAL, column_name="n", column_value=value, filter_if_missing=True,
        latest_version_only=True,
    )  # fmt: skip
    whole = filter_pb2.Filter(type=filter_pb2.FT_SINGLE_COLUMN_VALUE, filter=single.SerializeToString())
    request = pb2.GetRowRequest(table_name="t", max_versions=1, filter=whole.SerializeToString())
    request.primary_key = bytes(PlainBufferBuilder.serialize_primary_key([("id", "a")]))
    assert post(client, "GetRow", request.SerializeToString()) == "OTSParameterInvalid"


def test_filters_nested_without_end(client: Any) -> None:
    """A filter of filters of filters is counted, not followed for ever."""
    part = filter_pb2.Filter(type=filter_pb2.FT_SINGLE_COLUMN_VALUE, filter=b"")
    for _ in range(500):
        inner = filter_pb2.CompositeColumnValueFilter(combinator=filter_pb2.LO_NOT, sub_filters=[part])
        part = filter_pb2.Filter(type=filter_pb2.FT_COMPOSITE_COLUMN_VALUE, filter=inner.SerializeToString())
    request = pb2.GetRowRequest(table_name="t", max_versions=1, filter=part.SerializeToString())
    request.primary_key = bytes(PlainBufferBuilder.serialize_primary_key([("id", "a")]))
    assert post(client, "GetRow", request.SerializeToString()) == "OTSParameterInvalid"


def test_other_methods_and_paths(server: TableStoreServer, client: Any) -> None:
    """Only POST is served, and only known operations."""
    answer = client.connection.pool.request("GET", f"{server.endpoint}/GetRow")
    assert answer.status == 405
    assert pb2.Error.FromString(answer.data).code == "OTSMethodNotAllowed"
    assert post(client, "StartLocalTransaction", b"") == "OTSParameterInvalid"
    client.put_row("t", Row([("id", "a")], []), Condition("IGNORE"))
