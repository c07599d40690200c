"""The vendor's number-protection API (PLS) on the loopback interface, for its unmodified core SDK."""

from local.cloud.pls.questions import RecordingCodes
from local.cloud.pls.recordings import Recordings, State
from local.cloud.pls.server import PlsServer
from local.cloud.rpc.signature import Keyring

__all__ = ["Keyring", "PlsServer", "RecordingCodes", "Recordings", "State"]
