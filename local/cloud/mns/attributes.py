"""What can be set on a queue, with the service's limits and defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.mns.document import fields
from local.cloud.mns.errors import MnsError
from local.cloud.mns.numbers import whole

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

_LIMITS = {
    "VisibilityTimeout": (1, 43200),
    "MaximumMessageSize": (1024, 65536),
    "MessageRetentionPeriod": (60, 604800),
    "DelaySeconds": (0, 604800),
    "PollingWaitSeconds": (0, 30),
}
_LOGGING = "LoggingEnabled"


class QueueAttributes(NamedTuple):
    """A queue's settings: seconds, except for the size, which is bytes of the body as it was sent."""

    # The first five in the order of _LIMITS. The retention is the default of the present API pages; an
    # older page says 259200.
    visibility_timeout: int = 30
    maximum_message_size: int = 65536
    message_retention_period: int = 345600
    delay_seconds: int = 0
    polling_wait_seconds: int = 0
    logging_enabled: bool = False

    def changed_by(self, queue: ET.Element) -> QueueAttributes:
        """These settings with those that a `Queue` element names.

        Raises:
            MnsError: InvalidArgument for a setting that does not exist or a value out of its limits.
        """
        given = fields(queue, [*_LIMITS, _LOGGING])
        numbers = [
            whole(name, given[name], *limits) if name in given else now
            for (name, limits), now in zip(_LIMITS.items(), self[:-1], strict=True)
        ]
        logging = given.get(_LOGGING, str(self.logging_enabled)).lower()
        if logging not in ("true", "false"):
            raise MnsError("InvalidArgument", f"The value of {_LOGGING} should be True or False.")
        return QueueAttributes._make([*numbers, logging == "true"])

    def fields(self) -> dict[str, object]:
        """The settings as an answer names them."""
        return dict(zip([*_LIMITS, _LOGGING], self, strict=True))
