"""The vendors' APIs: each is asked for what there cannot be, and what it answers tells whether it would tell us."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ops.doctor import refusals
from ops.doctor.lines import ok, warning, wrong
from ops.doctor.refusals import Refusal
from receipts.alicom.tokens import Queue, TokenRefused, Tokens
from receipts.aliyun.record_links import FOR_A_PERSON, PASSING, VERSION
from receipts.aliyun.rpc import ApiRefused, Rpc
from receipts.huawei.record_links import NO_RECORD
from receipts.huawei.record_links import RecordLinks as HuaweiLinks
from receipts.recordings.problem import NoRecording
from receipts.refusal_codes import BUSY, CLOCK, DENIED, KEY, SECRET, is_one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.doctor.lines import Line
    from receipts.alicom.settings import PollSettings
    from receipts.credentials import Credentials
    from receipts.fetching.network import Network
    from receipts.recordings.announcement import Source
    from receipts.recordings.settings import HuaweiLinkSettings, LinkSettings

LINKS, LINKS_SETTINGS = "Aliyun's API", "PLS_ENDPOINT, PLS_REGION"
TOKENS, TOKENS_SETTINGS = "Alibaba's tokens", "ALICOM_API_ENDPOINT, ALICOM_QUEUES"
QUEUES = "Alibaba's queues"
HUAWEI, HUAWEI_SETTINGS = "Huawei's API", "HUAWEI_API_ENDPOINT, HUAWEI_APPS"
# No call and no file has such a name, and no pool such a key.
NOBODY = "receipts-doctor"
LONG_AGO = "2020-01-01 00:00:00"
# They complain of the pool that was made up for the question: who may not ask does not get as far.
OF_THE_QUESTION = ("PARTNER_NOT_EXIST", "ILLEGAL_ARGUMENT")
ACCOUNT = "Settle it with the vendor: docs/troubleshooting.md, “Recordings”."


def links(settings: LinkSettings, keys: Credentials) -> Iterator[Line]:
    """Ask for the link to the recording of a call that cannot exist. Raises ApiRefused, Unanswered."""
    with closing(Rpc(settings.endpoint, settings.region, keys)) as rpc:
        asked = {"CallId": NOBODY, "CallTime": LONG_AGO, "PoolKey": NOBODY}
        try:
            rpc.asked(VERSION, "QueryRecordFileDownloadUrl", asked)
        except ApiRefused as refused:
            yield _refused(refused.code)
        else:
            yield ok(LINKS, "gives links")


def _refused(code: str) -> Line:
    word = code.removeprefix("isv.").removeprefix("isp.")
    if is_one_of(code, (*CLOCK, *KEY, *SECRET, *DENIED)):
        found, do = refusals.advice(Refusal(code), LINKS_SETTINGS)
        return wrong(LINKS, found, do)
    if word in PASSING or is_one_of(code, BUSY):
        return warning(LINKS, f"it answers {code}: it is busy or ill", "Try again.")
    if word.startswith(FOR_A_PERSON) and not word.startswith(OF_THE_QUESTION):
        return wrong(LINKS, f"it answers {code}: no recording can be fetched", ACCOUNT)
    return ok(LINKS, f"answers, and knows no such call ({code})")


def tokens(settings: PollSettings, keys: Credentials, clock: Callable[[], int]) -> Iterator[Line]:
    """Ask for a token to each queue."""
    with closing(Tokens(Rpc(settings.token_endpoint, settings.region, keys), clock)) as given:
        refused = [(queue[1], told) for queue in settings.queues if (told := _no_token(given, Queue(*queue)))]
    for name, told in refused:
        do = f"Switch the type on in the console, correct ALICOM_QUEUES, or give the right: {refusals.RIGHTS}."
        yield wrong(f"token for {name}", told, do)
    if good := len(settings.queues) - len(refused):
        yield ok("tokens", f"tokens for {good} of {len(settings.queues)} can be had")


def _no_token(given: Tokens, queue: Queue) -> str:
    """Why there is no token for a queue; empty if there is one."""
    try:
        given.of(queue)
    except TokenRefused as error:
        return str(error)
    return ""


def huawei(
    settings: HuaweiLinkSettings, network: Network, clock: Callable[[], float], nonce: Callable[[], str]
) -> Iterator[Line]:
    """Ask with the secret of each application for the link to a file that cannot exist."""
    api = HuaweiLinks(settings, network, clock, nonce)
    for place, app_key in enumerate(settings.apps, 1):
        what = f"{HUAWEI}, application {place} of {len(settings.apps)}"
        source: Source = {"app_key": app_key, "file_name": f"{NOBODY}.wav", "record_domain": NOBODY}
        try:
            api.link(source)
        except NoRecording as error:
            problem = error.problem
            if problem.vendor_code == NO_RECORD:
                yield ok(what, "takes the secret, and knows no such file")
            elif problem.needs_a_person:
                yield wrong(what, str(error), _huawei_do(str(error)))
            else:
                yield warning(what, str(error), "Try again; if it goes on, look at HUAWEI_API_ENDPOINT.")
        else:
            yield ok(what, "gives links")


def _huawei_do(told: str) -> str:
    """What to do about a refusal, by the code at its end."""
    for codes, do in (
        (("1010013",), "Set this machine's clock."),
        (("1020166",), "Have the addresses of this machine and of the functions put on the application's white list."),
        (("1020176",), "Wait: too many tries with a wrong secret. Then correct HUAWEI_APPS."),
        (("1010040", "1010029"), "Settle it with Huawei: the application may not ask, or is frozen."),
        (("1010003", "401", "403", "10230"), "Correct this application's APP_Key and APP_Secret in HUAWEI_APPS."),
    ):
        if any(code in told for code in codes):
            return do
    return "Look at HUAWEI_API_ENDPOINT and HUAWEI_APPS: docs/troubleshooting.md, “Recordings”."
