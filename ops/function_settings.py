"""Which settings each function reads when it starts: the very readers that it reads them with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from receipts.alicom.settings import PollSettings
from receipts.deciding.settings import DecideSettings
from receipts.edge.settings import HuaweiSettings, ReceiveSettings
from receipts.errors import SettingError
from receipts.recordings.policy import api_policy, policy
from receipts.recordings.settings import (
    ArchiveSettings,
    HuaweiLinkSettings,
    LinkSettings,
    RecordingRules,
    sweep_seconds,
)
from receipts.settings import ALL, BucketSettings, QueueSettings, StoreSettings, log_level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reader = Callable[[Mapping[str, str]], Any]


def _archive(env: Mapping[str, str]) -> object:
    return policy(ArchiveSettings.read(env))


def _huawei_links(env: Mapping[str, str]) -> object:
    return api_policy(HuaweiLinkSettings.read(env))


READERS: dict[str, tuple[Reader, ...]] = {
    "receive": (ReceiveSettings.read, HuaweiSettings.read, BucketSettings.read, log_level),
    "decide": (DecideSettings.read, HuaweiSettings.read, StoreSettings.read, BucketSettings.read, log_level),
    "ingest": (StoreSettings.read, QueueSettings.read, BucketSettings.read, RecordingRules.read, log_level),
    "archive": (
        _archive,
        LinkSettings.read,
        _huawei_links,
        StoreSettings.read,
        QueueSettings.read,
        BucketSettings.read,
        log_level,
    ),
    "sweep": (StoreSettings.read, QueueSettings.read, sweep_seconds, log_level),
    "poll": (PollSettings.read, StoreSettings.read, QueueSettings.read, RecordingRules.read, log_level),
}

# What stands in for a setting that is missing or wrong, so that what comes after it is looked at, too.
STAND_INS = {
    **{one.name: one.default for one in ALL if one.default},
    "ALIYUN_PUSH_TOKENS": "stand-in",
    "HUAWEI_APPS": '{"stand-in": "stand-in"}',
    "MNS_ENDPOINT": "https://stand-in.invalid",
    "TABLESTORE_ENDPOINT": "https://stand-in.invalid",
    "TABLESTORE_INSTANCE": "stand-in",
    "OSS_ENDPOINT": "https://oss-cn-hangzhou.aliyuncs.com",
    "OSS_BUCKET": "stand-in",
    "OSS_REGION": "cn-hangzhou",
}


def refused(function: str, environment: Mapping[str, str]) -> Iterator[SettingError]:
    """Everything that a function would refuse to start with, not only the first of it."""
    env = dict(environment)
    told: set[str] = set()
    for reader in READERS[function]:
        while (problem := _problem(reader, env)) and problem.setting not in told:
            yield problem
            told.add(problem.setting)
            env[problem.setting] = STAND_INS.get(problem.setting, "")


def read_by(function: str, environment: Mapping[str, str]) -> list[str]:
    """The names of all that a function reads, whether it is set or not."""
    watched = _Watched(dict(environment))
    for problem in refused(function, environment):
        watched.env[problem.setting] = STAND_INS.get(problem.setting, "")
    for reader in READERS[function]:
        _problem(reader, watched)
    return list(watched.asked)


class _Watched(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.asked: dict[str, None] = {}

    def __getitem__(self, name: str) -> str:
        self.asked[name] = None
        return self.env[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.env)

    def __len__(self) -> int:
        return len(self.env)


def _problem(reader: Reader, env: Mapping[str, str]) -> SettingError | None:
    try:
        reader(env)
    except SettingError as problem:
        return problem
    return None
