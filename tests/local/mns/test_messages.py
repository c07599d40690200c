"""Messages go in and come out as they were sent, in the documented order, within the documented limits."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.mns import Depth
from tests.local.mns.support import XMLNS, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.mns import MnsServer
    from tests.local.support import FakeClock


def refused(call: Callable[[], object]) -> str:
    """The code that `call` is refused with."""
    with pytest.raises(MNSServerException) as caught:
        call()
    assert caught.value.request_id
    assert caught.value.host_id or caught.value.sub_errors
    return str(caught.value.type)


def test_a_message_comes_back_as_sent(queue: Any, clock: FakeClock) -> None:
    """Body, digest, id, counts and times in milliseconds, over two receives."""
    sent = queue.send_message(Message("回执 <&>\r\n", priority=3))
    arrived = int(clock() * 1000)
    clock.advance(2)
    first = queue.receive_message_with_str_body()
    assert first.message_body == "回执 <&>\r\n"
    assert first.message_id == sent.message_id
    body = base64.b64encode("回执 <&>\r\n".encode())
    assert first.message_body_md5 == sent.message_body_md5 == hashlib.md5(body).hexdigest().upper()  # noqa: S324
    assert (first.dequeue_count, first.priority) == (1, 3)
    assert (first.enqueue_time, first.first_dequeue_time) == (arrived, arrived + 2000)
    assert first.next_visible_time == arrived + 32_000
    clock.advance(30)
    second = queue.receive_message()
    assert (second.dequeue_count, second.first_dequeue_time) == (2, arrived + 2000)


def test_a_body_without_base64_keeps_every_character(queue: Any, server: MnsServer) -> None:
    """What XML has to escape comes back as it was, line ends included."""
    queue.set_encoding(False)
    queue.send_message(Message("a<b>&amp;\r\n\t\"'号"))
    assert server.peek_all("receipts") == ["a<b>&amp;\n\t\"'号"]  # the SDK sends \r bare: XML makes it \n
    assert queue.receive_message().message_body == "a<b>&amp;\n\t\"'号"
    ask(
        server,
        "POST",
        "/queues/receipts/messages",
        f"<Message {XMLNS}><MessageBody>a&#13;b</MessageBody></Message>".encode(),
    )
    assert queue.receive_message().message_body == "a\rb"


def test_the_smaller_priority_comes_first_then_the_older(queue: Any) -> None:
    """1 before 8 (the default) before 16; within one priority in the order of arrival."""
    for body, priority in [("late", 16), ("d1", -1), ("d2", 8), ("soon", 1)]:
        queue.send_message(Message(body, priority=priority))
    assert [m.message_body for m in queue.batch_peek_message(2)] == [b"soon", b"d1"]
    assert [queue.receive_message().message_body for _ in range(4)] == [b"soon", b"d1", b"d2", b"late"]


def test_an_empty_queue_says_so(queue: Any) -> None:
    """404 MessageNotExist for each way to ask."""
    asks = [
        queue.receive_message,
        queue.peek_message,
        lambda: queue.batch_receive_message(16),
        lambda: queue.batch_peek_message(16),
    ]
    assert {refused(call) for call in asks} == {"MessageNotExist"}


def test_peeking_changes_nothing(queue: Any, server: MnsServer) -> None:
    """Peeked messages stay where they are, uncounted, in the same order."""
    queue.batch_send_message([Message("a"), Message("b")])
    assert queue.peek_message_with_str_body().message_body == "a"
    peeked = queue.batch_peek_message_with_str_body(16)
    assert [(m.message_body, m.dequeue_count, m.first_dequeue_time) for m in peeked] == [("a", 0, 0), ("b", 0, 0)]
    assert server.depth("receipts") == Depth(2, 0, 0)
    assert queue.receive_message().message_body == b"a"


def test_delay_of_the_message_beats_that_of_the_queue(account: Any, server: MnsServer, clock: FakeClock) -> None:
    """A message is not there before its own delay, or its queue's if it has none, is over."""
    queue = account.get_queue("slow")
    queue.create(QueueMeta(delay_sec=60))
    queue.send_message(Message("by queue"))
    queue.send_message(Message("own", delay_seconds=5))
    queue.send_message(Message("none", delay_seconds=0))
    assert server.depth("slow") == Depth(1, 0, 2)
    assert queue.receive_message().message_body == b"none"
    assert refused(queue.receive_message) == "MessageNotExist"
    clock.advance(5)
    assert queue.receive_message().message_body == b"own"
    clock.advance(54.9)
    assert [m.message_body for m in queue.batch_receive_message(16)] == [b"none", b"own"]
    clock.advance(0.1)
    assert queue.receive_message().message_body == b"by queue"


