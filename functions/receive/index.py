"""Takes a vendor's push: authenticate, journal to the queue, acknowledge. Standard library only."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.edge import aliyun, http_event
from receipts.edge.settings import HuaweiSettings, ReceiveSettings
from receipts.errors import ReceiptsError, Refusal, TooLarge
from receipts.journal import messages
from receipts.journal.deadline import Deadline
from receipts.journal.envelope import Envelope
from receipts.journal.queue import Queue
from receipts.logs import Log, place
from receipts.settings import BucketSettings, log_level

if TYPE_CHECKING:
    from receipts.edge.http_event import HttpRequest
    from receipts.journal.bucket import Bucket

ACCEPTED: dict[str, object] = {"code": 0, "msg": "ok"}
HUAWEI = "huawei"
DECIDE = "in the console, give decide's address as call status address (calls to X) or as SMS control address (texts)"
SEND_AGAIN: dict[str, object] = {"code": 503, "msg": "not stored, send again"}


# Vendor, message type, and the answer that acknowledges it.
_Admitted = tuple[str, str, dict[str, object]]


class _Service(NamedTuple):
    settings: ReceiveSettings
    huawei: HuaweiSettings
    bucket: BucketSettings
    queue: Queue
    log: Log


_services: list[_Service] = []
_buckets: list[Bucket] = []


def initialize(context: Any) -> None:
    """Read the settings and make the queue's client, once per instance. Raises SettingError."""
    del context
    settings, huawei = ReceiveSettings.read(os.environ), HuaweiSettings.read(os.environ)
    bucket, log = BucketSettings.read(os.environ), Log("receive", log_level(os.environ))
    queue = Queue(settings.mns_endpoint, settings.receipts_queue, time.time)
    _services[:] = [_Service(settings, huawei, bucket, queue, log)]
    _buckets.clear()


def handler(event: bytes, context: Any) -> dict[str, object]:
    """Answer one HTTP request: 200 only once the queue, with the bucket's help, holds every part of it."""
    if not _services:
        initialize(context)
    settings, _, _, queue, log = _services[0]
    deadline = Deadline(settings.ack_budget_seconds, time.monotonic)
    try:
        request = http_event.decoded(event)
        vendor, kind, accepted = _huawei(request, context) if request.path[0] == HUAWEI else _aliyun(request)
        push = Envelope(vendor, kind, int(time.time() * 1000), context.request_id, request.body)
        journal, oversize = messages.of(push)
        for batch in messages.batches(journal):
            queue.send(batch, credentials.of(context, os.environ), deadline)
        if oversize is not None:
            # Last: whatever the bucket does, the receipts beside it are on the queue.
            journal.append(_claimed(oversize, context, deadline))
            queue.send(journal[-1:], credentials.of(context, os.environ), deadline)
    except Refusal as refusal:
        log.warning("push refused", context.request_id, status=refusal.status, why=str(refusal))
        return http_event.answer(refusal.status, {"code": refusal.status, "msg": str(refusal)}, refusal.headers)
    except TooLarge as error:
        log.warning(
            "push not journalled", context.request_id, why=str(error), do="look at its sender: nothing holds it yet"
        )
        return http_event.answer(503, SEND_AGAIN)
    except ReceiptsError as error:
        log.warning("push not journalled", context.request_id, why=str(error), do=error.advice)
        return http_event.answer(503, SEND_AGAIN)
    except Exception as error:  # noqa: BLE001 - whatever else fails, the vendor must be told to send again
        # Only its kind and place: its message may hold a part of the body.
        log.warning("push not journalled", context.request_id, why=place(error), do="report this defect")
        return http_event.answer(503, SEND_AGAIN)
    log.info("push journalled", context.request_id, bytes=len(request.body), messages=len(journal))
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


def _claimed(oversize: Envelope, context: Any, deadline: Deadline) -> bytes:
    """The message for what fits none, once the bucket holds it."""
    # Loaded here, as a usual cold start has no use for it.
    from receipts.journal import bucket, claims  # noqa: PLC0415

    if not _buckets:
        _buckets.append(bucket.Bucket(_services[0].bucket, time.time))
    return claims.deposited(oversize, _buckets[0], credentials.of(context, os.environ), deadline)
