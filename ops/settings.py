"""Where the operator command works: the cloud named by the environment, or the loopback cloud of `make up`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
    store, mns, oss = endpoints["tablestore"], endpoints["mns"], endpoints["oss"]
    return {
        **os.environ,
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
        "ALIBABA_CLOUD_ACCESS_KEY_ID": store["access_key_id"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": store["access_key_secret"],
    }
