"""Queues are made, configured, listed and deleted as the service does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSServerException
from mns.mns_request import ListQueueRequest, ListQueueResponse
from mns.queue import Message, QueueMeta

from tests.local.mns.support import XMLNS, ask, attributes_of

if TYPE_CHECKING:
    from local.cloud.mns import MnsServer
    from tests.local.support import FakeClock


def test_a_new_queue_has_the_documented_defaults(queue: Any, clock: FakeClock) -> None:
    """Every element that the SDK demands is there, with the default that the documentation gives."""
    meta = attributes_of(queue)
    assert (meta.visibility_timeout, meta.maximum_message_size) == (30, 65536)
    assert (meta.message_retention_period, meta.delay_seconds, meta.polling_wait_seconds) == (345600, 0, 0)
    assert (meta.queue_name, meta.logging_enabled) == ("receipts", False)
    assert meta.create_time == meta.last_modify_time == int(clock())


def test_create_answers_with_the_address(account: Any, server: MnsServer) -> None:
    """201 and 204 both carry the queue's URL in Location."""
    body = f"<Queue {XMLNS}/>".encode()
    answers = [ask(server, "PUT", "/queues/receipts", body) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 204]
    assert {answer.headers["location"] for answer in answers} == {f"{server.endpoint}/queues/receipts"}
    assert account.get_queue("receipts").create(QueueMeta()) == f"{server.endpoint}/queues/receipts"


def test_the_same_name_with_other_attributes_is_a_conflict(account: Any, queue: Any) -> None:
    """409 QueueAlreadyExist, and the queue stays as it was."""
    with pytest.raises(MNSServerException) as caught:
        queue.create(QueueMeta(vis_timeout=31))
    assert caught.value.type == "QueueAlreadyExist"
    assert attributes_of(queue).visibility_timeout == 30


def test_attributes_are_changed_one_by_one(queue: Any, clock: FakeClock) -> None:
    """Those that are not named keep their value; the time of the change is noted."""
    queue.set_attributes(QueueMeta(vis_timeout=60, logging_enabled=True))
    clock.advance(5)
    queue.set_attributes(QueueMeta(delay_sec=7, polling_wait_sec=3))
    meta = attributes_of(queue)
    assert (meta.visibility_timeout, meta.delay_seconds, meta.polling_wait_seconds) == (60, 7, 3)
    assert meta.logging_enabled is True
    assert meta.last_modify_time - meta.create_time == 5


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("VisibilityTimeout", 1, 43200),
        ("DelaySeconds", 0, 604800),
        ("MaximumMessageSize", 1024, 65536),
        ("MessageRetentionPeriod", 60, 604800),
        ("PollingWaitSeconds", 0, 30),
    ],
)
def test_attributes_have_limits(server: MnsServer, queue: Any, name: str, low: int, high: int) -> None:
    """Both ends of the documented range are taken; what lies outside, or is no number, is not."""

    def put(value: object) -> tuple[int, str]:
        body = f"<Queue {XMLNS}><{name}>{value}</{name}></Queue>".encode()
        answer = ask(server, "PUT", "/queues/receipts?metaoverride=true", body)
        return answer.status, answer.code

    assert put(low) == put(high) == (204, "")
    for bad in (low - 1, high + 1, "soon", "", "9" * 5000):
        assert put(bad) == (400, "InvalidArgument")


@pytest.mark.parametrize(
    ("name", "code"),
    [("a" * 121, "QueueNameLengthError"), ("re_ceipts", "InvalidQueueName"), ("-a", "InvalidQueueName")],
)
def test_bad_names_are_refused(account: Any, name: str, code: str) -> None:
    """Length and alphabet of a name are checked."""
    with pytest.raises(MNSServerException) as caught:
        account.get_queue(name).create(QueueMeta())
    assert caught.value.type == code


def test_the_longest_name_works(account: Any) -> None:
    """120 characters are fine."""
    account.get_queue("a" * 120).create(QueueMeta())
    assert attributes_of(account.get_queue("a" * 120)).queue_name == "a" * 120


def test_queues_are_listed_page_by_page(account: Any, server: MnsServer) -> None:
    """Prefix, page size and marker together give each queue once, in order."""
    for name in ("calls-1", "calls-2", "calls-3", "texts"):
        account.get_queue(name).create(QueueMeta())
    first, marker = account.list_queue("calls", 2)
    rest, end = account.list_queue("calls", 2, marker)
    assert [url.rpartition("/")[2] for url in first + rest] == ["calls-1", "calls-2", "calls-3"]
    assert end == ""
    assert account.list_queue() == (first + rest + [f"{server.endpoint}/queues/texts"], "")
    response = ListQueueResponse()
    account.get_client().list_queue(ListQueueRequest("texts", with_meta=True), response)
    assert response.queuemeta_list[0]["VisibilityTimeout"] == "30"


def test_a_deleted_queue_is_gone(queue: Any) -> None:
    """With its messages; every operation then says QueueNotExist."""
    queue.send_message(Message("x"))
    queue.delete()
    operations = [
        queue.delete,
        queue.get_attributes,
        queue.receive_message,
        queue.peek_message,
        lambda: queue.send_message(Message("x")),
        lambda: queue.batch_send_message([Message("x")]),
        lambda: queue.delete_message("1-a"),
        lambda: queue.batch_delete_message(["1-a"]),
        lambda: queue.change_message_visibility("1-a", 5),
        lambda: queue.set_attributes(QueueMeta(vis_timeout=5)),
    ]
    for operation in operations:
        with pytest.raises(MNSServerException) as caught:
            operation()
        assert caught.value.type == "QueueNotExist"
    queue.create(QueueMeta())
    with pytest.raises(MNSServerException, match="MessageNotExist"):
        queue.receive_message()
