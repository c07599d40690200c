"""A made-up day at Huawei's: calls of several endings with all their notifications, texts, numbers, recordings."""

from local.story.huawei.asked import asked, with_question
from local.story.huawei.calls import HuaweiRecording
from local.story.huawei.day import HuaweiDay, huawei_day, with_both

__all__ = ["HuaweiDay", "HuaweiRecording", "asked", "huawei_day", "with_both", "with_question"]
