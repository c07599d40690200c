"""Fresh links to Huawei's recordings, from the number-protection API.

Source: Huawei Cloud PrivateNumber, "GetRecordingDownloadUrl": a GET with the file's name and domain as the call record
tells them, signed with the application's secret. The link is the `Location` of the answer, which is therefore never
followed from here: following it would give the file instead of the link, past the fetch guard.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from receipts.deadline import Deadline
from receipts.fetching import urls
from receipts.fetching.download import Download
from receipts.fetching.errors import FetchError, FetchRefused
from receipts.fetching.exchange import answered
from receipts.fetching.limits import Limits
from receipts.recordings.policy import api_policy
from receipts.recordings.problem import NoRecording, Problem
from receipts.settings import HUAWEI_API_ENDPOINT, HUAWEI_APPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.fetching.exchange import Answer
    from receipts.fetching.network import Network
    from receipts.recordings.announcement import Source
    from receipts.recordings.settings import HuaweiLinkSettings

PATH = "/rest/provision/voice/record/v1.0"
AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
# Longer names are in call records, but the API does not take them.
MOST_NAME = 128
# No answer is a link by its body: as much as a refusal may have.
LIMITS = Limits(first_byte_seconds=10.0, idle_seconds=5.0, total_seconds=13.0, max_bytes=64 * 1024)
# No such file: a wrong name, older than seven days, or the account is in arrears. So not gone for good.
NO_RECORD = "1012007"
# The platform's own trouble, and its flow control, which asks for a minute.
PASSING = ("1010001", "1010010")
PASSING_STATUS = (408, 429)
SERVER_ERROR = 500
# The headers (10230xx), the request, the app key, the clock, a frozen account, the API's rights, addresses that may
# not ask, and an address that has asked with a wrong secret too often: no try alone will mend it.
FOR_A_PERSON = ("10230", "1010002", "1010003", "1010013", "1010029", "1010040", "1020166", "1020176")
_CODE = re.compile(r"[0-9]{1,7}")
# What may stand between the quotes of a header.
_APP_KEY = re.compile(r"[!#-~]{1,128}")


class RecordLinks:
    """Asks for links with the secret of the application that a call belongs to.

    Args:
        settings: where the API is, and the applications' secrets. Raises SettingError if the address is none.
        network: how to get there.
        clock: epoch seconds, which requests are signed with.
        nonce: up to 128 letters and digits, new ones each time.
        limits: how long an answer may take.
    """

    def __init__(
        self,
        settings: HuaweiLinkSettings,
        network: Network,
        clock: Callable[[], float],
        nonce: Callable[[], str],
        limits: Limits = LIMITS,
    ) -> None:
        self._settings = settings
        self._policy = api_policy(settings)
        self._network = network
        self._clock = clock
        self._nonce = nonce
        self._limits = limits

    def link(self, source: Source) -> str:
        """A fresh link to the recording. Raises NoRecording with what the API says instead."""
        asked = {"fileName": _name(source, "file_name"), "recordDomain": _name(source, "record_domain")}
        if not self._settings.endpoint:
            problem = f"{HUAWEI_API_ENDPOINT.name} is not set: the API cannot be asked"
            raise NoRecording(Problem(problem, needs_a_person=True))
        app_key = str(source.get("app_key", ""))
        secret = self._settings.apps.get(app_key)
        if secret is None or not _APP_KEY.fullmatch(app_key):
            problem = f"{HUAWEI_APPS.name} has no secret for its application: the API cannot be asked"
            raise NoRecording(Problem(problem, needs_a_person=True))
        url = f"{self._settings.endpoint}{PATH}?{urlencode(asked, quote_via=quote)}"
        try:
            return self._asked(url, self._signed(app_key, secret))
        except FetchError as error:
            # The API's own address, never that of a link.
            raise NoRecording(Problem(f"the API: {error}", needs_a_person=isinstance(error, FetchRefused))) from None

    def _signed(self, app_key: str, secret: bytes) -> dict[str, str]:
        nonce, created = self._nonce(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._clock()))
        digest = base64.b64encode(hmac.digest(secret, (nonce + created).encode(), hashlib.sha256)).decode()
        told = {"Username": app_key, "PasswordDigest": digest, "Nonce": nonce, "Created": created}
        pairs = ",".join(f'{name}="{value}"' for name, value in told.items())
        return {
            "Content-Type": "application/json;charset=UTF-8",
            "Authorization": AUTHORIZATION,
            "X-AKSK": f"UsernameToken {pairs}",
        }

    def _asked(self, url: str, headers: dict[str, str]) -> str:
        total = Deadline(self._limits.total_seconds, self._network.monotonic)
        target = urls.target(url)
        answer = answered(target, self._policy, self._limits, self._network, total, headers=headers)
        with closing(answer.response):
            if answer.location:
                return _link(url, answer.location)
            raise NoRecording(_refusal(answer.response.status, self._body(target.host, answer, total)))

    def _body(self, host: str, answer: Answer, total: Deadline) -> bytes:
        """What was sent in place of a link, or nothing, if it does not come or is longer than a refusal."""
        try:
            answer.stream.body_begins(self._limits.idle_seconds, total)
            return b"".join(Download(host, answer, self._limits.max_bytes).chunks())
        except FetchError:
            return b""


def _name(source: Source, field: str) -> str:
    """A name that the API can be asked by. Raises NoRecording."""
    name = source.get(field)
    if not name or not isinstance(name, str):
        raise NoRecording(Problem("its call record names no file and domain: the API cannot be asked"))
    if len(name) > MOST_NAME:
        raise NoRecording(Problem(f"its file or domain has more than {MOST_NAME} letters: the API cannot be asked"))
    try:
        name.encode()
    except UnicodeEncodeError:
        raise NoRecording(Problem("its file or domain holds half a character: the API cannot be asked")) from None
    return name


def _link(url: str, location: str) -> str:
    try:
        return urls.redirected(url, location)
    except FetchRefused:
        raise NoRecording(Problem("the API answered with a link that is none")) from None


def _refusal(status: int, body: bytes) -> Problem:
    """What an answer without a link means: told by its code alone, as its words may repeat what was asked."""
    code = _code(body)
    told = f"the API answered {code or f'HTTP {status}, and no link'}"
    if code == NO_RECORD:
        return Problem(told, vendor_code=code)
    if code.startswith(FOR_A_PERSON):
        return Problem(told, needs_a_person=True)
    passes = code in PASSING or status >= SERVER_ERROR or status in PASSING_STATUS
    # Any other code does not mean a missing file, and there are only seven days: a person has to look.
    return Problem(told, needs_a_person=not passes)


def _code(body: bytes) -> str:
    """The result code, empty if there is none: digits, and too few of them for a phone number."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = str(answer.get("resultcode", "")) if isinstance(answer, dict) else ""
    return code if _CODE.fullmatch(code) else ""
