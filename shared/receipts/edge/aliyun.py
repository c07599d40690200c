"""Aliyun's pushes: `POST /aliyun/{token}/{MessageType}`.

The vendor signs nothing, so the secret in the path is all that tells its pushes from anybody else's.
Source: Alibaba Cloud Phone Number Protection, "push receipts over HTTP".
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from receipts.errors import Refusal

if TYPE_CHECKING:
    from receipts.edge.http_event import HttpRequest

VENDOR = "aliyun"
SEGMENTS = 3
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, TOO_LARGE = 401, 403, 404, 405, 413


def message_type(request: HttpRequest, tokens: tuple[bytes, ...], most_bytes: int) -> str:
    """The message type of a push that may come in.

    Raises:
        Refusal: 404 for another path, 405 for another method, 401 without a token, 403 with a wrong one, 413
            for a body of more than `most_bytes`.
    """
    if len(request.path) != SEGMENTS or request.path[0] != VENDOR or not request.path[-1]:
        raise Refusal(NOT_FOUND, "unknown path: use /aliyun/{token}/{MessageType} or /huawei")
    if request.method != "POST":
        raise Refusal(NOT_ALLOWED, "only POST is answered here", {"Allow": "POST"})
    _, token, kind = request.path
    if not token:
        raise Refusal(UNAUTHORIZED, "the path holds no token")
    # Every token is compared, whichever matches, so that the time taken tells nothing.
    matches = [hmac.compare_digest(token.encode("utf-8", "replace"), known) for known in tokens]
    if not any(matches):
        raise Refusal(FORBIDDEN, "the token in the path is not one of ALIYUN_PUSH_TOKENS")
    if len(request.body) > most_bytes:
        raise Refusal(TOO_LARGE, "the body is larger than MAX_BODY_BYTES")
    return kind
