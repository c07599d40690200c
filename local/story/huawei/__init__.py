"""A made-up day at Huawei's: calls of several endings with all their notifications, texts, numbers, recordings."""

from local.story.huawei.calls import HuaweiRecording
from local.story.huawei.day import HuaweiDay, huawei_day, with_both

__all__ = ["HuaweiDay", "HuaweiRecording", "huawei_day", "with_both"]
