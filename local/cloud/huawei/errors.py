"""What Huawei's API says no with."""

from __future__ import annotations

import json

from local.cloud.http import Response
from local.cloud.refused import PublishedError

# No page at hand says which code goes with a wrong digest, only that the status is 401: a client that needs to know
# the code fails here first.
WRONG_DIGEST = "9999401"
INVALID_REQUEST = "1010002"
INVALID_APP_KEY = "1010003"
TIME_LIMIT = "1010013"
NO_RECORD = "1012007"


class HuaweiError(PublishedError):
    """One refusal; the codes are those of the page on this API and of the product's list of codes."""

    known = {  # noqa: RUF012 - declared ClassVar in the base
        "1010001": (500, "Internal system error."),
        INVALID_REQUEST: (403, "Invalid request."),
        INVALID_APP_KEY: (400, "Invalid app_key."),
        "1010010": (400, "The platform is under flow control."),
        TIME_LIMIT: (401, "Time out limit."),
        "1010029": (400, "The subscriber status is frozen."),
        "1010040": (400, "The app_key is not allowed to invoke the API."),
        NO_RECORD: (400, "The record does not exist."),
        "1020166": (403, "The app client ip is not in ip white list."),
        "1020176": (403, "Authentication failed, try again later."),
        "1023006": (400, "Authorization not contained in the HTTP header."),
        "1023007": (400, "realm not contained in Authorization."),
        "1023008": (400, "profile not contained in Authorization."),
        "1023009": (400, "The value of realm in Authorization must be SDP."),
        "1023010": (400, "The value of profile in Authorization must be UsernameToken."),
        "1023011": (400, "The value of type in Authorization must be Appkey."),
        "1023012": (400, "type not contained in Authorization."),
        "1023033": (400, "X-AKSK not contained in the HTTP header."),
        "1023034": (400, "Username not contained in X-AKSK."),
        "1023035": (400, "Nonce not contained in X-AKSK."),
        "1023036": (400, "Created not contained in X-AKSK."),
        "1023037": (400, "PasswordDigest not contained in X-AKSK."),
        WRONG_DIGEST: (401, "Wrong PasswordDigest."),
    }


def refused(status: int, code: str, message: str) -> Response:
    """The answer that says so."""
    body = json.dumps({"resultcode": code, "resultdesc": message}).encode()
    return Response(status, {"Content-Type": "application/json;charset=UTF-8"}, body)
