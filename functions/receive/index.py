"""Takes a vendor's push: authenticate, journal to the queue, acknowledge. Standard library only."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.deadline import Deadline
from receipts.edge import aliyun, http_event
from receipts.edge.push_log import PushLog
from receipts.edge.settings import HuaweiSettings, ReceiveSettings
from receipts.instance import Instance
from receipts.journal.envelope import Envelope
from receipts.journal.journal import Journal
from receipts.journal.queue import Queue
from receipts.logs import Log
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


_instance: Instance[_Service] = Instance()


def initialize(context: Any) -> None:
    """Read the settings and make the queue's client, once per instance. Raises SettingError."""
    del context
    settings, huawei = ReceiveSettings.read(os.environ), HuaweiSettings.read(os.environ)
    queue = Queue(settings.mns_endpoint, settings.receipts_queue, time.time)
    journal = Journal(queue, BucketSettings.read(os.environ), time.time)
    _instance.keep(_Service(settings, huawei, journal, Log("receive", log_level(os.environ))))


def handler(event: bytes, context: Any) -> dict[str, object]:
    """Answer one HTTP request: 200 only once the queue, with the bucket's help, holds every part of it."""
    if not _instance.made:
        initialize(context)
    settings, _, journal, log = _instance.service
    deadline = Deadline(settings.ack_budget_seconds, time.monotonic)
    push_log = PushLog(log, context.request_id, deadline, cold=_instance.first_request())
    try:
        request = http_event.decoded(event)
        vendor, kind, accepted = _huawei(request, context, push_log) if request.path[0] == HUAWEI else _aliyun(request)
        push = Envelope(vendor, kind, int(time.time() * 1000), context.request_id, request.body)
        sent = journal.put([push], credentials.of(context, os.environ), deadline)
    except Exception as error:  # noqa: BLE001 - whatever fails, the vendor must be told to send again
        return push_log.not_taken(error)
    push_log.journalled(push, sent)
    return accepted


def _aliyun(request: HttpRequest) -> _Admitted:
    settings = _instance.service.settings
    kind = aliyun.message_type(request, settings.push_tokens, settings.max_body_bytes)
    return aliyun.VENDOR, kind, http_event.answer(200, ACCEPTED)


def _huawei(request: HttpRequest, context: Any, push_log: PushLog) -> _Admitted:
    # Loaded here, as many installations have the other vendor only.
    from receipts.edge import huawei, questions  # noqa: PLC0415

    unproved = huawei.unproved_reason(request, _instance.service.huawei, time.time())
    if unproved is not None:
        push_log.not_verified(unproved)
    if questions.asks(request.body):
        _instance.service.log.warning("question not answered", context.request_id, do=DECIDE)
    return huawei.VENDOR, huawei.TYPE, http_event.empty(200)
