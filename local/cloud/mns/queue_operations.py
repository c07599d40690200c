"""The operations on queues themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.http import Response
from local.cloud.mns.document import document, parse, single, tagged
from local.cloud.mns.numbers import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.mns.call import Call
    from local.cloud.mns.queue import Queue
    from local.cloud.mns.queues import Queues

_MOST_LISTED = 1000


class QueueOperations:
    """Answers what is asked about the queues of one account."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self.by_name: dict[str, Callable[[Call], Response]] = {
            "CreateQueue": self.create,
            "SetQueueAttributes": self.set_attributes,
            "GetQueueAttributes": self.get_attributes,
            "ListQueue": self.list,
            "DeleteQueue": self.delete,
        }

    def create(self, call: Call) -> Response:
        """201 for a new queue, 204 for one that is there already; both with its address."""
        created = self._queues.create(call.queue, parse(call.request.body, "Queue"))
        return Response(201 if created else 204, {"Location": _url(call, call.queue)}, b"")

    def set_attributes(self, call: Call) -> Response:
        """204; attributes that are not named stay as they are."""
        self._queues.get(call.queue).configure(parse(call.request.body, "Queue"))
        return Response(204, {}, b"")

    def get_attributes(self, call: Call) -> Response:
        """200 with the attributes and the counts of messages."""
        return Response(200, {}, single("Queue", _description(self._queues.get(call.queue))))

    def list(self, call: Call) -> Response:
        """200 with the addresses; the marker of a page is the name that the next one begins with."""
        headers = call.request.headers
        most = whole("x-mns-ret-number", headers.get("x-mns-ret-number", "1000"), 1, _MOST_LISTED)
        marker, with_meta = headers.get("x-mns-marker", ""), headers.get("x-mns-with-meta", "").lower() == "true"
        found = [queue for queue in self._queues.named(headers.get("x-mns-prefix", "")) if queue.name >= marker]
        inner = "".join(
            tagged(
                "Queue",
                {"QueueURL": _url(call, queue.name)} | (_description(queue) if with_meta else {}),
            )
            for queue in found[:most]
        )
        if len(found) > most:
            inner += f"<NextMarker>{found[most].name}</NextMarker>"
        return Response(200, {}, document("Queues", inner))

    def delete(self, call: Call) -> Response:
        """204; what was in the queue is gone."""
        self._queues.delete(call.queue)
        return Response(204, {}, b"")


def _description(queue: Queue) -> dict[str, object]:
    depth = queue.depth()
    return {
        "QueueName": queue.name,
        "CreateTime": queue.created_at,
        "LastModifyTime": queue.modified_at,
        **queue.attributes.fields(),
        "ActiveMessages": depth.active,
        "InactiveMessages": depth.inactive,
        "DelayMessages": depth.delayed,
    }


def _url(call: Call, queue: str) -> str:
    return f"http://{call.host}/queues/{queue}"
