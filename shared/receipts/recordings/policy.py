"""The operator's allow list, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.errors import SettingError
from receipts.fetching.policy import Policy
from receipts.settings import RECORDING_HOSTS, RECORDING_NETWORKS

if TYPE_CHECKING:
    from receipts.recordings.settings import ArchiveSettings


def policy(settings: ArchiveSettings) -> Policy:
    """What the fetch guard lets through. Raises SettingError with the setting's name and the entry's number."""
    try:
        Policy.parse("", settings.networks)
    except ValueError as problem:
        raise SettingError(RECORDING_NETWORKS.name, str(problem)) from None
    try:
        return Policy.parse(settings.hosts, settings.networks)
    except ValueError as problem:
        raise SettingError(RECORDING_HOSTS.name, str(problem)) from None
