"""What stands for the placeholders of the policies: read from the settings that the functions are deployed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.mns_host import mns_host
from receipts.errors import SettingError
from receipts.settings import (
    MNS_ENDPOINT,
    OSS_BUCKET,
    RECEIPTS_DEAD_QUEUE,
    RECEIPTS_QUEUE,
    RECORDINGS_DEAD_QUEUE,
    RECORDINGS_QUEUE,
    TABLE_PREFIX,
    TABLESTORE_INSTANCE,
    address,
    text,
)
from template.variables import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.mns_host import MnsHost


def values(env: Mapping[str, str]) -> dict[str, str]:
    """The value of every placeholder.

    Account and region are those of the deployment (`RECEIPTS_ACCOUNT_ID`, `RECEIPTS_REGION`); one that is not set is
    read from the queues' address, which has both in it.

    Raises:
        SettingError: names the first one that is missing.
    """
    host = mns_host(address(env, MNS_ENDPOINT))
    return {
        "account": _given(env, ACCOUNT, host),
        "region": _given(env, REGION, host),
        # RAM compares names to the letter, TableStore does not: instances go by small letters in policies.
        "instance": text(env, TABLESTORE_INSTANCE).lower(),
        "prefix": text(env, TABLE_PREFIX),
        "bucket": text(env, OSS_BUCKET),
        "receipts-queue": text(env, RECEIPTS_QUEUE),
        "receipts-dead-queue": text(env, RECEIPTS_DEAD_QUEUE),
        "recordings-queue": text(env, RECORDINGS_QUEUE),
        "recordings-dead-queue": text(env, RECORDINGS_DEAD_QUEUE),
    }


def _given(env: Mapping[str, str], name: str, host: MnsHost | None) -> str:
    given = env.get(name, "").strip()
    if given:
        return given
    if host is None:
        raise SettingError(name, "is not set, and MNS_ENDPOINT is no address that has it")
    return host.account if name == ACCOUNT else host.region
