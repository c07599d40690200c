"""The operator's allow list, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.errors import SettingError
from receipts.fetching.errors import FetchRefused
from receipts.fetching.hosts import Host
from receipts.fetching.policy import Entry, Policy
from receipts.fetching.urls import target
from receipts.settings import HUAWEI_API_ENDPOINT, RECORDING_HOSTS, RECORDING_NETWORKS

if TYPE_CHECKING:
    from receipts.fetching.ranges import Network
    from receipts.recordings.settings import ArchiveSettings, HuaweiLinkSettings


def policy(settings: ArchiveSettings) -> Policy:
    """What the fetch guard lets through. Raises SettingError with the setting's name and the entry's number."""
    _networks(settings.networks)
    try:
        return Policy.parse(settings.hosts, settings.networks)
    except ValueError as problem:
        raise SettingError(RECORDING_HOSTS.name, str(problem)) from None


def api_policy(settings: HuaweiLinkSettings) -> Policy:
    """The API's own address and nothing else; it too must be public, or in a listed network. Raises SettingError."""
    networks = _networks(settings.networks)
    if not settings.endpoint:
        return Policy((), networks)
    try:
        api = target(settings.endpoint)
    except FetchRefused as problem:
        raise SettingError(HUAWEI_API_ENDPOINT.name, str(problem)) from None
    return Policy((Entry(Host(api.host, api.address), {api.scheme: api.port}),), networks)


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return Policy.parse("", text).networks
    except ValueError as problem:
        raise SettingError(RECORDING_NETWORKS.name, str(problem)) from None
