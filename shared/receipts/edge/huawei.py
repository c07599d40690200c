"""Huawei's pushes: `POST /huawei`, whatever stands behind it in the path.

One address may get several kinds of notifications, so what a push tells is known by its body alone, which is left to
`ingest`. Source: Huawei Cloud PrivateNumber, "call event notification" and its neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.edge import huawei_auth
from receipts.errors import Refusal

if TYPE_CHECKING:
    from receipts.edge.http_event import HttpRequest
    from receipts.edge.settings import HuaweiSettings

VENDOR = "huawei"
# The envelope's type for every push: the body says which notification it is.
TYPE = "notification"
NOT_ALLOWED, TOO_LARGE = 405, 413


def unproved_reason(request: HttpRequest, settings: HuaweiSettings, now: float) -> str | None:
    """Why a push that comes in has not proved whose it is, as `HUAWEI_AUTH=log` allows; None if it has.

    `now` is in epoch seconds. The path is the caller's business.

    Raises:
        Refusal: 405 for another method, 401 without a signature, 403 for one that proves nothing and, in either
            mode, while there are no applications, 413 for a body of more than `settings.max_body_bytes`.
    """
    if request.method != "POST":
        raise Refusal(NOT_ALLOWED, "only POST is answered here", {"Allow": "POST"})
    why = _unproved(request, settings, now)
    if len(request.body) > settings.max_body_bytes:
        raise Refusal(TOO_LARGE, "the body is larger than MAX_BODY_BYTES")
    return why


def _unproved(request: HttpRequest, settings: HuaweiSettings, now: float) -> str | None:
    try:
        huawei_auth.verify(request.headers, settings.apps, now, settings.max_age_seconds)
    except Refusal as refusal:
        # Without any secret there is nothing to compare with: nobody is let in.
        if settings.enforce or not settings.apps:
            raise
        return str(refusal)
    return None
