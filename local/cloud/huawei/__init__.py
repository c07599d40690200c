"""Huawei's side on the loopback interface: the API that gives links to recordings, and who pushes and asks."""

from local.cloud.huawei.messages import call_event, call_records, number_states, question, text
from local.cloud.huawei.pusher import Answered, Pushed, Pusher
from local.cloud.huawei.recordings import Recordings
from local.cloud.huawei.server import HuaweiServer

__all__ = [
    "Answered",
    "HuaweiServer",
    "Pushed",
    "Pusher",
    "Recordings",
    "call_event",
    "call_records",
    "number_states",
    "question",
    "text",
]
