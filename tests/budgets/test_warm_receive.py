"""B2 by counts: what one push costs a warm `receive` in calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from mns.account import Account
from mns.queue import QueueMeta

from benchmarks import workload
from local.cloud.mns import MnsServer
from local.stack import BUCKET, KEY, PUSH_TOKEN, REGION, credentials_environment
from tests.budgets.support import Context, calls_of, changed, loaded, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUSHES = 5
# Python functions that run per push, whatever its size: 95 on 3.10 and 3.11.
MOST_CALLS = 130


@pytest.fixture
def mns(monkeypatch: pytest.MonkeyPatch) -> Iterator[MnsServer]:
    """A queue service with the queue, and the settings that lead there."""
    with MnsServer(key=KEY) as server:
        account = Account(server.endpoint, KEY.key_id, KEY.secret)
        account.get_queue("receipts").create(QueueMeta())
        account.mns_client.close_connection()
        settings = {
            "ALIYUN_PUSH_TOKENS": PUSH_TOKEN,
            "MNS_ENDPOINT": server.endpoint,
            "ACK_BUDGET_MS": "500",
            # Nobody is there, and nobody is asked.
            "OSS_ENDPOINT": "http://127.0.0.1:9",
            "OSS_BUCKET": BUCKET,
            "OSS_REGION": REGION,
        }
        for name, value in {**settings, **credentials_environment()}.items():
            monkeypatch.setenv(name, value)
        yield server


def check(receive: Any, mns: MnsServer) -> None:
    """Fails when a push of 50 receipts takes more than it may."""
    event = workload.push_event(workload.large_push())
    receive.initialize(Context)
    try:
        assert receive.handler(event, Context)["statusCode"] == 200
        mns.faults.calls.clear()
        with calls_of(loads=json.loads, raw=json.JSONDecoder.decode, dumps=json.JSONEncoder.encode) as calls:
            for _ in range(PUSHES):
                assert receive.handler(event, Context)["statusCode"] == 200
    finally:
        receive._instance.service.journal.close()
    assert mns.faults.calls == {"BatchSendMessage": PUSHES}, "one call to the queue per push"
    assert calls["loads"] == calls["raw"] == PUSHES, "the event is parsed, the body is not"
    assert calls["dumps"] <= 3 * PUSHES, "the envelope, the log line, the answer"
    assert calls["any"] <= MOST_CALLS * PUSHES


def test_b2_a_push_is_one_call_and_no_parsing(mns: MnsServer, tmp_path: Path) -> None:
    """A push of 50 receipts goes out once, and its body is not parsed."""
    check(loaded(source("receive"), tmp_path), mns)


@pytest.mark.parametrize(
    "more",
    [
        "        __import__('json').loads(request.body)\n",
        "        journal.put([push], credentials.of(context, os.environ), deadline)\n",
        "        [str.lower and (lambda: None)() for _ in range(500)]\n",
    ],
)
def test_b2_guard_notices_one_step_more(mns: MnsServer, tmp_path: Path, more: str) -> None:
    """The guard fails for a copy of `receive` that parses the body, sends twice, or does something per receipt."""
    step = "        sent = journal.put([push], credentials.of(context, os.environ), deadline)\n"
    with pytest.raises(AssertionError):
        check(loaded(changed(source("receive"), step, step + more), tmp_path), mns)
