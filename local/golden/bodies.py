"""The hand-written bodies, as the vendor would send them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

TYPES = (
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


class Bodies:
    """The bodies in one folder, by message type and way of delivery."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receipts(self, message_type: str) -> list[dict[str, Any]]:
        """The receipts of the type's HTTP push."""
        receipts: list[dict[str, Any]] = self._load(message_type, "push")
        return receipts

    def queued(self, message_type: str) -> dict[str, Any]:
        """The receipt of the type's queue."""
        receipt: dict[str, Any] = self._load(message_type, "queue")
        return receipt

    def push(self, message_type: str) -> bytes:
        """The body of the type's HTTP push: a JSON array."""
        return compact(self._load(message_type, "push"))

    def queue(self, message_type: str) -> bytes:
        """The message of the type's queue: one JSON object."""
        return compact(self._load(message_type, "queue"))

    def huawei(self, name: str) -> bytes:
        """The body of a notification of Huawei's: one JSON object."""
        return compact(json.loads((self._folder / f"huawei-{name}.json").read_bytes()))

    def _load(self, message_type: str, way: Literal["push", "queue"]) -> Any:
        return json.loads((self._folder / f"{message_type}.{way}.json").read_bytes())


def compact(value: Any) -> bytes:
    """UTF-8 JSON without white space: the files are laid out for reading, the wire is not."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
