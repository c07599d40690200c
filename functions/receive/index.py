"""Takes a vendor's push: authenticate, journal to the queue, acknowledge. Standard library only."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.deadline import Deadline
from receipts.edge import aliyun, http_event
from receipts.edge.settings import HuaweiSettings, ReceiveSettings
from receipts.errors import Refusal
from receipts.journal.envelope import Envelope
from receipts.journal.journal import Journal, trouble
from receipts.journal.queue import Queue
from receipts.logs import Log, word
from receipts.settings import BucketSettings, log_level

if TYPE_CHECKING:
    from receipts.edge.http_event import HttpRequest

ACCEPTED: dict[str, object] = {"code": 0, "msg": "ok"}
HUAWEI = "huawei"
DECIDE = "in the console, give decide's address as call status address (calls to X) or as SMS control address (texts)"

# Vendor, message type, and the answer that acknowledges it.
_Admitted = tuple[str, str, dict[str, object]]


class _Service(NamedTuple):
    settings: ReceiveSettings
    huawei: HuaweiSettings
    journal: Journal
    log: Log


_services: list[_Service] = []
# Something is in it from the first push of this instance on.
_warm: list[bool] = []


def initialize(context: Any) -> None:
    """Read the settings and make the queue's client, once per instance. Raises SettingError."""
    del context
    settings, huawei = ReceiveSettings.read(os.environ), HuaweiSettings.read(os.environ)
    queue = Queue(settings.mns_endpoint, settings.receipts_queue, time.time)
    journal = Journal(queue, BucketSettings.read(os.environ), time.time)
    _services[:] = [_Service(settings, huawei, journal, Log("receive", log_level(os.environ)))]


def handler(event: bytes, context: Any) -> dict[str, object]:
    """Answer one HTTP request: 200 only once the queue, with the bucket's help, holds every part of it."""
    if not _services:
        initialize(context)
    settings, _, journal, log = _services[0]
    deadline = Deadline(settings.ack_budget_seconds, time.monotonic)
    cold, _warm[:] = not _warm, [True]
    try:
        request = http_event.decoded(event)
        vendor, kind, accepted = _huawei(request, context) if request.path[0] == HUAWEI else _aliyun(request)
        push = Envelope(vendor, kind, int(time.time() * 1000), context.request_id, request.body)
        sent = journal.put([push], credentials.of(context, os.environ), deadline)
    except Refusal as refusal:
        took = deadline.spent_ms()
        log.warning("push refused", context.request_id, status=refusal.status, why=str(refusal), ms=took, cold=cold)
        return http_event.refused(refusal)
    except Exception as error:  # noqa: BLE001 - whatever fails, the vendor must be told to send again
        log.warning("push not journalled", context.request_id, **trouble(error), ms=deadline.spent_ms(), cold=cold)
        return http_event.send_again()
    log.info(
        "push journalled",
        context.request_id,
        vendor=vendor,
        type=word(kind),
        bytes=len(request.body),
        messages=sent,
        ms=deadline.spent_ms(),
        cold=cold,
    )
    return accepted


def _aliyun(request: HttpRequest) -> _Admitted:
    settings = _services[0].settings
    kind = aliyun.message_type(request, settings.push_tokens, settings.max_body_bytes)
    return aliyun.VENDOR, kind, http_event.answer(200, ACCEPTED)


def _huawei(request: HttpRequest, context: Any) -> _Admitted:
    # Loaded here, as many installations have the other vendor only.
    from receipts.edge import huawei, questions  # noqa: PLC0415

    log = _services[0].log
    unproved = huawei.admitted(request, _services[0].huawei, time.time())
    if unproved is not None:
        log.warning("push not verified", context.request_id, why=unproved, do="mend it, then set HUAWEI_AUTH=enforce")
    if questions.asks(request.body):
        log.warning("question not answered", context.request_id, do=DECIDE)
    return huawei.VENDOR, huawei.TYPE, http_event.empty(200)
