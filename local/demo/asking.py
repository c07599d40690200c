"""A question of Huawei's: the rule is written, the question asked, the rest of the call pushed to the same address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from local.demo.notifying import TIME_SCALE, Notified
from local.story.huawei.asked import NUMBER_X
from receipts.deciding.rule_book import key
from receipts.deciding.rules import EVERYBODY
from receipts.store import schema
from receipts.store.client import opened
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from local.stack import Stack
    from local.story.huawei.asked import Asked
    from ops.settings import OpsSettings


class Decided(NamedTuple):
    """What came of the question: the answer's operation, whom it connects with, and the notifications after it."""

    operation: str
    callee: str
    notified: list[Notified]


def decide(stack: Stack, settings: OpsSettings, asked: Asked) -> Decided:
    """Play the call."""
    with opened(settings.store, settings.keys) as client:
        row = tablestore.Row(list(key(NUMBER_X, EVERYBODY)), list(asked.rule.items()))
        condition = tablestore.Condition(tablestore.RowExistenceExpectation.IGNORE)
        client.put_row(settings.store.table_prefix + schema.BINDINGS.name, row, condition)
    pusher = stack.huawei_pusher(time_scale=TIME_SCALE)
    url = f"{stack.host.url('decide')}/huawei"
    answer: dict[str, Any] = pusher.ask(url, asked.question).answer or {}
    pushed = [pusher.push(url, body) for body in asked.notifications]
    notified = [Notified(one.taken, len(one.statuses)) for one in pushed]
    return Decided(str(answer.get("operation")), str(answer.get("connectInfo", {}).get("calleeNum")), notified)


def undecided(decided: Decided, asked: Asked) -> list[str]:
    """One line where the question was not answered as the rule says; empty when it was."""
    right = (decided.operation, decided.callee) == ("connect", asked.callee)
    return [] if right else [f"the question was answered {decided.operation}, not as its rule says"]
