"""What the functions ask for under their policies: a day at both vendors, and what a usual day does not have."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import oss2
from mns.account import Account
from mns.queue import Message

from local.cloud.files.misbehaviour import Misbehaviour
from local.cloud.ram.patterns import ResourcePattern
from local.demo.asking import decide
from local.demo.notifying import notify
from local.demo.pushing import OK, send
from local.demo.queueing import put
from local.golden.bodies import TYPES, Bodies
from local.roles import role
from local.stack import BUCKET, PUSH_TOKEN, REGION
from local.story import Push, story
from local.story.huawei import asked, huawei_day
from local.vendor import shelve, shelve_huawei
from ops.policies.documents import document, filled
from ops.policies.values import values
from ops.settings import OpsSettings
from receipts.domain.recording import Recording
from receipts.recordings import jobs
from receipts.recordings.bucket import SENT_HEADER
from receipts.recordings.naming import stem
from receipts.recordings.rows import written
from receipts.store import schema
from receipts.store.client import opened
from receipts.store.sdk import tablestore
from receipts.times import CHINA
from tests.store.buckets import body_of, noise, transcript

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from local.cloud.ram import Asked, Identities
    from local.stack import Stack

FUNCTIONS = ("receive", "decide", "ingest", "archive", "sweep", "poll")
# The files are there already; no second poll is needed, as this one is asked for.
ENVIRONMENT = {"ALIYUN_URL_DELAY_SECONDS": "0"}
HOUR_MS = 60 * 60 * 1000
DAMAGED, BROKEN, LOST = "damaged0001", "broken0001", "lost0001"
POOL = "FC100000000000001"


class Right(NamedTuple):
    """An action on a resource, as a policy gives it to a function."""

    function: str
    action: str
    resource: str

    def used_by(self, asked: Iterable[Asked]) -> bool:
        """Whether the function has done this."""
        key_id, pattern = role(self.function).key.key_id, ResourcePattern(self.resource)
        return any(
            (one.key_id, one.action, one.allowed) == (key_id, self.action, True) and pattern.matches(one.resource)
            for one in asked
        )


def environment(stack: Stack) -> dict[str, str]:
    """The settings that fill in the policies."""
    identities = stack.identities
    told = {"RECEIPTS_ACCOUNT_ID": identities.account, "RECEIPTS_REGION": identities.region}
    return {**stack.environment(), **told}


def policy_of(stack: Stack, function: str) -> Any:
    """The function's policy, filled in for the stack."""
    return filled(document(function), values(environment(stack)))


def rights(stack: Stack) -> list[Right]:
    """Everything that the functions' policies give."""
    return [right for function in FUNCTIONS for right in rights_of(function, policy_of(stack, function))]


def rights_of(name: str, policy: Any) -> list[Right]:
    """Everything that a policy, whose placeholders are filled in, gives to the role `name`."""
    return [
        Right(name, action, resource)
        for statement in policy["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]


def listen(identities: Identities) -> list[Asked]:
    """Every question from now on."""
    asked: list[Asked] = []
    identities.listen(asked.append)
    return asked


def play(stack: Stack, events: Path) -> None:
    """A day at both vendors, then every way that it does not take."""
    yesterday = datetime.now(CHINA).date() - timedelta(days=1)
    day = story(3, calls=14, by_queue=True, link=stack.files.url, day=yesterday)
    huawei = huawei_day(3, 4, link=stack.files.url, day=yesterday)
    question = asked(yesterday)
    shelve(day.recordings, stack.files, stack.pls)
    shelve_huawei(huawei.recordings, stack.files, stack.huawei)
    with opened((settings := OpsSettings.read(stack.environment())).store, settings.keys) as client:
        for recording_id, recording in (odd := _recordings(stack, time.time())).items():
            _put(client, recording_id, recording)
    _leave_a_damaged_copy(stack, stem(_id(DAMAGED), odd[_id(DAMAGED)]))
    put(stack.alicom, day.queued)
    bodies = Bodies(events / "bodies")
    for message_type in TYPES:
        stack.alicom.send(message_type, bodies.queue(message_type))
    stack.alicom.send("SecretReport", b"not JSON")
    pushes = [
        *day.pushes,
        *(Push(message_type, bodies.push(message_type)) for message_type in TYPES),
        # Fits no message; and one that fits no row either, and is no receipt.
        Push("SecretAsrReport", body_of(transcript("oversize", 100_000))),
        Push("SecretAsrReport", noise(3_000_000).encode()),
    ]
    answers = list(send(stack.host.url("receive"), PUSH_TOKEN, pushes))
    assert {answer.status for answer in answers} == {OK}
    assert all(one.taken for one in notify(stack, huawei.notifications))
    assert all(one.taken for one in decide(stack, settings, question).notified)
    too_large = body_of({"eventType": "fee", "feeLst": [{"icid": noise(100_000)}]})[1:-1]
    assert stack.huawei_pusher(patience_seconds=30.0).push(f"{stack.host.url('decide')}/huawei", too_large).taken
    for name in (DAMAGED, BROKEN):
        send_job(stack, jobs.written(_id(name)))
    send_job(stack, b"no job")
    stack.host.tick("sweep")
    stack.host.tick("poll")


def _recordings(stack: Stack, now: float) -> dict[str, Recording]:
    """One of which there is a damaged copy, one whose file breaks off in the middle, one that nobody asks for."""
    at = round(now * 1000) - HOUR_MS
    for name, size in ((DAMAGED, 20_000), (BROKEN, 9_000_000), (LOST, 20_000)):
        stack.files.put(f"{name}.mp3", size)
        stack.pls.recordings.add(name, at, POOL, f"{name}.mp3")
    stack.files.misbehave(f"{BROKEN}.mp3", Misbehaviour(truncate_after=6_000_000), times=None)
    source = '{"call_id":"%s","call_time":%d,"kind":"call","pool_key":"%s"}'
    return {
        _id(name): Recording(
            call_id=f"aliyun:{name}",
            vendor="aliyun",
            state="pending",
            source=source % (name, at, POOL),
            called_at=at,
            announced_at=at,
            deadline_at=at + 12 * HOUR_MS,
            next_attempt_at=at,
            # Who has tried before looks for a copy first.
            attempts=1,
        )
        for name in (DAMAGED, BROKEN, LOST)
    }


def _id(name: str) -> str:
    return f"aliyun:{name}:call"


def _put(client: Any, recording_id: str, recording: Recording) -> None:
    row = tablestore.Row(list(schema.key(schema.RECORDINGS, recording_id)), list(written(recording).items()))
    client.put_row(
        schema.RECORDINGS.name, row, tablestore.Condition(tablestore.RowExistenceExpectation.EXPECT_NOT_EXIST)
    )


def _leave_a_damaged_copy(stack: Stack, key: str) -> None:
    where = stack.endpoints()["oss"]
    session = oss2.Session()
    auth = oss2.make_auth(where["access_key_id"], where["access_key_secret"], oss2.AUTH_VERSION_4)
    bucket = oss2.Bucket(auth, where["endpoint"], BUCKET, session=session, region=REGION)
    bucket.put_object(f"{key}.mp3", b"ID3 of another sum", headers={SENT_HEADER: "1"}).resp.read()
    session.session.close()


def send_job(stack: Stack, message: bytes) -> None:
    """Put a message on the queue of recordings."""
    where = stack.endpoints()["mns"]
    account = Account(where["endpoint"], where["access_key_id"], where["access_key_secret"])
    queue = account.get_queue(where["recordings_queue"])
    queue.set_encoding(False)
    queue.send_message(Message(message.decode()))
    account.mns_client.close_connection()
