"""The loopback server of Huawei's API that gives links to recordings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer, Response
from local.cloud.huawei.errors import INVALID_REQUEST, NO_RECORD, HuaweiError, refused
from local.cloud.huawei.recordings import Recordings
from local.cloud.huawei.signature import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.cloud.faults import Fault
    from local.cloud.http import Request
    from local.cloud.pls.questions import Link

OPERATION = "GetRecordingDownloadUrl"
PATH = "/rest/provision/voice/record/v1.0"
# The sibling product's page says of the same API how long its links live.
LIFE_SECONDS = 7 * 24 * 60 * 60
MOST_NAME = 128


class HuaweiServer(LoopbackServer):
    """The applications' recordings and the API that gives links to them, on 127.0.0.1.

    Args:
        apps: the secret of each application by its key.
        link: makes the links: a file host's `url`.
        faults: what is to go wrong; the one operation is `GetRecordingDownloadUrl`.
        port: 0 for any free one.
        clock: epoch seconds that requests are signed by.
        recordings_clock: epoch seconds that recordings grow old by; None for `clock`.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        *,
        apps: Mapping[str, str],
        link: Link,
        faults: Faults | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        recordings_clock: Callable[[], float] | None = None,
    ) -> None:
        self.apps = apps
        self.recordings = Recordings(recordings_clock or clock)
        super().__init__(_Api(Gate(apps, clock), self.recordings, link), faults or Faults(), port=port)


class _Api:
    """`GET /rest/provision/voice/record/v1.0`: answers 301, and the link is its `Location`."""

    def __init__(self, gate: Gate, recordings: Recordings, link: Link) -> None:
        self._gate = gate
        self._recordings = recordings
        self._link = link

    def operation(self, request: Request) -> str:  # noqa: ARG002 - the same for every request
        """The one there is, whatever was asked."""
        return OPERATION

    def answer(self, request: Request, fault: Fault | None) -> Response:  # noqa: ARG002 - no batches here
        """The redirection, or a refusal."""
        try:
            return Response(301, {"Location": self._link(self._file(request), LIFE_SECONDS)}, b"")
        except HuaweiError as error:
            return refused(error.status, error.code, error.message)

    def refusal(self, request: Request, status: int, code: str) -> Response:  # noqa: ARG002 - the same to everybody
        """A planned refusal."""
        return refused(status, code, HuaweiError.text_of(code))

    def _file(self, request: Request) -> str:
        path, _, query = request.target.partition("?")
        if path != PATH or request.method != "GET":
            raise HuaweiError(INVALID_REQUEST, status=404)
        app_key = self._gate.admitted(request.headers)
        asked = dict(parse_qsl(query))
        name, domain = asked.get("fileName", ""), asked.get("recordDomain", "")
        if not (0 < len(name) <= MOST_NAME and 0 < len(domain) <= MOST_NAME):
            raise HuaweiError(INVALID_REQUEST)
        file = self._recordings.file(app_key, name, domain)
        if file is None:
            raise HuaweiError(NO_RECORD)
        return file
