"""What a request to the queue service asks for, as a policy names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.mns.errors import MnsError

if TYPE_CHECKING:
    from local.cloud.mns.call import Call
    from local.cloud.ram import Identities


class Rights(NamedTuple):
    """See `local.cloud.mns.service.Guard`: what the policies of the account's keys say."""

    identities: Identities

    def check(self, key_id: str, call: Call) -> None:
        """Let `call` pass.

        Raises:
            MnsError: AccessDenied.
        """
        if not self.identities.permits(key_id, f"mns:{call.operation}", _resource(call)):
            raise MnsError("AccessDenied")


def _resource(call: Call) -> str:
    if not call.queue:
        return "/queues"
    return f"/queues/{call.queue}/messages" if "Message" in call.operation else f"/queues/{call.queue}"
