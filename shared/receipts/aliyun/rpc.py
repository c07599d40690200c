"""Aliyun's RPC-style APIs, through the vendor's core SDK: one question, one JSON answer, or why there is none.

A refusal of the API comes with status 200 and a `Code`, one of the gateway with an HTTP status; both are told alike.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

from receipts.errors import ReceiptsError, Unavailable
from receipts.masking import masked

if TYPE_CHECKING:
    from receipts.credentials import Credentials

# It logs what it asks for, call ids included.
logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL + 1)

CONNECT_SECONDS, READ_SECONDS = 3, 10
OK = "OK"
MOST_CODE = 64


class ApiRefused(ReceiptsError):
    """The API, or its gateway, refuses.

    Attributes:
        code: the vendor's word for why, long numbers masked.
    """

    advice = "see the code"

    def __init__(self, code: str) -> None:
        letters = "".join(letter for letter in code if letter.isascii() and (letter.isalnum() or letter in "._-"))
        self.code = masked(letters)[:MOST_CODE]
        super().__init__(f"the API answered {self.code}")


class Unanswered(Unavailable):
    """There is no answer, or none that can be read."""


class Rpc:
    """One account's way to one API's host.

    Args:
        endpoint: http(s)://host[:port].
        region: the region id that it is called with.
        keys: who asks.
    """

    def __init__(self, endpoint: str, region: str, keys: Credentials) -> None:
        where = urlsplit(endpoint)
        self._domain, self._scheme = where.netloc, where.scheme
        # Given a permanent key beside a temporary one, the SDK would use the permanent one.
        credential = StsTokenCredential(*keys) if keys.token else AccessKeyCredential(keys.key_id, keys.secret)
        self._client: Any = AcsClient(
            region_id=region,
            credential=credential,
            auto_retry=False,
            connect_timeout=CONNECT_SECONDS,
            timeout=READ_SECONDS,
        )

    def asked(self, version: str, action: str, parameters: dict[str, str]) -> dict[str, Any]:
        """The answer, whose `Code` is OK. Raises ApiRefused, Unanswered."""
        request = CommonRequest(self._domain, version, action)
        request.set_protocol_type(self._scheme)
        request.set_method("POST")
        request.set_accept_format("JSON")
        for name, value in parameters.items():
            request.add_body_params(name, value)
        try:
            answer = json.loads(self._client.do_action_with_exception(request))
        # Only the codes: the messages may repeat what was asked.
        except ServerException as error:
            raise ApiRefused(str(error.get_error_code())) from None
        except ClientException as error:
            raise Unanswered(f"the API did not answer ({error.get_error_code()})") from None
        except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
            # Among them what the SDK raises on a refusal that it cannot take apart.
            raise Unanswered("the API's answer cannot be read") from None
        if not isinstance(answer, dict):
            raise Unanswered("the API's answer is no JSON object")
        code = answer.get("Code", OK)
        if code != OK:
            raise ApiRefused(str(code))
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.session.close()
