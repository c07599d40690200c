"""The service behind the HTTP server: signature, operation, answer or refusal."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from local.cloud.oss.account_operations import AccountOperations
from local.cloud.oss.answers import xml
from local.cloud.oss.authentication import authenticate
from local.cloud.oss.bucket_operations import BucketOperations
from local.cloud.oss.call import read_call
from local.cloud.oss.copying import Copying
from local.cloud.oss.deleting import Deleting
from local.cloud.oss.document import document, tag
from local.cloud.oss.errors import OssError
from local.cloud.oss.listing import Listing
from local.cloud.oss.object_operations import ObjectOperations
from local.cloud.oss.rights import check
from local.cloud.oss.upload_operations import UploadOperations

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.faults import Fault
    from local.cloud.http import Request, Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store
    from local.cloud.oss.uploads import Uploads
    from local.cloud.ram import Identities


class OssService:
    """The buckets of one account as an `Answerer`."""

    def __init__(self, store: Store, uploads: Uploads, keys: Identities, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._clock = clock
        self._operations = (
            AccountOperations(store).by_name
            | BucketOperations(store).by_name
            | Listing(store).by_name
            | ObjectOperations(store).by_name
            | Copying(store).by_name
            | Deleting(store).by_name
            | UploadOperations(store, uploads).by_name
        )

    def operation(self, request: Request) -> str:
        """The API's name for what `request` asks."""
        return read_call(request).operation

    def answer(self, request: Request, fault: Fault | None) -> Response:  # noqa: ARG002 - no batches here
        """Carry `request` out, if its signature is right."""
        call = read_call(request)
        try:
            key_id = authenticate(call, self._keys, self._clock())
            call.check()
            check(self._keys, key_id, call)
            response = self._operations.get(call.operation, _refuse)(call)
        except OssError as error:
            return _refusal(request, error.status, error.code, error.message)
        return _stamped(response, _request_id())

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """An error as the service words it."""
        return _refusal(request, status, code, OssError.text_of(code))


def _refuse(_call: Call) -> Response:
    raise OssError("NotImplemented")


def _refusal(request: Request, status: int, code: str, message: str) -> Response:
    request_id = _request_id()
    inner = (
        tag("Code", code),
        tag("Message", message),
        tag("RequestId", request_id),
        tag("HostId", read_call(request).host),
    )
    body = document("Error", *inner)
    response = _stamped(xml(body, status), request_id)
    if request.method == "HEAD":
        # There is no body to look into, so the error comes as a header.
        response.headers["x-oss-err"] = base64.b64encode(body).decode()
    return response


def _request_id() -> str:
    return secrets.token_hex(12).upper()


def _stamped(response: Response, request_id: str) -> Response:
    headers = {"server": "AliyunOSS", "x-oss-request-id": request_id, **response.headers}
    return response._replace(headers=headers)
