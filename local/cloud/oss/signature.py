"""The check of a request's signature, of either version, in its headers or in its URL."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.oss.errors import OssError

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.oss.call import Call
    from local.cloud.ram import Identities

LONGEST_SKEW = 15 * 60
"""Seconds by which a client's clock may be wrong."""


class Claim(NamedTuple):
    """What a request says about its sender.

    Attributes:
        key_id: who it says it is from.
        signature: the proof that came with it.
        sign: what the proof has to be, given the secret.
    """

    key_id: str
    signature: str
    sign: Callable[[bytes], str]


def verify(claim: Claim, token: str | None, keys: Identities) -> None:
    """Let a request pass if it was signed with one of `keys`; `token` is the security token that came with it.

    Raises:
        OssError: InvalidAccessKeyId or SignatureDoesNotMatch.
    """
    key = keys.key(claim.key_id, token)
    if key is None:
        raise OssError("InvalidAccessKeyId")
    if not hmac.compare_digest(claim.sign(key.secret.encode()).encode(), claim.signature.encode("utf-8", "replace")):
        raise OssError("SignatureDoesNotMatch")


def check_skew(sent_at: float | None, now: float) -> None:
    """Let a request pass that is of this quarter of an hour; None is a date that nobody understands.

    Raises:
        OssError: AccessDenied or RequestTimeTooSkewed.
    """
    if sent_at is None:
        raise OssError("AccessDenied", "OSS authentication requires a valid Date.")
    if abs(now - sent_at) > LONGEST_SKEW:
        raise OssError("RequestTimeTooSkewed")


def expired() -> OssError:
    """The refusal of a signed URL whose time is over."""
    return OssError("AccessDenied", "Request has expired.")


def own_headers(call: Call, *others: str) -> list[tuple[str, str]]:
    """The headers that are signed: the service's own and `others`, sorted."""
    chosen = (name for name in call.headers if name.startswith("x-oss-") or name in others)
    return [(name, call.headers[name].strip()) for name in sorted(chosen)]


def header_bytes(text: str) -> bytes:
    """A header as it was on the wire: the HTTP layer reads one character per byte."""
    return text.encode("latin-1", "replace")


def target_bytes(text: str) -> bytes:
    """A part of the target as it was on the wire, percent-decoded."""
    return text.encode("utf-8", "surrogateescape")
