"""The fields of the vendors' consoles that take an address, in the words of docs/vendors.md."""

from __future__ import annotations

from typing import NamedTuple

RECEIVE, DECIDE = "receive", "decide"

# 号码隐私保护控制台 → 概览 → 云通信消息接收 → HTTP批量推送模式: a tab per message type.
ALIYUN = {
    "SecretStartReport": "a call was dialled",
    "SecretRingReport": "the callee's phone rings (some carriers' numbers)",
    "SecretPickUpReport": "the callee answered (some carriers' numbers)",
    "SecretReport": "the call ended: the call record (话单)",
    "SecretRecording": "a recording can be had",
    "SecretAsrReport": "the call as text",
    "SecretSmsIntercept": "a text (短信) with its content",
    "SecretExceptionPhoneReport": "a privacy number became abnormal or normal",
    "NumberManagementReport": "a privacy number was created or deleted",
    "SmartLogisticsReport": "a parcel moved on",
}


class Field(NamedTuple):
    """A field of the form of an application, what it takes, and the function whose address that is."""

    field: str
    meaning: str
    function: str


HUAWEI = (
    Field("呼叫状态接收地址", "call status", RECEIVE),
    Field("呼叫状态接收地址", "call status, of an application in X mode", DECIDE),
    Field("呼叫话单接收地址", "call records", RECEIVE),
    Field("X号码状态接收地址", "states of numbers", RECEIVE),
    Field("短信通知地址", "texts", RECEIVE),
    Field("短信控制地址", "may this text pass?", DECIDE),
)
