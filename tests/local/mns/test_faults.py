"""Planned faults hit the operation they are meant for, and what was committed stays committed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSClientNetworkException, MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.faults import Fault
from tests.local.mns.support import ask, attributes_of

if TYPE_CHECKING:
    from local.cloud.mns import MnsServer


def test_every_operation_is_counted_by_its_name(queue: Any, account: Any, server: MnsServer) -> None:
    """The names are those of the API."""
    queue.set_attributes(QueueMeta(vis_timeout=60))
    attributes_of(queue)
    account.list_queue()
    queue.send_message(Message("a"))
    queue.batch_send_message([Message("b"), Message("c")])
    queue.peek_message()
    queue.batch_peek_message(2)
    one = queue.receive_message()
    many = queue.batch_receive_message(2)
    queue.delete_message(queue.change_message_visibility(one.receipt_handle, 9).receipt_handle)
    queue.batch_delete_message([m.receipt_handle for m in many])
    queue.delete()
    assert dict(server.faults.calls) == dict.fromkeys(
        [
            "CreateQueue",
            "SetQueueAttributes",
            "GetQueueAttributes",
            "ListQueue",
            "SendMessage",
            "BatchSendMessage",
            "PeekMessage",
            "BatchPeekMessage",
            "ReceiveMessage",
            "BatchReceiveMessage",
            "ChangeMessageVisibility",
            "DeleteMessage",
            "BatchDeleteMessage",
            "DeleteQueue",
        ],
        1,
    )


def test_a_lost_answer_makes_the_sdk_send_twice(queue: Any, server: MnsServer) -> None:
    """The vendor's client repeats a POST by itself when the connection dies: one id, but two messages."""
    server.faults.plan(Fault(close_after=True), on="SendMessage")
    assert queue.send_message(Message("x")).message_id
    assert len(server.peek_all("receipts")) == 2
    assert server.faults.calls["SendMessage"] == 2


def test_a_cut_before_the_work_leaves_nothing(queue: Any, server: MnsServer) -> None:
    """Twice in a row is more than the SDK repeats."""
    server.faults.plan(Fault(close_before=True), on="SendMessage", times=2)
    with pytest.raises(MNSClientNetworkException):
        queue.send_message(Message("x"))
    assert server.peek_all("receipts") == []


def test_a_planned_status_is_an_error_of_the_service(queue: Any, server: MnsServer) -> None:
    """With all that the SDK needs to read it; the next call works."""
    server.faults.plan(Fault(status=503, code="InternalServerError"), on="BatchSendMessage")
    with pytest.raises(MNSServerException) as caught:
        queue.batch_send_message([Message("x")])
    assert caught.value.type == "InternalServerError"
    assert server.peek_all("receipts") == []
    queue.batch_send_message([Message("x")])


def test_part_of_a_batch_of_sends_can_fail(queue: Any, server: MnsServer) -> None:
    """HTTP 500; the SDK reads what became of each message, and the others are in the queue."""
    queue.set_encoding(False)
    server.faults.plan(Fault(fail_parts=(0, 2), code="InternalError"), on="BatchSendMessage")
    with pytest.raises(MNSServerException) as caught:
        queue.batch_send_message([Message("a"), Message("b"), Message("c"), Message("d")])
    assert caught.value.type == "InternalError"
    assert ["ErrorCode" in part for part in caught.value.sub_errors] == [True, False, True, False]
    assert all(part["MessageId"] for part in caught.value.sub_errors[1::2])
    assert server.peek_all("receipts") == ["b", "d"]


def test_parts_beyond_the_batch_do_not_matter(queue: Any, server: MnsServer) -> None:
    """A plan for the seventh message leaves a batch of one alone."""
    server.faults.plan(Fault(fail_parts=(6,)), on="BatchSendMessage")
    assert len(queue.batch_send_message([Message("a")])) == 1


def test_part_of_a_batch_of_deletes_can_fail(queue: Any, server: MnsServer) -> None:
    """404 with that handle, whose message stays with its receiver."""
    queue.batch_send_message([Message("a"), Message("b")])
    handles = [m.receipt_handle for m in queue.batch_receive_message(2)]
    server.faults.plan(Fault(fail_parts=(1,), code="InternalError"), on="BatchDeleteMessage")
    with pytest.raises(MNSServerException) as caught:
        queue.batch_delete_message(handles)
    assert [(e["ErrorCode"], e["ReceiptHandle"]) for e in caught.value.sub_errors] == [("InternalError", handles[1])]
    queue.delete_message(handles[1])
    assert server.peek_all("receipts") == []


def test_a_lost_answer_to_a_receive_hides_the_message(queue: Any, server: MnsServer) -> None:
    """It is with a receiver that never got it, until its visibility timeout is over."""
    queue.send_message(Message("x"))
    server.faults.plan(Fault(close_after=True), on="ReceiveMessage")
    with pytest.raises(MNSServerException, match="MessageNotExist"):
        queue.receive_message()
    assert server.depth("receipts").inactive == 1


def test_a_hanging_answer_runs_into_the_clients_timeout(queue: Any, account: Any, server: MnsServer) -> None:
    """The message is stored; stopping the server lets go of what hangs."""
    account.mns_client.set_connection_timeout(0.2)
    server.faults.plan(Fault(hang=30), on="SendMessage")
    began = time.monotonic()
    with pytest.raises(MNSClientNetworkException):
        queue.send_message(Message("x"))
    assert time.monotonic() - began < 5
    assert len(server.peek_all("receipts")) == 1


def test_a_hook_runs_after_the_commit(queue: Any, server: MnsServer) -> None:
    """What it sees is the state that a crash at this point would leave."""
    seen: list[int] = []
    server.faults.plan(Fault(after=lambda: seen.append(server.depth("receipts").active)), on="SendMessage")
    queue.send_message(Message("x"))
    assert seen == [1]


def test_faults_come_before_the_signature(server: MnsServer) -> None:
    """An outage does not ask who is calling."""
    server.faults.plan(Fault(status=503, code="ServiceUnavailable"))
    answer = ask(server, "GET", "/queues", headers={"Authorization": None}, sign=False)
    assert (answer.status, answer.code) == (503, "ServiceUnavailable")
