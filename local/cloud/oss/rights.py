"""What a request to OSS asks for, as a policy names it.

Several operations of the API go by one action.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.oss.copying import source_of
from local.cloud.oss.deleting import keys_of
from local.cloud.oss.errors import OssError
from local.cloud.oss.names import UNSERVED

if TYPE_CHECKING:
    from local.cloud.oss.call import Call
    from local.cloud.ram import Identities

# Where the action has another name than the operation.
_ACTIONS = {
    "HeadObject": "GetObject",
    "GetObjectMeta": "GetObject",
    "GetObjectACL": "GetObjectAcl",
    "PutObjectACL": "PutObjectAcl",
    "InitiateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListObjectsV2": "ListObjects",
}


def check(identities: Identities, key_id: str, call: Call) -> None:
    """Let the holder of a key do what `call` asks.

    Raises:
        OssError: AccessDenied; or what is wrong with the names in the request.
    """
    if call.operation == UNSERVED:
        return
    for action, resource in _needed(call):
        context = {"oss_Prefix": call.parameters.get("prefix", "")} if action == "oss:ListObjects" else {}
        if not identities.permits(key_id, action, resource, **context):
            raise OssError("AccessDenied", "You have no right to access this object.")


def _needed(call: Call) -> list[tuple[str, str]]:
    """Each action with its resource; the list of buckets is on a resource without a name, which only `*` covers."""
    if call.operation == "DeleteMultipleObjects":
        return [("oss:DeleteObject", f"{call.bucket}/{key}") for key in keys_of(call)]
    resource = f"{call.bucket}/{call.key}" if call.key else call.bucket
    if call.operation == "CopyObject":
        return [("oss:GetObject", "/".join(source_of(call))), ("oss:PutObject", resource)]
    return [(f"oss:{_ACTIONS.get(call.operation, call.operation)}", resource)]
