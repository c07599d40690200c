"""Makes what the functions need, puts right what would lose receipts, and leaves alone what may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.provisioning import bucket, queues, tables
from ops.provisioning.steps import taken
from receipts.store.client import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.provisioning.steps import Step
    from ops.settings import OpsSettings
    from receipts.credentials import Credentials
    from receipts.settings import BucketSettings


def provision(settings: OpsSettings, *, dry: bool = False) -> Iterator[Step]:
    """Every table, index and queue, then the bucket; with `dry` they are only looked at.

    Safe to run again. Raises the SDKs' errors on a refusal.
    """
    with opened(settings.store, settings.keys) as store:
        for look in tables.looks(store, settings.store.table_prefix):
            yield taken(look, dry=dry)
    with queues.opened(settings.mns_endpoint, settings.keys) as account:
        for queue in queues.declared(*settings.queues):
            yield taken(queues.look(account, queue), dry=dry)
    yield from provision_bucket(settings.bucket, settings.keys, dry=dry)


def provision_bucket(settings: BucketSettings, keys: Credentials, *, dry: bool = False) -> Iterator[Step]:
    """The bucket, its rules and its encryption in turn. Raises the SDK's errors when the service refuses."""
    with bucket.opened(settings, keys) as found:
        for look in bucket.looks(found, settings):
            yield taken(look, dry=dry)
