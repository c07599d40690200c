"""The operator's policies: each command runs under its own, and uses all of it."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from mns.account import Account
from mns.queue import QueueMeta
from typer.testing import CliRunner

from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.ram import Asked, Identities, Policy
from local.cloud.tablestore import TableStoreServer
from local.roles import environment_of, role
from ops.main import app
from ops.policies.documents import document, filled
from ops.policies.values import values
from receipts.deadline import Deadline
from receipts.domain.letter import Letter
from receipts.journal.bucket import Bucket
from receipts.settings import BucketSettings
from receipts.store import schema
from tests.rights.support import rights_of
from tests.store.buckets import body_of, transcript
from tests.store.support import BUCKET, INSTANCE, KEY, RECEIVED_AT, Store, ended, push

if TYPE_CHECKING:
    from collections.abc import Iterator

X = "17000000002"
PROVISION = "operator-provision"
LETTER = body_of(transcript("t1", 50))


class Cloud(NamedTuple):
    """An account with an instance, queues and a bucket, and what is asked of it."""

    identities: Identities
    store: Store
    oss: OssServer
    asked: list[Asked]

    @property
    def environment(self) -> dict[str, str]:
        """What an operator has in his shell, but for the keys."""
        told = {"OSS_ENDPOINT": self.oss.endpoint, "OSS_BUCKET": BUCKET, "OSS_REGION": self.identities.region}
        account = {"RECEIPTS_ACCOUNT_ID": self.identities.account, "RECEIPTS_REGION": self.identities.region}
        return self.store.environment(**told, **account)

    def run(self, name: str, *arguments: str, also: str = "") -> str:
        """A command of somebody who has no rights but those of one policy, and of `also`; what it prints."""
        key, token = role(name)
        policies = [self.policy(each) for each in (name, also) if each]
        self.identities.attach(key, *map(Policy.read, policies), token=token)
        ran = CliRunner().invoke(app, arguments, env={**self.environment, **environment_of(key, token)})
        assert ran.exit_code == 0, (arguments, ran.output, ran.exception)
        return ran.output

    def policy(self, name: str) -> Any:
        """The document, filled in."""
        return filled(document(name), values(self.environment))

    def unused(self, policy: str) -> list[str]:
        """What the policy gives and nobody needed; AssertionError if something was denied."""
        assert [one for one in self.asked if not one.allowed] == []
        given = rights_of(policy, self.policy(policy))
        return [f"{right.action} on {right.resource}" for right in given if not right.used_by(self.asked)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """Empty at first; what one test makes is there for the next."""
    identities, asked = Identities(KEY), list[Asked]()
    identities.listen(asked.append)
    with contextlib.ExitStack() as running:
        tables = running.enter_context(TableStoreServer(None, instance=INSTANCE, key=identities))
        mns = running.enter_context(MnsServer(key=identities))
        store = Store(tables, mns)
        running.callback(store.close)
        oss = running.enter_context(OssServer(key=identities))
        yield Cloud(identities, store, oss, asked)


@pytest.fixture(scope="module")
def filled_cloud(cloud: Cloud) -> Cloud:
    """Provisioned, with a call that has a binding and an order, and a letter whose bytes are in the bucket."""
    cloud.run(PROVISION, "provision")
    cloud.store.take_in([push("SecretReport", [ended("c1", out_id="order-1", sub_id="binding-1", secret_no=X)])])
    settings = BucketSettings(cloud.oss.endpoint, BUCKET, cloud.identities.region, "AES256")
    bucket = Bucket(settings, time.time)
    bucket.put("dead-letters/x", LETTER, cloud.store.keys, Deadline(10, time.monotonic))
    bucket.close()
    cloud.store.take_in(
        [], [Letter("unknown_type", "aliyun", "Odd", LETTER, "no model", RECEIVED_AT, "s", "dead-letters/x")]
    )
    return cloud


def test_law_rights_provision(filled_cloud: Cloud) -> None:
    """From nothing to all there is; then what was lost of it is made, and what would lose messages put right."""
    client = filled_cloud.store.client
    for table in schema.TABLES:
        for index in table.indexes:
            client.delete_secondary_index(table.name, index.name)
    queues = Account(filled_cloud.store.mns.endpoint, KEY.key_id, KEY.secret)
    short = QueueMeta()
    short.set_message_retention_period(60)
    for name in ("receipts", "receipts-dead", "recordings", "recordings-dead"):
        queues.get_queue(name).set_attributes(short)
    queues.mns_client.close_connection()
    filled_cloud.run(PROVISION, "provision")
    filled_cloud.run(PROVISION, "provision")
    assert filled_cloud.unused(PROVISION) == []


def test_law_rights_calls(filled_cloud: Cloud) -> None:
    """One call, and those of an order, a binding and a number."""
    filled_cloud.run("operator-calls", "calls", "show", "c1")
    for option, value in (("--order", "order-1"), ("--binding", "binding-1"), ("--number", X)):
        assert "c1" in filled_cloud.run("operator-calls", "calls", "find", option, value)
    assert filled_cloud.unused("operator-calls") == []


def test_law_rights_gaps(filled_cloud: Cloud) -> None:
    """What is missing, of calls, recordings and hours."""
    filled_cloud.store.take_in([push("SecretReport", [ended("c2", record_url="https://example.com/r.mp3")])])
    filled_cloud.run("operator-gaps", "gaps", "--since", "3650d")
    assert filled_cloud.unused("operator-gaps") == []


def test_law_rights_dead_letters(filled_cloud: Cloud) -> None:
    """Listed, shown with the bytes that are in the bucket, and replayed by who has the rights of `ingest` as well."""
    policy = "operator-dead-letters"
    (line,) = filled_cloud.run(policy, "dead-letters", "list", "--all", "--json").splitlines()
    assert filled_cloud.run(policy, "dead-letters", "show", json.loads(line)["letter_id"], "--raw") == LETTER.decode()
    assert filled_cloud.unused(policy) == []
    filled_cloud.run(policy, "dead-letters", "replay", "--all", "--as", "SecretAsrReport", "--yes", also="ingest")
    assert filled_cloud.unused(policy) == []


def test_law_rights_bindings(filled_cloud: Cloud) -> None:
    """Set, listed, removed."""
    policy = "operator-bindings"
    filled_cloud.run(policy, "bindings", "set", X, "--call", "close")
    assert "close" in filled_cloud.run(policy, "bindings", "list")
    filled_cloud.run(policy, "bindings", "remove", X, "--party", "*", "--yes")
    assert filled_cloud.unused(policy) == []
