"""What `ingest`, `archive` and `sweep` are told about recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.edge.settings import huawei_apps
from receipts.settings import (
    ALIYUN_GONE_CODES,
    ALIYUN_RECORDING_DAYS,
    ALIYUN_URL_DELAY_SECONDS,
    ARCHIVE_BUDGET_SECONDS,
    HUAWEI_API_ENDPOINT,
    HUAWEI_RECORDING_DAYS,
    KIB,
    PLS_ENDPOINT,
    PLS_REGION,
    RECORDING_HOSTS,
    RECORDING_MAX_BYTES,
    RECORDING_NETWORKS,
    SWEEP_BUDGET_SECONDS,
    address,
    text,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class RecordingRules(NamedTuple):
    """When a recording can be had, and for how many days: Aliyun's after the call, Huawei's after its call record."""

    aliyun_days: int
    url_delay_seconds: int
    huawei_days: int = 7

    @classmethod
    def read(cls, env: Mapping[str, str]) -> RecordingRules:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        return cls(
            aliyun_days=whole(env, ALIYUN_RECORDING_DAYS, 1, 365),
            url_delay_seconds=whole(env, ALIYUN_URL_DELAY_SECONDS, 0, 24 * 60 * 60),
            huawei_days=whole(env, HUAWEI_RECORDING_DAYS, 1, 365),
        )

    def days(self, vendor: str) -> int:
        """For how many days the vendor keeps a recording."""
        return {"aliyun": self.aliyun_days, "huawei": self.huawei_days}[vendor]


class LinkSettings(NamedTuple):
    """The API that gives fresh links."""

    endpoint: str
    region: str
    gone_codes: tuple[str, ...]

    @classmethod
    def read(cls, env: Mapping[str, str]) -> LinkSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        codes = (word.strip() for word in text(env, ALIYUN_GONE_CODES).split(","))
        return cls(
            endpoint=address(env, PLS_ENDPOINT),
            region=text(env, PLS_REGION),
            gone_codes=tuple(code for code in codes if code),
        )


class HuaweiLinkSettings(NamedTuple):
    """Huawei's API that gives links, at `endpoint`, empty where it is not to be asked, or in one of the `networks`.

    `apps` holds the secret of each application by its key; it may be empty.
    """

    endpoint: str
    apps: dict[str, bytes]
    networks: str

    @classmethod
    def read(cls, env: Mapping[str, str]) -> HuaweiLinkSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        return cls(
            endpoint=address(env, HUAWEI_API_ENDPOINT) if text(env, HUAWEI_API_ENDPOINT) else "",
            apps=huawei_apps(env),
            networks=text(env, RECORDING_NETWORKS),
        )


class ArchiveSettings(NamedTuple):
    """What may be fetched, and how long that may take. `hosts` and `networks` as written, for the fetch guard."""

    hosts: str
    networks: str
    max_bytes: int
    budget_seconds: float

    @classmethod
    def read(cls, env: Mapping[str, str]) -> ArchiveSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        return cls(
            hosts=text(env, RECORDING_HOSTS),
            networks=text(env, RECORDING_NETWORKS),
            max_bytes=whole(env, RECORDING_MAX_BYTES, KIB, 39 * KIB * KIB * KIB),
            budget_seconds=whole(env, ARCHIVE_BUDGET_SECONDS, 5, 3600),
        )


def sweep_seconds(env: Mapping[str, str]) -> int:
    """How long one sweep may take. Raises SettingError."""
    return whole(env, SWEEP_BUDGET_SECONDS, 5, 600)
