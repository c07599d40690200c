"""The operations on tables and their indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore import indexes
from local.cloud.tablestore.definitions import (
    check_index,
    check_options,
    check_options_with_index,
    check_quota,
    check_table,
)
from local.cloud.tablestore.errors import invalid, missing, taken
from local.cloud.tablestore.schema import Index

if TYPE_CHECKING:
    from local.cloud.tablestore.instance import Instance
    from local.cloud.tablestore.schema import Table


def create_table(instance: Instance, request: Any) -> Any:
    """CreateTable, with its indexes."""
    check_table(request.table_meta, request.table_options)
    if request.table_meta.table_name in instance:
        raise taken("table")
    check_quota(len(instance))
    description = pb2.DescribeTableResponse(table_meta=request.table_meta, table_options=request.table_options)
    description.table_options.SetInParent()
    throughput = description.reserved_throughput_details
    throughput.capacity_unit.CopyFrom(request.reserved_throughput.capacity_unit)
    throughput.last_increase_time = instance.now // 1000
    instance.store.add_space(request.table_meta.table_name, description.SerializeToString())
    instance.reload()
    for index in request.index_metas:
        _add_index(instance, request.table_meta.table_name, index)
    return pb2.CreateTableResponse()


def list_table(instance: Instance, request: Any) -> Any:  # noqa: ARG001 - the request is empty
    """ListTable: the tables without the indexes."""
    return pb2.ListTableResponse(table_names=instance.names)


def describe_table(instance: Instance, request: Any) -> Any:
    """DescribeTable, with the definitions of the indexes; an index alone is not described here."""
    table = instance.readable(request.table_name)
    if isinstance(table, Index):
        raise invalid("DescribeTable of an index is not served by the loopback: its table's describes it.")
    answer = pb2.DescribeTableResponse()
    answer.CopyFrom(table.description)
    answer.index_metas.extend(index.meta for index in table.indexes)
    return answer


def update_table(instance: Instance, request: Any) -> Any:
    """UpdateTable: remembers options and throughput; neither has an effect here."""
    table = instance.writable(request.table_name)
    check_options(request.table_options)
    description = pb2.DescribeTableResponse()
    description.CopyFrom(table.description)
    description.table_options.MergeFrom(request.table_options)
    if table.indexes:
        check_options_with_index(description.table_options)
    throughput = description.reserved_throughput_details
    throughput.capacity_unit.MergeFrom(request.reserved_throughput.capacity_unit)
    instance.store.redefine(table.id, description.SerializeToString())
    instance.reload()
    return pb2.UpdateTableResponse(reserved_throughput_details=throughput, table_options=description.table_options)


def delete_table(instance: Instance, request: Any) -> Any:
    """DeleteTable, with its rows and indexes."""
    table = instance.writable(request.table_name)
    for space in (*(index.id for index in table.indexes), table.id):
        instance.store.drop_space(space)
    instance.reload()
    return pb2.DeleteTableResponse()


def create_index(instance: Instance, request: Any) -> Any:
    """CreateIndex; with `include_base_data` it holds the rows that are there already."""
    table = _add_index(instance, request.main_table_name, request.index_meta)
    if request.include_base_data:
        indexes.fill(instance.store, table, table.indexes[-1])
    return pb2.CreateIndexResponse()


def drop_index(instance: Instance, request: Any) -> Any:
    """DropIndex."""
    table = instance.writable(request.main_table_name)
    for index in table.indexes:
        if index.name == request.index_name:
            instance.store.drop_space(index.id)
            instance.reload()
            return pb2.DropIndexResponse()
    raise missing("index")


def _add_index(instance: Instance, main: str, index: Any) -> Table:
    table = instance.writable(main)
    check_index(index, table.description, len(table.indexes))
    if index.name in instance:
        raise taken("index")
    check_quota(len(instance))
    instance.store.add_space(index.name, index.SerializeToString(), table.id)
    instance.reload()
    return instance.writable(main)
