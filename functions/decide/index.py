"""Answers Huawei's questions by the rule book; takes in, as `receive` does, what else comes to the same address."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.deadline import Deadline
from receipts.deciding import deciding, question
from receipts.deciding.connecting import Clients
from receipts.deciding.decision_line import decision_line
from receipts.deciding.rule_book import RuleBook
from receipts.deciding.settings import DecideSettings
from receipts.edge import http_event, huawei, huawei_auth, questions
from receipts.edge.push_log import PushLog
from receipts.edge.settings import HuaweiSettings
from receipts.errors import ReceiptsError
from receipts.instance import Instance
from receipts.journal.envelope import Envelope
from receipts.journal.journal import Journal, trouble
from receipts.journal.queue import Queue
from receipts.logs import Log
from receipts.reporting import tell
from receipts.settings import BucketSettings, StoreSettings, log_level
from receipts.times import now_ms

if TYPE_CHECKING:
    from receipts.edge.http_event import HttpRequest

# No number: what is read under it is of no account.
NOBODY = "+0"
# A cold start has 30 s, and its first read is slow: for so long that one is waited for.
WARM_SECONDS = 10.0
# A socket's patience: callers are bounded by the rule book, so this only ends what nobody waits for any more.
SOCKET_SECONDS = 4.0


class _Service(NamedTuple):
    settings: DecideSettings
    huawei: HuaweiSettings
    clients: Clients
    book: RuleBook
    journal: Journal
    log: Log


class _Turn(NamedTuple):
    """One request: its context and keys, until when it is to be answered, and whether it is the instance's first."""

    context: Any
    keys: credentials.Credentials
    deadline: Deadline
    cold: bool


_instance: Instance[_Service] = Instance()


def initialize(context: Any) -> None:
    """Read the settings and make every client, once per instance; read once, in vain. Raises SettingError."""
    _connect(context)
    book = _instance.service.book
    # The first read loads code and opens the connection: no caller should wait for that.
    with suppress(ReceiptsError):
        book.about(NOBODY, "", Deadline(WARM_SECONDS, time.monotonic))


def _connect(context: Any) -> None:
    """Anew for each pair of keys; what was read with the last pair is kept."""
    settings, apps = DecideSettings.read(os.environ), HuaweiSettings.read(os.environ)
    store, bucket = StoreSettings.read(os.environ), BucketSettings.read(os.environ)
    keys, log = credentials.of(context, os.environ), Log("decide", log_level(os.environ))

    before = _instance.service if _instance.made else None
    if before is not None:
        before.clients.close()
        before.journal.close()
    clients = Clients(store, keys, SOCKET_SECONDS)
    if before is not None and before.settings == settings:
        book = before.book
        book.reconnect(clients.rows)
    else:
        book = RuleBook(clients.rows, settings.cache_seconds, time.monotonic)
    journal = Journal(Queue(settings.mns_endpoint, settings.receipts_queue, time.time), bucket, time.time)
    _instance.keep(_Service(settings, apps, clients, book, journal, log), keys)


def handler(event: bytes, context: Any) -> dict[str, object]:
    """Answer one HTTP request: a question in time, whatever is down; a notification 200 once the queue holds it."""
    keys = credentials.of(context, os.environ)
    if not _instance.made_for(keys):
        _connect(context)
    settings, apps, _, _, journal, log = _instance.service
    deadline = Deadline(settings.budget_seconds, time.monotonic)
    turn = _Turn(context, keys, deadline, cold=_instance.first_request())
    push_log = PushLog(log, context.request_id, deadline, cold=turn.cold)
    try:
        request = http_event.decoded(event)
        unproved = huawei.unproved_reason(request, apps, time.time())
        if unproved is not None:
            push_log.not_verified(unproved)
        kind = questions.asks(request.body)
        if kind is not None:
            return _answered(request, kind, unproved, turn)
        push = _envelope(request.body, context)
        sent = journal.put([push], keys, deadline)
    except Exception as error:  # noqa: BLE001 - whatever fails, the vendor must be told to send again
        return push_log.not_taken(error)
    push_log.journalled(push, sent)
    return http_event.empty(200)


def _answered(request: HttpRequest, kind: questions.Kind, unproved: str | None, turn: _Turn) -> dict[str, object]:
    """The answer to a question; asked and answered are journalled, if the queue takes them in time."""
    settings, apps, _, book, journal, log = _instance.service
    context = turn.context
    came = _envelope(request.body, context)
    asked = question.read(request.body, kind, huawei_auth.signer(request.headers, apps.apps))
    if unproved is None:
        decision = deciding.decided(asked, book, settings, Deadline(settings.store_seconds, time.monotonic))
    else:
        decision = deciding.unproved(asked, settings, unproved)
    told = _envelope(deciding.decision_receipt(asked, decision, now_ms(time.time)), context)
    try:
        journal.put([came, told], turn.keys, turn.deadline)
    except Exception as error:  # noqa: BLE001 - a queue that is down must cost nobody his call
        why, do = trouble(error)["why"], "nothing for the caller, who has the answer: look at the queue"
        log.warning("question not journalled", context.request_id, why=why, do=do)
    line, ms = decision_line(asked, decision), turn.deadline.spent_ms()
    tell(log, line, context.request_id, ms=ms, cold=turn.cold)
    return http_event.answer(200, decision.answer)


def _envelope(body: bytes, context: Any) -> Envelope:
    return Envelope(huawei.VENDOR, huawei.TYPE, now_ms(time.time), context.request_id, body)
