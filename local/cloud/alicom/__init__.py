"""The vendor's own queues of receipts, and the API that gives tokens for them, on the loopback interface."""

from local.cloud.alicom.names import MESSAGE_TYPES, queue_name
from local.cloud.alicom.neglect import Thresholds
from local.cloud.alicom.server import AlicomServer
from local.cloud.alicom.terms import Terms
from local.cloud.alicom.token_api import TokenCodes

__all__ = ["MESSAGE_TYPES", "AlicomServer", "Terms", "Thresholds", "TokenCodes", "queue_name"]
