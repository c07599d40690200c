"""What the log says of a push, and the answer to one that is not taken in: `receive` and `decide` do both alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.edge import http_event
from receipts.errors import Refusal
from receipts.journal.journal import trouble
from receipts.logs import Log, word

if TYPE_CHECKING:
    from receipts.deadline import Deadline
    from receipts.journal.envelope import Envelope


class PushLog:
    """The lines of one request.

    Args:
        log: where to.
        request_id: the platform's id of the invocation.
        deadline: until when the request is to be answered; it knows how long that took.
        cold: whether it is the first request of its instance.
    """

    def __init__(self, log: Log, request_id: str, deadline: Deadline, *, cold: bool) -> None:
        self._log, self._request_id, self._deadline, self._cold = log, request_id, deadline, cold

    def journalled(self, push: Envelope, messages: int) -> None:
        """The queue holds the push, in so many messages."""
        self._log.info(
            "push journalled",
            self._request_id,
            vendor=push.vendor,
            type=word(push.type),
            bytes=len(push.body),
            messages=messages,
            ms=self._deadline.spent_ms(),
            cold=self._cold,
        )

    def not_verified(self, why: str) -> None:
        """It is taken in, and with HUAWEI_AUTH=enforce would be refused; `why`: what is wrong with it."""
        self._log.warning("push not verified", self._request_id, why=why, do="mend it, then set HUAWEI_AUTH=enforce")

    def not_taken(self, error: Exception) -> dict[str, object]:
        """The answer: a refusal's status; after anything else 503, so that the vendor sends the push again."""
        ms, cold = self._deadline.spent_ms(), self._cold
        if isinstance(error, Refusal):
            self._log.warning("push refused", self._request_id, status=error.status, why=str(error), ms=ms, cold=cold)
            return http_event.refused(error)
        self._log.warning("push not journalled", self._request_id, **trouble(error), ms=ms, cold=cold)
        return http_event.send_again()
