"""What the tests of the queues share: the vendor's SDK, and requests that are not quite the SDK's."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mns.account import Account
from mns.mns_client import MNSClient
from mns.mns_http import RequestInternal
from mns.mns_request import RequestBase

from tests.local.support import KEY, Answer, send

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.cloud.access import AccessKey
    from local.cloud.mns import MnsServer

XMLNS = 'xmlns="http://mns.aliyuncs.com/doc/v1/"'


@contextmanager
def account_of(server: MnsServer, key: AccessKey = KEY, token: str = "") -> Iterator[Any]:
    """The SDK's account on `server`; the SDK wants one for each thread."""
    account = Account(server.endpoint, key.key_id, key.secret, token)
    try:
        yield account
    finally:
        account.mns_client.close_connection()


def attributes_of(queue: Any) -> Any:
    """The attributes of the SDK's `queue`; the SDK complains about its own counters when it fills them in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return queue.get_attributes()


def ask(  # noqa: PLR0913 - a request has that many sides
    server: MnsServer,
    method: str,
    target: str,
    body: bytes = b"",
    *,
    headers: Mapping[str, str | None] | None = None,
    sign: bool | str = True,
) -> Answer:
    """Send one request, signed as the SDK does it.

    Args:
        server: where to.
        method: the HTTP method.
        target: path and query, as they are to go over the wire.
        body: the bytes to send.
        headers: other than the SDK's, or None for one that is to be left out.
        sign: whether to sign again after `headers` were changed; or the target to sign instead of the real one.
    """
    client = MNSClient(server.endpoint, *KEY)
    request = RequestInternal(method, target, data=body or "")
    client.build_header(RequestBase(), request)
    for name, value in (headers or {}).items():
        request.header.pop(name, None)
        if value is not None:
            request.header[name] = value
    if sign:
        signed = target if sign is True else sign
        credential = client.credentials_provider.get_credentials()
        request.header["Authorization"] = client.get_signature(method, request.header, signed, credential)
    return send(server, method, target, body, request.header)
