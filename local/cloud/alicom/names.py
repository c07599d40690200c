"""What the queues of receipts are called, and which types of receipt there are."""

from __future__ import annotations

MESSAGE_TYPES = (
    "SecretStartReport",
    "SecretRingReport",
    "SecretPickUpReport",
    "SecretReport",
    "SecretRecording",
    "SecretAsrReport",
    "SecretExceptionPhoneReport",
    "SmartLogisticsReport",
    "NumberManagementReport",
    "SecretSmsIntercept",
)
"""The types of receipt that the vendor documents a queue for."""


def queue_name(account: str, message_type: str, number: int | None = None) -> str:
    """The name of a queue of `account`: the type's default queue, or the further one with this number."""
    name = f"Alicom-Queue-{account}-{message_type}"
    return name if number is None else f"{name}-{number}"
