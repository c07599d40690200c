"""The operations on the messages of a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.http import Response
from local.cloud.mns.document import children, document, fields, parse, single, tagged
from local.cloud.mns.errors import MnsError
from local.cloud.mns.message import Draft, Message
from local.cloud.mns.numbers import whole

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable

    from local.cloud.faults import Fault
    from local.cloud.mns.call import Call
    from local.cloud.mns.queue import Queue
    from local.cloud.mns.queues import Queues

_BATCH = 16
_BATCH_BYTES = 65536
_LONGEST_WAIT = 30
_LONGEST_DELAY = 604800
_LONGEST_VISIBILITY = 43200
# Message groups and properties are refused rather than lost in silence: nothing here carries them.
_SENT = ("MessageBody", "DelaySeconds", "Priority")


class MessageOperations:
    """Answers what is asked about messages."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self.by_name: dict[str, Callable[[Call], Response]] = {
            "SendMessage": self.send,
            "BatchSendMessage": self.batch_send,
            "ReceiveMessage": self.receive,
            "BatchReceiveMessage": self.receive,
            "PeekMessage": self.receive,
            "BatchPeekMessage": self.receive,
            "DeleteMessage": self.delete,
            "BatchDeleteMessage": self.batch_delete,
            "ChangeMessageVisibility": self.change_visibility,
        }

    def send(self, call: Call) -> Response:
        """201 with the new id and the digest of the body."""
        queue = self._queues.get(call.queue)
        draft = _draft(parse(call.request.body, "Message"), queue)
        return Response(201, {}, single("Message", _receipt(queue.send([draft])[0])))

    def batch_send(self, call: Call) -> Response:
        """201, or 500 if part of the batch failed; either way what became of each message, in order."""
        queue = self._queues.get(call.queue)
        drafts = [_draft(each, queue) for each in _batch(call, "Messages", "Message")]
        if sum(draft.size for draft in drafts) > _BATCH_BYTES:
            raise MnsError("InvalidArgument", f"The messages of a batch should not be larger than {_BATCH_BYTES}.")
        fault = call.fault
        failing = fault.fail_parts if fault else ()
        sent = iter(queue.send(draft for at, draft in enumerate(drafts) if at not in failing))
        parts = [_failure(fault) if fault and at in failing else _receipt(next(sent)) for at in range(len(drafts))]
        failed = any("ErrorCode" in part for part in parts)
        return Response(500 if failed else 201, {}, _list("Messages", "Message", parts))

    def receive(self, call: Call) -> Response:
        """200 with one message, or with a list of them if a number was asked for; peeking takes none."""
        queue = self._queues.get(call.queue)
        most = call.number("numOfMessages", 1, _BATCH)
        wait = call.number("waitseconds", 0, _LONGEST_WAIT)
        if "Peek" in call.operation:
            described = [_description(message) for message in queue.peek(most or 1)]
        else:
            patience = queue.attributes.polling_wait_seconds if wait is None else wait
            described = [_delivery(message) for message in queue.receive(most or 1, patience)]
        if not described:
            raise MnsError("MessageNotExist")
        body = single("Message", described[0]) if most is None else _list("Messages", "Message", described)
        return Response(200, {}, body)

    def delete(self, call: Call) -> Response:
        """204."""
        self._queues.get(call.queue).delete(_handle(call))
        return Response(204, {}, b"")

    def batch_delete(self, call: Call) -> Response:
        """204, or 404 with those handles that did not work; the others are deleted all the same."""
        queue = self._queues.get(call.queue)
        handles = [each.text or "" for each in _batch(call, "ReceiptHandles", "ReceiptHandle")]
        errors = [_delete(queue, handle, call.fault, at) for at, handle in enumerate(handles)]
        failures = [{**error, "ReceiptHandle": handle} for error, handle in zip(errors, handles, strict=True) if error]
        return Response(404, {}, _list("Errors", "Error", failures)) if failures else Response(204, {}, b"")

    def change_visibility(self, call: Call) -> Response:
        """200 with the new handle and until when it holds."""
        queue = self._queues.get(call.queue)
        handle = _handle(call)
        seconds = call.number("VisibilityTimeout", 1, _LONGEST_VISIBILITY)
        if seconds is None:
            raise MnsError("MissingVisibilityTimeout")
        changed = queue.change_visibility(handle, seconds)
        content = {"ReceiptHandle": changed.handle, "NextVisibleTime": changed.visible_at}
        return Response(200, {}, single("ChangeVisibility", content))


def _batch(call: Call, root: str, part: str) -> list[ET.Element]:
    parts = children(parse(call.request.body, root), part)
    if not 1 <= len(parts) <= _BATCH:
        raise MnsError("InvalidArgument", f"The number of {part} should between 1 and {_BATCH}.")
    return parts


def _draft(message: ET.Element, queue: Queue) -> Draft:
    given = fields(message, _SENT)
    if not given.get("MessageBody"):
        raise MnsError("InvalidArgument", "MessageBody is required.")
    delay, priority = given.get("DelaySeconds"), given.get("Priority", "8")
    draft = Draft(
        given["MessageBody"],
        None if delay is None else whole("DelaySeconds", delay, 0, _LONGEST_DELAY),
        whole("Priority", priority, 1, 16),
    )
    if draft.size > queue.attributes.maximum_message_size:
        # The text is the service's own. Its code is not published; this one stands for every value
        # that is out of its limits.
        raise MnsError("InvalidArgument", "The length of message should not be larger than MaximumMessageSize.")
    return draft


def _handle(call: Call) -> str:
    handle = call.parameters.get("receipthandle", "")
    if not handle:
        raise MnsError("MissingReceiptHandle")
    return handle


def _delete(queue: Queue, handle: str, fault: Fault | None, at: int) -> dict[str, object]:
    """Delete part `at` of a batch; what went wrong, empty if nothing did."""
    if fault and at in fault.fail_parts:
        return _failure(fault)
    try:
        queue.delete(handle)
    except MnsError as error:
        return {"ErrorCode": error.code, "ErrorMessage": error.message}
    return {}


def _list(root: str, part: str, parts: list[dict[str, object]]) -> bytes:
    return document(root, "".join(tagged(part, each) for each in parts))


def _receipt(message: Message) -> dict[str, object]:
    return {"MessageId": message.message_id, "MessageBodyMD5": message.body_md5}


def _failure(fault: Fault) -> dict[str, object]:
    return {"ErrorCode": fault.code, "ErrorMessage": MnsError.text_of(fault.code)}


def _description(message: Message) -> dict[str, object]:
    return {
        **_receipt(message),
        "MessageBody": message.body,
        "EnqueueTime": message.enqueued_at,
        "FirstDequeueTime": message.first_dequeued_at,
        "DequeueCount": message.dequeue_count,
        "Priority": message.priority,
    }


def _delivery(message: Message) -> dict[str, object]:
    return {
        **_description(message),
        "ReceiptHandle": message.handle,
        "NextVisibleTime": message.visible_at,
    }
