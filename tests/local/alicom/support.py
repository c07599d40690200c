"""What the tests of the vendor's queues share: both SDKs, as a consumer uses them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from mns.account import Account
from mns.mns_exception import MNSServerException

from local.cloud.access import AccessKey
from local.cloud.alicom import queue_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.cloud.alicom import AlicomServer

KEY = AccessKey("LTAIexample", "a-made-up-secret")
TYPE = "SecretReport"


def ask(alicom: AlicomServer, message_type: str = TYPE, queue: str = "", *, key: AccessKey = KEY) -> Any:
    """What `QueryTokenForMnsQueue` answers when asked for a token; a parameter that is empty is left out."""
    request = CommonRequest(alicom.endpoint.removeprefix("http://"), "2017-05-25", "QueryTokenForMnsQueue")
    request.set_protocol_type("http")
    request.set_method("POST")
    for name, value in (("MessageType", message_type), ("QueueName", queue)):
        if value:
            request.add_query_param(name, value)
    client = AcsClient(key.key_id, key.secret, "cn-hangzhou")
    try:
        return json.loads(client.do_action_with_exception(request))
    finally:
        # Left to itself, the client closes its connections when the collector finds it: too late for some.
        client.session.close()


@contextmanager
def account_with(alicom: AlicomServer, token: dict[str, str]) -> Iterator[Any]:
    """The SDK's account for a token; the SDK wants one for each thread."""
    names = ("AccessKeyId", "AccessKeySecret", "SecurityToken")
    account = Account(alicom.mns_endpoint, *(token[name] for name in names))
    try:
        yield account
    finally:
        account.mns_client.close_connection()


@contextmanager
def consumer(alicom: AlicomServer, message_type: str = TYPE, queue: str = "", *, key: AccessKey = KEY) -> Iterator[Any]:
    """The SDK's queue with a fresh token for it; the default queue of the type if none is named."""
    token = ask(alicom, message_type, queue, key=key)["MessageTokenDTO"]
    with account_with(alicom, token) as account:
        yield account.get_queue(queue or queue_name(alicom.account, message_type))


def refused(act: Callable[[], Any]) -> str:
    """The code that the queue service refuses `act` with."""
    with pytest.raises(MNSServerException) as caught:
        act()
    return str(caught.value.type)
