"""Huawei's notifications as it signs and pushes them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from local.cloud.huawei.signature import FORMS
from local.golden.shapes import JSON_HEADERS, http_event, instant

if TYPE_CHECKING:
    from local.golden.bodies import Bodies

# Made up, and known to the loopback cloud.
APP_KEY, APP_SECRET = "a1DemoAppKey0000000000000001", "demoSecret0123456789ABCDEF"
NOTIFICATIONS = (
    "callin",
    "callout",
    "alerting",
    "answer",
    "disconnect",
    "collectInfo",
    "fee",
    "numStatus",
    "text",
    "question",
    "question-text",
)


def signature(nonce: str, created: str, *, scheme: str = "AKSK", secret: str = APP_SECRET) -> dict[str, str]:
    """The headers that sign a push, spelt as the platform hands them on.

    Args:
        nonce: letters and digits.
        created: when it is signed, `yyyy-MM-ddTHH:mm:ssZ`.
        scheme: `AKSK` or `WSSE`.
        secret: of the application.
    """
    fields = {
        "Username": APP_KEY,
        "PasswordDigest": FORMS[scheme](secret, nonce, created),
        "Nonce": nonce,
        "Created": created,
    }
    token = ",".join(f'{name}="{value}"' for name, value in fields.items())
    return {
        "Authorization": f'{scheme} realm="SDP",profile="UsernameToken",type="Appkey"',
        f"X-{scheme.capitalize()}": f"UsernameToken {token}",
    }


def events(bodies: Bodies) -> dict[str, Any]:
    """The events of `receive`: every notification, and what is peculiar to Huawei's signature."""
    made = {
        f"huawei-{name}.json": _event(bodies, name, signature(_nonce(number), instant(number)), number)
        for number, name in enumerate(NOTIFICATIONS, 71)
    }
    older = signature(_nonce(81), instant(81), scheme="WSSE")
    wrong = signature(_nonce(82), instant(82), secret="not-the-secret")  # noqa: S106 - made up
    return made | {
        "huawei-wsse.json": _event(bodies, "fee", older, 81),
        "huawei-wrong-secret.json": _event(bodies, "fee", wrong, 82),
        "huawei-unsigned.json": _event(bodies, "fee", {}, 83),
    }


def decide_events(bodies: Bodies) -> dict[str, Any]:
    """The events of `decide`: the questions, and what else comes to its address."""
    signed = {number: signature(_nonce(number), instant(number)) for number in range(91, 95)}
    wrong = signature(_nonce(95), instant(95), secret="not-the-secret")  # noqa: S106 - made up
    get = http_event("/", "", 94, method="GET", headers=JSON_HEADERS | signed[94])
    return {
        "question-call.json": _event(bodies, "question", signed[91], 91, "/"),
        "question-text.json": _event(bodies, "question-text", signed[92], 92, "/"),
        "notification.json": _event(bodies, "answer", signed[93], 93, "/"),
        "wrong-method.json": get,
        "wrong-secret.json": _event(bodies, "question", wrong, 95, "/"),
        "unsigned.json": _event(bodies, "question", {}, 96, "/"),
    }


def _event(bodies: Bodies, name: str, headers: dict[str, str], number: int, path: str = "/huawei") -> dict[str, Any]:
    return http_event(path, bodies.huawei(name).decode(), number, headers=JSON_HEADERS | headers)


def _nonce(number: int) -> str:
    return hashlib.md5(f"nonce {number}".encode(), usedforsecurity=False).hexdigest()
