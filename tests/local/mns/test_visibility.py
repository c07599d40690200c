"""A received message belongs to its receiver until its time is over; receipt handles say whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from mns.mns_exception import MNSServerException
from mns.queue import Message

from local.cloud.mns import Depth
from tests.local.mns.support import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.mns import MnsServer
    from tests.local.support import FakeClock

TARGET = "/queues/receipts/messages?ReceiptHandle="


def refused(call: Callable[..., object], *args: object) -> str:
    """The code that `call` is refused with."""
    with pytest.raises(MNSServerException) as caught:
        call(*args)
    return str(caught.value.type)


def test_handles_look_like_real_ones(queue: Any) -> None:
    """Every handle has the characters that careless clients mangle, and no two are alike."""
    queue.batch_send_message([Message("x")] * 16)
    handles = [m.receipt_handle for m in queue.batch_receive_message(16)]
    assert len(set(handles)) == 16
    for handle in handles:
        assert {"+", "/", "-"} <= set(handle)
        assert "=" not in handle


def test_a_message_is_redelivered_when_its_time_is_over(queue: Any, server: MnsServer, clock: FakeClock) -> None:
    """Nobody else sees it before; afterwards it comes again with a new handle, and the old one is void."""
    queue.send_message(Message("x"))
    first = queue.receive_message()
    assert refused(queue.receive_message) == "MessageNotExist"
    assert server.depth("receipts") == Depth(0, 1, 0)
    clock.advance(29.999)
    assert refused(queue.receive_message) == "MessageNotExist"
    clock.advance(0.001)
    assert refused(queue.delete_message, first.receipt_handle) == "MessageNotExist"
    second = queue.receive_message()
    assert second.receipt_handle != first.receipt_handle
    assert refused(queue.delete_message, first.receipt_handle) == "MessageNotExist"
    queue.delete_message(second.receipt_handle)
    assert refused(queue.delete_message, second.receipt_handle) == "MessageNotExist"
    clock.advance(1000)
    assert server.depth("receipts") == Depth(0, 0, 0)


def test_changed_visibility_brings_a_new_handle(queue: Any, clock: FakeClock) -> None:
    """It holds from now on for as long as was asked, longer or shorter; the old handle is void."""
    queue.send_message(Message("x"))
    first = queue.receive_message()
    longer = queue.change_message_visibility(first.receipt_handle, 100)
    assert longer.receipt_handle != first.receipt_handle
    assert int(longer.next_visible_time) == int((clock() + 100) * 1000)
    assert refused(queue.change_message_visibility, first.receipt_handle, 5) == "MessageNotExist"
    clock.advance(99)
    assert refused(queue.receive_message) == "MessageNotExist"
    shorter = queue.change_message_visibility(longer.receipt_handle, 1)
    clock.advance(1)
    assert refused(queue.delete_message, shorter.receipt_handle) == "MessageNotExist"
    again = queue.receive_message()
    assert again.dequeue_count == 2
    queue.delete_message(again.receipt_handle)


def test_visibility_has_limits(queue: Any, server: MnsServer) -> None:
    """1 to 43200 seconds, and not to be left out."""
    queue.send_message(Message("x"))
    handle = queue.receive_message().receipt_handle
    assert refused(queue.change_message_visibility, handle, 0) == "InvalidArgument"
    assert ask(server, "PUT", f"{TARGET}{handle}&VisibilityTimeout=43201").code == "InvalidArgument"
    assert ask(server, "PUT", TARGET + handle).code == "MissingVisibilityTimeout"
    handle = queue.change_message_visibility(handle, 43200).receipt_handle
    queue.delete_message(handle)


def test_handles_work_raw_and_percent_encoded(queue: Any, server: MnsServer) -> None:
    """A plus sign is a plus sign; parameter names are taken in any case."""
    queue.batch_send_message([Message("a"), Message("b"), Message("c")])
    raw, encoded, lower = (m.receipt_handle for m in queue.batch_receive_message(3))
    assert ask(server, "DELETE", TARGET + raw).status == 204
    assert ask(server, "DELETE", TARGET + quote(encoded, safe="")).status == 204
    assert ask(server, "DELETE", TARGET.lower() + lower).status == 204
    assert server.peek_all("receipts") == []


def test_what_never_was_a_handle_is_told_apart(queue: Any, server: MnsServer) -> None:
    """ReceiptHandleError for nonsense and for a handle whose plus became a space; none at all is missing."""
    queue.send_message(Message("x"))
    handle = queue.receive_message().receipt_handle
    assert refused(queue.delete_message, "nonsense") == "ReceiptHandleError"
    assert refused(queue.change_message_visibility, "nonsense", 5) == "ReceiptHandleError"
    assert ask(server, "DELETE", TARGET + handle.replace("+", "%20")).code == "ReceiptHandleError"
    assert ask(server, "DELETE", TARGET).code == "MissingReceiptHandle"
    assert ask(server, "DELETE", TARGET.partition("?")[0]).code == "MissingReceiptHandle"
    assert ask(server, "PUT", TARGET.partition("?")[0] + "?VisibilityTimeout=5").code == "MissingReceiptHandle"


def test_a_batch_delete_names_those_that_failed(queue: Any, server: MnsServer) -> None:
    """404 with code, text and handle of each failure; the good ones are deleted."""
    queue.batch_send_message([Message("a"), Message("b")])
    stale = queue.receive_message().receipt_handle
    fresh = queue.change_message_visibility(stale, 50).receipt_handle
    with pytest.raises(MNSServerException) as caught:
        queue.batch_delete_message([stale, fresh, "nonsense"])
    assert caught.value.type == "MessageNotExist"
    assert caught.value.request_id
    assert [(e["ErrorCode"], e["ReceiptHandle"]) for e in caught.value.sub_errors] == [
        ("MessageNotExist", stale),
        ("ReceiptHandleError", "nonsense"),
    ]
    assert len(server.peek_all("receipts")) == 1


def test_heaps_do_not_grow_with_what_is_gone(queue: Any, server: MnsServer) -> None:
    """Thousands of handles on one message, or of messages deleted early, leave nothing behind."""
    queue.send_message(Message("x"))
    handle = queue.receive_message().receipt_handle
    for _ in range(300):
        handle = queue.change_message_visibility(handle, 43200).receipt_handle
    queue.delete_message(handle)
    assert server.depth("receipts") == Depth(0, 0, 0)
    inner = server._queues.get("receipts")
    assert len(inner._later) + len(inner._ready) + len(inner._holders) < 100
