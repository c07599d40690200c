"""The check of an RPC-style signature (HMAC-SHA1, version 1.0), and who may present which key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import quote

from local.cloud.rpc.errors import NOT_MATCHED, RpcError, invalid, missing
from local.cloud.rpc.moments import epoch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.ram import Identities
    from local.cloud.rpc.nonces import Nonces

LONGEST_SKEW = 15 * 60
_REQUIRED = ("AccessKeyId", "Timestamp", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature")


class Keyring(Protocol):
    """The keys that the gateway accepts."""

    def secret(self, key_id: str, security_token: str | None) -> str:
        """The secret that `key_id` signs with; `security_token` is what came with it, if anything.

        Raises:
            RpcError: InvalidAccessKeyId.NotFound, or one about the token, when this pair is not accepted.
        """


class AccountKeys(NamedTuple):
    """The keys of one account."""

    identities: Identities

    def secret(self, key_id: str, security_token: str | None) -> str:
        """See `Keyring`."""
        key = self.identities.key(key_id, security_token)
        if key is None:
            raise RpcError("InvalidAccessKeyId.NotFound")
        return key.secret


def verify(method: str, parameters: Mapping[str, str], keys: Keyring, nonces: Nonces, now: float) -> None:
    """Let a request pass if it is signed, of this quarter of an hour, and was not made before.

    Args:
        method: the HTTP method, which is signed too.
        parameters: of query and form.
        keys: who may ask.
        nonces: what was used before; the request's own is added once its signature is right.
        now: epoch seconds.

    Raises:
        RpcError: with the gateway's code for what is wrong.
    """
    for name in _REQUIRED:
        if not parameters.get(name):
            raise missing(name)
    if parameters["SignatureMethod"] != "HMAC-SHA1":
        raise RpcError("InvalidSignatureMethod")
    if parameters["SignatureVersion"] != "1.0":
        raise invalid("SignatureVersion")
    stamped_at = epoch(parameters["Timestamp"], "%Y-%m-%dT%H:%M:%SZ", "+0000")
    if stamped_at is None:
        raise RpcError("InvalidTimeStamp.Format")
    if abs(now - stamped_at) > LONGEST_SKEW:
        raise RpcError("InvalidTimeStamp.Expired")
    key_id = parameters["AccessKeyId"]
    secret = keys.secret(key_id, parameters.get("SecurityToken"))
    text = string_to_sign(method, parameters)
    digest = hmac.digest(f"{secret}&".encode(), text.encode(), hashlib.sha1)
    if not hmac.compare_digest(base64.b64encode(digest), parameters["Signature"].encode()):
        raise RpcError("SignatureDoesNotMatch", NOT_MATCHED + text)
    if not nonces.first_use(key_id, parameters["SignatureNonce"], now):
        raise RpcError("SignatureNonceUsed")


def string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """What the client has signed, if these are its parameters: sorted, encoded, and encoded once more."""
    items = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in items)
    return f"{method}&%2F&{_encoded(query)}"


def _encoded(text: str) -> str:
    """Percent-encoded by RFC 3986: a space is %20, a star %2A, a tilde itself."""
    return quote(text, safe="")