def test_messages_expire_whether_received_or_not(account: Any, server: MnsServer, clock: FakeClock) -> None:
    """After the retention period nothing is left, and a handle on it is worth nothing."""
    queue = account.get_queue("short")
    queue.create(QueueMeta(msg_ttl=60, vis_timeout=100))
    queue.send_message(Message("held"))
    held = queue.receive_message()
    queue.send_message(Message("left"))
    clock.advance(59.9)
    assert server.depth("short") == Depth(1, 1, 0)
    clock.advance(0.1)
    assert server.depth("short") == Depth(0, 0, 0)
    assert server.peek_all("short") == []
    assert refused(queue.receive_message) == "MessageNotExist"
    assert refused(lambda: queue.delete_message(held.receipt_handle)) == "MessageNotExist"


def test_size_limits_count_the_body_as_sent(queue: Any) -> None:
    """65536 bytes of Base64 pass and four more do not; so for a batch in all."""
    queue.send_message(Message("x" * 49152))
    assert refused(lambda: queue.send_message(Message("x" * 49153))) == "InvalidArgument"
    queue.batch_send_message([Message("x" * 3072)] * 16)
    assert refused(lambda: queue.batch_send_message([Message("x" * 3072)] * 15 + [Message("x" * 3073)]))
    queue.set_encoding(False)
    assert refused(lambda: queue.send_message(Message("号" * 21846))) == "InvalidArgument"
    queue.send_message(Message("号" * 21845))


def test_the_queue_can_have_a_smaller_limit(queue: Any) -> None:
    """MaximumMessageSize holds for one message and for each of a batch, which is then refused whole."""
    queue.set_attributes(QueueMeta(max_msg_size=1024))
    assert refused(lambda: queue.send_message(Message("x" * 769))) == "InvalidArgument"
    assert refused(lambda: queue.batch_send_message([Message("x"), Message("x" * 769)])) == "InvalidArgument"
    assert refused(queue.peek_message) == "MessageNotExist"


def test_arguments_have_limits(queue: Any, server: MnsServer) -> None:
    """Priority, delay, batch size and waiting time outside their ranges are refused."""
    calls: list[Callable[[], object]] = [
        lambda: queue.send_message(Message("x", priority=17)),
        lambda: queue.send_message(Message("x", priority=0)),
        lambda: queue.send_message(Message("x", delay_seconds=604801)),
        lambda: queue.send_message(Message("x", message_group_id="g")),
        lambda: queue.batch_send_message([]),
        lambda: queue.batch_send_message([Message("x")] * 17),
        lambda: queue.batch_receive_message(0),
        lambda: queue.batch_receive_message(17),
        lambda: queue.batch_peek_message(17),
        lambda: queue.receive_message(31),
        lambda: queue.batch_delete_message([]),
        lambda: queue.batch_delete_message(["x"] * 17),
    ]
    assert {refused(call) for call in calls} == {"InvalidArgument"}
    assert server.peek_all("receipts") == []


def test_a_batch_goes_in_and_out_in_order(queue: Any) -> None:
    """Sixteen at once, each with an id and a digest of its own; the answer lists them as sent."""
    bodies = [f"receipt {n}" for n in range(16)]
    sent = queue.batch_send_message([Message(body) for body in bodies])
    got = queue.batch_receive_message_with_str_body(16)
    assert [m.message_body for m in got] == bodies
    assert [m.message_id for m in got] == [m.message_id for m in sent]
    assert [m.message_body_md5 for m in got] == [m.message_body_md5 for m in sent]
    queue.batch_delete_message([m.receipt_handle for m in got])
    assert refused(queue.peek_message) == "MessageNotExist"
