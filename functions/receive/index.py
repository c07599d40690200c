"""Takes a vendor's push: authenticate, journal to the queue, acknowledge. Standard library only."""

from __future__ import annotations

import os
import time
from typing import Any, NamedTuple

from receipts import credentials
from receipts.edge import aliyun, http_event
from receipts.errors import ReceiptsError, Refusal, TooLarge
from receipts.journal import messages
from receipts.journal.deadline import Deadline
from receipts.journal.envelope import Envelope
from receipts.journal.queue import Queue
from receipts.logs import Log, place
from receipts.settings import ReceiveSettings, log_level

ACCEPTED: dict[str, object] = {"code": 0, "msg": "ok"}
SEND_AGAIN: dict[str, object] = {"code": 503, "msg": "not stored, send again"}


class _Service(NamedTuple):
    settings: ReceiveSettings
    queue: Queue
    log: Log


_services: list[_Service] = []


def initialize(context: Any) -> None:
    """Read the settings and make the queue's client, once per instance. Raises SettingError."""
    del context
    settings = ReceiveSettings.read(os.environ)
    queue = Queue(settings.mns_endpoint, settings.receipts_queue, time.time)
    _services[:] = [_Service(settings, queue, Log("receive", log_level(os.environ)))]


def handler(event: bytes, context: Any) -> dict[str, object]:
    """Answer one HTTP request: 200 only once the queue holds every part of it."""
    if not _services:
        initialize(context)
    settings, queue, log = _services[0]
    deadline = Deadline(settings.ack_budget_seconds, time.monotonic)
    try:
        request = http_event.decoded(event)
        kind = aliyun.message_type(request, settings.push_tokens, settings.max_body_bytes)
        push = Envelope(aliyun.VENDOR, kind, int(time.time() * 1000), context.request_id, request.body)
        journal = messages.of(push)
        for batch in messages.batches(journal):
            queue.send(batch, credentials.of(context, os.environ), deadline)
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
    return http_event.answer(200, ACCEPTED)
