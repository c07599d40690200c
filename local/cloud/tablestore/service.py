"""The TableStore service behind the HTTP server: who asks, what for, and the answer with its signature."""

from __future__ import annotations

import logging
import time
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.http import Request, Response
from local.cloud.tablestore import read_operations, signing, tables, write_operations
from local.cloud.tablestore.errors import RefusedError, invalid
from local.cloud.tablestore.messages import decode
from local.cloud.tablestore.rights import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.access import AccessKey
    from local.cloud.faults import Fault
    from local.cloud.ram import Identities
    from local.cloud.tablestore.instance import Instance

_LOG = logging.getLogger(__name__)

_ALONE: dict[str, tuple[Any, Callable[[Instance, Any], Any]]] = {
    "CreateTable": (pb2.CreateTableRequest, tables.create_table),
    "ListTable": (pb2.ListTableRequest, tables.list_table),
    "DescribeTable": (pb2.DescribeTableRequest, tables.describe_table),
    "UpdateTable": (pb2.UpdateTableRequest, tables.update_table),
    "DeleteTable": (pb2.DeleteTableRequest, tables.delete_table),
    "CreateIndex": (pb2.CreateIndexRequest, tables.create_index),
    "DropIndex": (pb2.DropIndexRequest, tables.drop_index),
    "PutRow": (pb2.PutRowRequest, write_operations.put_row),
    "UpdateRow": (pb2.UpdateRowRequest, write_operations.update_row),
    "DeleteRow": (pb2.DeleteRowRequest, write_operations.delete_row),
    "GetRow": (pb2.GetRowRequest, read_operations.get_row),
    "GetRange": (pb2.GetRangeRequest, read_operations.get_range),
}
_BATCHES: dict[str, tuple[Any, Callable[[Instance, Any, Fault | None], Any]]] = {
    "BatchWriteRow": (pb2.BatchWriteRowRequest, write_operations.batch_write_row),
    "BatchGetRow": (pb2.BatchGetRowRequest, read_operations.batch_get_row),
}


class TableStoreService:
    """Answers the requests of the keys of one instance's account."""

    def __init__(self, instance: Instance, name: str, keys: Identities, clock: Callable[[], float]) -> None:
        self._instance = instance
        self._name = name
        self._keys = keys
        self._clock = clock

    def operation(self, request: Request) -> str:
        """The API name: `PutRow`, `BatchWriteRow`, ..."""
        return signing.path(request).strip("/")

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """Carry the request out, or say why not."""
        try:
            key = signing.verify(request, self._keys, self._name, self._clock())
        except RefusedError as error:
            return self._respond(request, error.status, _error(error.code, error.message))
        may = partial(check, self._keys, key.key_id, self._name, self.operation(request))
        try:
            message = self._carry_out(self.operation(request), request.body, fault, may)
        except RefusedError as error:
            return self._respond(request, error.status, _error(error.code, error.message), key)
        except Exception:  # noqa: BLE001 - a defect shows in the log, and the client gets an answer all the same
            _LOG.exception("%s failed", self.operation(request))
            return self.refusal(request, 500, "OTSInternalServerError")
        return self._respond(request, 200, message, key)

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """An error that was planned."""
        return self._respond(request, status, _error(code, "As planned."), signing.claimed(request, self._keys))

    def _carry_out(self, operation: str, body: bytes, fault: Fault | None, may: Callable[[Any], None]) -> Any:
        try:
            if operation in _ALONE:
                kind, handler = _ALONE[operation]
                message = decode(kind, body)
                may(message)
                with self._instance.transaction():
                    return handler(self._instance, message)
            if operation in _BATCHES:
                kind, batch_handler = _BATCHES[operation]
                message = decode(kind, body)
                may(message)
                with self._instance.transaction():
                    return batch_handler(self._instance, message, fault)
        except UnicodeDecodeError:
            # A name in the message that is no text shows only when it is looked at.
            raise invalid("Parse PBMessage from RawString failed.") from None
        raise invalid(f"Unsupported operation: {operation}.")

    def _respond(self, request: Request, status: int, message: Any, key: AccessKey | None = None) -> Response:
        body = message.SerializeToString()
        headers = {
            "x-ots-contentmd5": signing.content_md5(body),
            "x-ots-requestid": str(uuid.uuid4()),
            "x-ots-contenttype": "protocol buffer",
        }
        if key is not None:
            now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self._clock()))
            headers["x-ots-date"] = now
            headers["Authorization"] = signing.authorization(request, key, headers)
        return Response(status, headers, body)


def _error(code: str, message: str) -> Any:
    return pb2.Error(code=code, message=message)
