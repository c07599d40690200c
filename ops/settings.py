"""Where the operator command works: the cloud named by the environment, or the loopback cloud of `make up`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.credentials import Credentials  # noqa: TC001 - NamedTuple fields are read at run time
from receipts.errors import SettingError
from receipts.settings import (
    MNS_ENDPOINT,
    RECEIPTS_DEAD_QUEUE,
    RECEIPTS_QUEUE,
    RECORDINGS_DEAD_QUEUE,
    RECORDINGS_QUEUE,
    BucketSettings,
    StoreSettings,
    address,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDPOINTS = Path(os.environ.get("RECEIPTS_LOCAL") or ".local") / "endpoints.json"


class OpsSettings(NamedTuple):
    """Where the tables, the queues and the bucket are, and the keys to them."""

    store: StoreSettings
    mns_endpoint: str
    receipts_queue: str
    dead_queue: str
    recordings_queue: str
    recordings_dead_queue: str
    bucket: BucketSettings
    keys: Credentials

    @property
    def queues(self) -> tuple[str, str, str, str]:
        """The names of all."""
        return (self.receipts_queue, self.dead_queue, self.recordings_queue, self.recordings_dead_queue)

    @classmethod
    def read(cls, env: Mapping[str, str]) -> OpsSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is missing or wrong."""
        return cls(
            store=StoreSettings.read(env),
            mns_endpoint=address(env, MNS_ENDPOINT),
            receipts_queue=text(env, RECEIPTS_QUEUE),
            dead_queue=text(env, RECEIPTS_DEAD_QUEUE),
            recordings_queue=text(env, RECORDINGS_QUEUE),
            recordings_dead_queue=text(env, RECORDINGS_DEAD_QUEUE),
            bucket=BucketSettings.read(env),
            keys=credentials.of(None, env),
        )


def environment(*, local: bool) -> dict[str, str]:
    """The environment to read settings from; with `local`, that of the running loopback cloud.

    Raises:
        SettingError: `local`, and no loopback cloud runs here.
    """
    if not local:
        return dict(os.environ)
    try:
        endpoints = json.loads(ENDPOINTS.read_text())
    except FileNotFoundError:
        raise SettingError("--local", f"{ENDPOINTS} is not there: start the loopback cloud with `make up`") from None
    try:
        return {**os.environ, **_of(endpoints)}
    except (KeyError, TypeError):
        raise SettingError("--local", f"{ENDPOINTS} is of another version: start `make up` again") from None


def _of(endpoints: dict[str, Any]) -> dict[str, str]:
    """What a function or a command is told about the loopback cloud. Raises KeyError."""
    store, mns, oss, pls = (endpoints[name] for name in ("tablestore", "mns", "oss", "pls"))
    alicom, huawei = endpoints["alicom"], endpoints["huawei"]
    return {
        "FC_ENDPOINT": endpoints["fc"]["endpoint"],
        "TABLESTORE_ENDPOINT": store["endpoint"],
        "TABLESTORE_INSTANCE": store["instance"],
        "TABLE_PREFIX": store["table_prefix"],
        "MNS_ENDPOINT": mns["endpoint"],
        "RECEIPTS_QUEUE": mns["receipts_queue"],
        "RECEIPTS_DEAD_QUEUE": mns["dead_queue"],
        "RECORDINGS_QUEUE": mns["recordings_queue"],
        "RECORDINGS_DEAD_QUEUE": mns["recordings_dead_queue"],
        "OSS_ENDPOINT": oss["endpoint"],
        "OSS_BUCKET": oss["bucket"],
        "OSS_REGION": oss["region"],
        "ALIYUN_PUSH_TOKENS": endpoints["aliyun"]["token"],
        "HUAWEI_APPS": json.dumps(huawei["apps"]),
        "HUAWEI_MAX_AGE_HOURS": huawei["max_age_hours"],
        "HUAWEI_API_ENDPOINT": huawei["api"],
        "PLS_ENDPOINT": pls["endpoint"],
        "RECORDING_HOSTS": pls["recording_hosts"],
        "RECORDING_NETWORKS": pls["recording_networks"],
        "ALICOM_QUEUES": ",".join(f"{kind}:{name}" for kind, name in alicom["queues"].items()),
        "ALICOM_ENDPOINT": alicom["mns_endpoint"],
        "ALICOM_API_ENDPOINT": alicom["endpoint"],
        "ALIBABA_CLOUD_ACCESS_KEY_ID": store["access_key_id"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": store["access_key_secret"],
    }
