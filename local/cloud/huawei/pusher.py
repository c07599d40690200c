"""Who pushes: one application's notifications and questions, signed, and sent again until they are taken."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from local.cloud.huawei.signature import signed

if TYPE_CHECKING:
    from collections.abc import Callable

# After each failure in turn. No page says whether they count from the first try or from the one before; from the one
# before, the last comes ten hours and a half after the first, which is the harder case for who receives.
PAUSES_MINUTES = (1, 4, 9, 106, 203, 300)
# The one status that counts as taken.
OK = 200


class Pushed(NamedTuple):
    """What came of a push: whether it was taken, and the status of each try (0: no answer in time)."""

    taken: bool
    statuses: tuple[int, ...]


class Answered(NamedTuple):
    """What came of a question: the status (0: no answer in time), and the answer, None if it is no JSON object."""

    status: int
    answer: dict[str, Any] | None


class Pusher:
    """One application.

    Args:
        app_key: its key.
        secret: its secret.
        form: how it signs: `AKSK`, or the older `WSSE`.
        time_scale: real seconds per second of the platform's between tries.
        sleep: waits for so many seconds.
        clock: epoch seconds that are signed.
        nonce: letters and digits, new ones each time.
        signs_anew: whether a retry is signed again; else it repeats the first try exactly. No page says which is true.
        patience_seconds: how long an answer is waited for. No page tells this either.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        app_key: str,
        secret: str,
        *,
        form: Literal["AKSK", "WSSE"] = "AKSK",
        time_scale: float = 1.0,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.time,
        nonce: Callable[[], str] = lambda: uuid.uuid4().hex,
        signs_anew: bool = True,
        patience_seconds: float = 5.0,
    ) -> None:
        self.app_key = app_key
        self._secret = secret
        self._form = form
        self._time_scale = time_scale
        self._sleep = sleep
        self._clock = clock
        self._nonce = nonce
        self._signs_anew = signs_anew
        self._patience = patience_seconds

    def push(self, url: str, body: bytes) -> Pushed:
        """Push until it is taken, at most seven times: then it is gone for good."""
        headers = self._headers()
        statuses = [self._post(url, body, headers)[0]]
        for minutes in PAUSES_MINUTES:
            if statuses[-1] == OK:
                break
            self._sleep(minutes * 60 * self._time_scale)
            headers = self._headers() if self._signs_anew else headers
            statuses.append(self._post(url, body, headers)[0])
        return Pushed(statuses[-1] == OK, tuple(statuses))

    def ask(self, url: str, body: bytes) -> Answered:
        """Ask once: whoever calls cannot wait for a second try."""
        status, answer = self._post(url, body, self._headers())
        try:
            told = json.loads(answer)
        except ValueError:
            told = None
        return Answered(status, told if isinstance(told, dict) else None)

    def _headers(self) -> dict[str, str]:
        credentials = signed(self._form, self.app_key, self._secret, self._nonce(), self._clock())
        return {"content-type": "application/json;charset=UTF-8", **credentials}

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """One try, over a connection of its own as the platform's are: the status and the body of the answer."""
        where = urlsplit(url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.hostname or "", where.port, timeout=self._patience)
        try:
            connection.request("POST", where.path or "/", body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()
