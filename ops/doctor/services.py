"""Which services are to be examined, and how: as far as the settings that lead to them can be read."""

from __future__ import annotations

import time
import uuid
from functools import partial
from typing import TYPE_CHECKING

from ops.doctor import bucket, queues, tables, vendors
from ops.doctor.functions import JOBS, JOURNAL
from ops.doctor.lines import ok, skipped
from ops.doctor.running import Service
from ops.provisioning.queues import declared
from receipts import credentials
from receipts.alicom.settings import PollSettings
from receipts.errors import SettingError
from receipts.fetching.network import SystemNetwork
from receipts.recordings.settings import HuaweiLinkSettings, LinkSettings
from receipts.settings import MNS_ENDPOINT, BucketSettings, StoreSettings, address, text
from receipts.times import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ops.doctor.functions import Needs
    from ops.doctor.lines import Line

    Plan = Callable[[Mapping[str, str], Needs, float], Iterator[Service | Line]]

ABOVE = "Mend the settings above."
UNSET = "Nothing, unless you want that."


def planned(env: Mapping[str, str], needs: Needs, seconds: float) -> Iterator[Service | Line]:
    """Each service that is needed, or why it is not examined; `seconds`: how long an answer is waited for."""
    plans: dict[str, tuple[bool, Plan]] = {
        tables.NAME: (bool(needs.tables), _tables),
        queues.NAME: (bool(needs.queues), _queues),
        bucket.NAME: (needs.bucket, _bucket),
        vendors.LINKS: (needs.links, _links),
        vendors.HUAWEI: (needs.links, _huawei),
        vendors.TOKENS: (needs.tokens, _tokens),
    }
    for name, (needed, plan) in plans.items():
        if not needed:
            continue
        try:
            yield from plan(env, needs, seconds)
        except SettingError:
            yield skipped(name, "its settings cannot be read", ABOVE)


def _tables(env: Mapping[str, str], needs: Needs, seconds: float) -> Iterator[Service | Line]:
    settings, keys = StoreSettings.read(env), credentials.of(None, env)
    check = partial(tables.check, settings, keys, needs.tables, seconds)
    yield Service(tables.NAME, settings.endpoint, tables.SETTINGS, check)


def _queues(env: Mapping[str, str], needs: Needs, seconds: float) -> Iterator[Service | Line]:
    endpoint, keys = address(env, MNS_ENDPOINT), credentials.of(None, env)
    names = {text(env, setting) for setting in needs.queues}
    every = declared(*(text(env, setting) for setting in (*JOURNAL, *JOBS)))
    wanted = [queue for queue in every if queue.name in names]
    yield Service(queues.NAME, endpoint, queues.SETTINGS, partial(queues.check, endpoint, keys, wanted, seconds))


def _bucket(env: Mapping[str, str], _: Needs, seconds: float) -> Iterator[Service | Line]:
    settings, keys = BucketSettings.read(env), credentials.of(None, env)
    yield Service(bucket.NAME, settings.endpoint, bucket.SETTINGS, partial(bucket.check, settings, keys, seconds))


def _links(env: Mapping[str, str], *_: object) -> Iterator[Service | Line]:
    if not (env.get("ALIYUN_PUSH_TOKENS") or env.get("ALICOM_QUEUES")):
        yield skipped(vendors.LINKS, "neither ALIYUN_PUSH_TOKENS nor ALICOM_QUEUES is set", UNSET)
        return
    settings = LinkSettings.read(env)
    check = partial(vendors.links, settings, credentials.of(None, env))
    yield Service(vendors.LINKS, settings.endpoint, vendors.LINKS_SETTINGS, check)


def _huawei(env: Mapping[str, str], *_: object) -> Iterator[Service | Line]:
    settings = HuaweiLinkSettings.read(env)
    if not (settings.endpoint and settings.apps):
        yield skipped(vendors.HUAWEI, "HUAWEI_API_ENDPOINT or HUAWEI_APPS is not set", UNSET)
        return
    check = partial(vendors.huawei, settings, SystemNetwork(), time.time, lambda: uuid.uuid4().hex)
    yield Service(vendors.HUAWEI, settings.endpoint, vendors.HUAWEI_SETTINGS, check)


def _tokens(env: Mapping[str, str], *_: object) -> Iterator[Service | Line]:
    settings = PollSettings.read(env)
    if not settings.queues:
        yield skipped(vendors.TOKENS, "ALICOM_QUEUES is not set", UNSET)
        return
    check = partial(vendors.tokens, settings, credentials.of(None, env), partial(now_ms, time.time))
    yield Service(vendors.TOKENS, settings.token_endpoint, vendors.TOKENS_SETTINGS, check)
    # Not looked into: receiving a message here would hide it from `poll`.
    there = partial(iter, [ok(vendors.QUEUES, "can be reached")])
    yield Service(vendors.QUEUES, settings.endpoint, "ALICOM_ENDPOINT", there)
