"""Message queues (MNS, also sold as SMQ) on the loopback interface, for the unmodified vendor SDK."""

from local.cloud.mns.queue import Depth
from local.cloud.mns.server import MnsServer
from local.cloud.mns.signature import Keyring

__all__ = ["Depth", "Keyring", "MnsServer"]
