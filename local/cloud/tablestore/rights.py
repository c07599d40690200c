"""What a request to TableStore asks for, as a policy names it: the operation, on each table that it touches.

An index is a table of its own to a policy. CreateIndex and DropIndex are asked for on the table that the index is of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.cloud.tablestore.errors import not_permitted

if TYPE_CHECKING:
    from local.cloud.ram import Identities


def check(identities: Identities, key_id: str, instance: str, operation: str, message: Any) -> None:
    """Let the holder of a key do what `message` asks of an instance.

    Raises:
        RefusedError: OTSNoPermissionAccess, for the whole request even if only one of its tables is closed.
    """
    for table in _tables(message):
        if not identities.permits(key_id, f"ots:{operation}", f"instance/{instance}/table/{table}"):
            raise not_permitted()


def _tables(message: Any) -> list[str]:
    fields = {field.name for field in message.DESCRIPTOR.fields}
    if "tables" in fields:
        return [table.table_name for table in message.tables]
    if "table_meta" in fields:
        return [message.table_meta.table_name]
    for name in ("table_name", "main_table_name"):
        if name in fields:
            return [getattr(message, name)]
    # ListTable is about all of them.
    return ["*"]
