"""The vendor puts receipts in, a consumer takes and deletes them, and can do nothing else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.access import AccessKey
from local.cloud.alicom import MESSAGE_TYPES, AlicomServer, queue_name
from local.cloud.faults import Fault
from local.cloud.mns import Depth
from tests.local.alicom.support import KEY, TYPE, account_with, consumer, refused
from tests.local.mns.support import attributes_of
from tests.local.support import wait_until

if TYPE_CHECKING:
    from tests.local.support import FakeClock

NAME = queue_name("1000000000000001", TYPE)
RECEIPT = '{"call_id":"4a9f1c77d2e80b31","city":"杭州"}'


def test_every_documented_type_has_a_queue(alicom: AlicomServer) -> None:
    """A receipt comes out as the UTF-8 bytes that went in."""
    assert list(alicom.queues.values()) == list(MESSAGE_TYPES)
    for name, message_type in alicom.queues.items():
        alicom.send(message_type, RECEIPT)
        with consumer(alicom, message_type) as queue:
            assert queue.queue_name == name
            assert queue.receive_message().message_body == RECEIPT.encode()


def test_a_type_that_nobody_documents_can_have_a_queue(alicom: AlicomServer) -> None:
    """Once opened it is like the others, and opening it again changes nothing."""
    name = alicom.open_queue("SecretRingRecording")
    alicom.send("SecretRingRecording", "{}")
    assert alicom.open_queue("SecretRingRecording") == name
    with consumer(alicom, "SecretRingRecording") as queue:
        assert queue.receive_message().message_body == b"{}"


def test_bodies_are_base64_unless_sent_plain(alicom: AlicomServer) -> None:
    """Any bytes in Base64; plain, any text that XML can carry."""
    alicom.send(TYPE, b"\x00\xff")
    alicom.send(TYPE, RECEIPT, plain=True)
    alicom.send(TYPE, b"<&]]>\r\n", plain=True)
    assert alicom.bodies(NAME) == ["AP8=", RECEIPT, "<&]]>\r\n"]
    with consumer(alicom) as queue:
        queue.set_encoding(False)
        assert [each.message_body for each in queue.batch_receive_message(16)] == alicom.bodies(NAME)


@pytest.mark.parametrize(
    ("body", "plain"), [(b"\xff", True), ("\0", True), ("\ufffe", True), ("x" * 65537, True), ("x" * 49153, False)]
)
def test_what_no_queue_can_carry_is_refused(alicom: AlicomServer, body: bytes | str, plain: bool) -> None:  # noqa: FBT001 - pytest's
    """Rather than breaking the answer, or being cut."""
    with pytest.raises(ValueError, match=r"carry|utf-8"):
        alicom.send(TYPE, body, plain=plain)
    assert alicom.left(NAME) == 0


def test_a_message_goes_to_a_queue_of_its_type(alicom: AlicomServer) -> None:
    """KeyError otherwise."""
    for message_type, queue in (("SecretReports", None), (TYPE, f"{NAME}-1"), ("SecretRecording", NAME)):
        with pytest.raises(KeyError):
            alicom.send(message_type, "{}", queue)


def test_a_consumer_can_only_consume(alicom: AlicomServer) -> None:
    """With a token that is good: no making, changing, looking around, sending."""
    alicom.send(TYPE, "x")
    with consumer(alicom) as queue:
        for act in (
            lambda: queue.create(QueueMeta()),
            lambda: queue.set_attributes(QueueMeta()),
            lambda: attributes_of(queue),
            lambda: queue.send_message(Message("y")),
            lambda: queue.batch_send_message([Message("y")]),
            queue.peek_message,
            queue.delete,
        ):
            assert refused(act) == "AccessDenied"
        handle = queue.receive_message().receipt_handle
        queue.delete_message(queue.change_message_visibility(handle, 60).receipt_handle)
    assert alicom.bodies(NAME) == []


def test_the_vendors_key_sends_and_does_nothing_else(clock: FakeClock) -> None:
    """With the SDK, into any of the queues; a consumer finds what was sent. Without such a key nobody is let in."""
    vendor = {"AccessKeyId": "LTAIvendor", "AccessKeySecret": "of-the-vendor", "SecurityToken": ""}
    key = AccessKey(vendor["AccessKeyId"], vendor["AccessKeySecret"])
    with AlicomServer(key=KEY, vendor=key, clock=clock) as alicom:
        with account_with(alicom, vendor) as account:
            queue = account.get_queue(NAME)
            queue.send_message(Message(RECEIPT))
            queue.batch_send_message([Message("1"), Message("2")])
            assert refused(lambda: account.get_queue("none").send_message(Message("x"))) == "QueueNotExist"
            for act in (queue.receive_message, queue.peek_message, queue.delete, lambda: attributes_of(queue)):
                assert refused(act) == "AccessDenied"
        with account_with(alicom, {**vendor, "AccessKeySecret": "another"}) as account:
            assert refused(lambda: account.get_queue(NAME).send_message(Message("x"))) == "SignatureDoesNotMatch"
        with consumer(alicom) as queue:
            assert [it.message_body for it in queue.batch_receive_message(16)] == [RECEIPT.encode(), b"1", b"2"]
    with AlicomServer(key=KEY) as alicom, account_with(alicom, vendor) as account:
        assert refused(lambda: account.get_queue(NAME).send_message(Message("x"))) == "AccessIDAuthError"


def test_an_empty_queue_has_no_message_and_a_closed_one_does_not_exist(alicom: AlicomServer) -> None:
    """Two codes; the token stays good in between."""
    with consumer(alicom) as queue:
        assert refused(lambda: queue.batch_receive_message(16)) == "MessageNotExist"
        alicom.close_queue(NAME)
        assert refused(lambda: queue.batch_receive_message(16)) == "QueueNotExist"
        alicom.open_queue(TYPE)
        assert refused(lambda: queue.batch_receive_message(16)) == "MessageNotExist"


def test_a_batch_has_sixteen_at_most(alicom: AlicomServer) -> None:
    """More cannot be asked for."""
    for number in range(20):
        alicom.send(TYPE, str(number))
    with consumer(alicom) as queue:
        assert refused(lambda: queue.batch_receive_message(17)) == "InvalidArgument"
        assert len(queue.batch_receive_message(16)) == 16
    assert alicom.depth(NAME) == Depth(4, 16, 0)


def test_what_is_not_deleted_comes_again_under_a_new_handle(alicom: AlicomServer, clock: FakeClock) -> None:
    """The old one deletes nothing; in a batch the others are deleted all the same. The book tells it all."""
    ids = [alicom.send(TYPE, str(number)) for number in range(3)]
    with consumer(alicom) as queue:
        first = queue.batch_receive_message(16)
        queue.batch_delete_message([first[0].receipt_handle])
        clock.advance(30)
        second = queue.batch_receive_message(16)
        assert [each.message_id for each in second] == ids[1:]
        with pytest.raises(MNSServerException) as caught:
            queue.batch_delete_message([first[1].receipt_handle, second[1].receipt_handle])
        errors: Any = caught.value.sub_errors
        assert [(each["ErrorCode"], each["ReceiptHandle"]) for each in errors] == [
            ("MessageNotExist", first[1].receipt_handle)
        ]
    assert alicom.handed_out(NAME) == {ids[0]: 1, ids[1]: 2, ids[2]: 2}
    assert (alicom.left(NAME), alicom.deletes(NAME)) == (1, 2)


def test_a_long_poll_ends_with_the_next_receipt(alicom: AlicomServer) -> None:
    """Not with its thirty seconds."""
    got: list[bytes] = []

    def wait() -> None:
        with consumer(alicom) as queue:
            got.append(queue.batch_receive_message(16, 30)[0].message_body)

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_until(lambda: alicom.faults.calls["BatchReceiveMessage"] > 0)
    alicom.send(TYPE, "x")
    waiting.join(10)
    assert got == [b"x"]


def test_faults_strike_by_operation(alicom: AlicomServer) -> None:
    """Receiving and deleting, whole and in part; both servers count into one."""
    for number in range(3):
        alicom.send(TYPE, str(number))
    alicom.faults.plan(Fault(status=503, code="InternalError"), on="BatchReceiveMessage")
    alicom.faults.plan(Fault(fail_parts=(1,), code="InternalError"), on="BatchDeleteMessage")
    with consumer(alicom) as queue:
        assert refused(lambda: queue.batch_receive_message(16)) == "InternalError"
        got = queue.batch_receive_message(16)
        with pytest.raises(MNSServerException):
            queue.batch_delete_message([each.receipt_handle for each in got])
    assert alicom.bodies(NAME) == ["MQ=="]
    assert alicom.faults.calls == {"QueryTokenForMnsQueue": 1, "BatchReceiveMessage": 2, "BatchDeleteMessage": 1}


def test_no_thread_stays_behind() -> None:
    """Not even of a client that waits."""
    before = set(threading.enumerate())
    with AlicomServer(key=KEY) as alicom:

        def wait() -> None:
            with consumer(alicom) as queue:
                refused(lambda: queue.receive_message(30))

        waiting = threading.Thread(target=wait)
        waiting.start()
        wait_until(lambda: alicom.faults.calls["ReceiveMessage"] > 0)
    waiting.join(10)
    wait_until(lambda: not set(threading.enumerate()) - before)
