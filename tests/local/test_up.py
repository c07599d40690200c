"""`make up` and `make invoke`: the cloud that keeps running, from outside."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tablestore import CapacityUnit, OTSClient, ReservedThroughput, TableMeta, TableOptions

from local.cloud.tablestore import TableStoreServer
from local.demo.reading import rows_of
from local.golden.huawei import signature
from local.stack import INSTANCE, KEY
from receipts.store import schema
from tests.local.support import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
EVENTS_README = ROOT / "events" / "README.md"
DEADLINE_SECONDS = 30.0
PUSH = (ROOT / "events" / "bodies" / "SecretReport.push.json").read_bytes()


def environment(state: Path) -> dict[str, str]:
    """The environment of a command that keeps its state in a folder of the test's."""
    paths = f"{ROOT}{os.pathsep}{ROOT / 'shared'}"
    return {**os.environ, "PYTHONPATH": paths, "RECEIPTS_LOCAL": str(state), "COLUMNS": "200"}


def run(state: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the project to its end."""
    arguments = [sys.executable, "-m", *command]
    return subprocess.run(
        arguments, cwd=ROOT, env=environment(state), capture_output=True, text=True, timeout=60, check=False
    )


def invoke(state: Path, function: str, event: str, *options: str) -> subprocess.CompletedProcess[str]:
    """`receipts invoke` with an event of events/."""
    return run(state, "ops.main", "invoke", function, "-e", f"events/{event}", *options)


def text_of(file: Path) -> str:
    """What a file says; nothing if it is not there (`up` may remove one between two looks)."""
    with suppress(FileNotFoundError):
        return file.read_text()
    return ""


@contextmanager
def up(state: Path) -> Iterator[dict[str, Any]]:
    """`make up` in a process of its own; gives its endpoints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local.up"], cwd=ROOT, env=environment(state), stdout=subprocess.PIPE, text=True
    )
    try:
        file = state / "endpoints.json"
        wait_until(lambda: process.poll() is not None or "functions" in text_of(file), DEADLINE_SECONDS)
        yield json.loads(text_of(file))
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=DEADLINE_SECONDS)
        assert process.returncode == 0, output
        assert not file.exists()


def client_of(endpoints: dict[str, Any]) -> OTSClient:
    """An SDK client as an outside user would make it."""
    store = endpoints["tablestore"]
    return OTSClient(store["endpoint"], store["access_key_id"], store["access_key_secret"], store["instance"])


def push(endpoints: dict[str, Any], body: bytes) -> int:
    """Push a body as Aliyun would; the status of the answer."""
    return post(endpoints, f"/aliyun/{endpoints['aliyun']['token']}/SecretReport", body, {})


def push_signed(endpoints: dict[str, Any]) -> int:
    """Push something as Huawei would, with the secret that the file tells; the status of the answer."""
    ((app, secret),) = endpoints["huawei"]["apps"].items()
    headers = signature("n1", "2026-11-20T10:00:00Z", secret=secret)
    assert f'Username="{app}"' in headers["X-Aksk"]
    return post(endpoints, "/huawei", b"[]", headers)


def post(endpoints: dict[str, Any], path: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer."""
    address = urlsplit(endpoints["functions"]["receive"]["url"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=DEADLINE_SECONDS)
    connection.request("POST", path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_up_serves_outside_clients_and_commands_and_keeps_rows_over_a_restart(tmp_path: Path) -> None:
    """endpoints.json is all an outside client needs, and one that a crash left behind does no harm; rows survive."""
    state = tmp_path / ".local"
    state.mkdir()
    state.joinpath("endpoints.json").write_text('{"tablestore": {"endpoint": "http://127.0.0.1:9"}}')
    assert run(state, "ops.main", "provision", "--local").returncode == 1
    with up(state) as endpoints:
        assert push(endpoints, PUSH) == 200
        client = client_of(endpoints)
        rows = wait_until(lambda: list(rows_of(client, schema.CALLS)), DEADLINE_SECONDS)
        assert {row["status"] for row in rows} == {"ended"}
        second = run(state, "local.up")
        assert second.returncode == 1
        assert "It runs already" in second.stdout
    with up(state) as endpoints:
        client = client_of(endpoints)
        assert list(rows_of(client, schema.CALLS)) == rows
        assert push_signed(endpoints) == 200
        check_invoke_and_provision(state, client)
        check_invoke_remote(state)
        check_queues_of_the_vendor(state, client)


def check_invoke_and_provision(state: Path, client: OTSClient) -> None:
    """`make invoke` stores into the running cloud, `receipts provision --local` finds everything there."""
    assert not list(rows_of(client, schema.TEXTS))
    ingest = invoke(state, "ingest", "ingest/eventbridge-array.json")
    assert ingest.returncode == 0, ingest.stdout + ingest.stderr
    assert "batch stored" in ingest.stdout
    assert list(rows_of(client, schema.TEXTS))
    receive = invoke(state, "receive", "receive/huawei-fee.json")
    assert "answer   HTTP 200" in receive.stdout, receive.stdout + receive.stderr
    provision = run(state, "ops.main", "provision", "--local")
    assert provision.returncode == 0, provision.stderr
    assert "there already" in provision.stdout
    assert "made" not in provision.stdout


def check_invoke_remote(state: Path) -> None:
    """A golden event has one and the same answer here and deployed, by the protocols of 3.0 and of 2.0."""
    answers = []
    for options in ([], ["--local", "--remote"], ["--local", "--remote", "--service", "receipts"]):
        told = invoke(state, "receive", "receive/SecretReport.json", "--json", *options)
        assert told.returncode == 0, told.stdout + told.stderr
        outcome = json.loads(told.stdout)
        assert "push journalled" in outcome["log"]
        answers.append(outcome["answer"])
    assert answers[0]["statusCode"] == 200
    assert answers[0] == answers[1] == answers[2]


def check_queues_of_the_vendor(state: Path, client: OTSClient) -> None:
    """The example of events/README.md runs as it stands: an outside client sends, and `poll` has it stored."""
    (example,) = re.findall(r"^```python\n(.*?)^```$", EVENTS_README.read_text(), re.DOTALL | re.MULTILINE)
    subprocess.run([sys.executable, "-c", example], cwd=state.parent, check=True, timeout=DEADLINE_SECONDS)
    poll = invoke(state, "poll", "poll/timer.json")
    assert poll.returncode == 0, poll.stdout + poll.stderr
    assert "queues polled" in poll.stdout

    def status() -> list[str]:
        return [row["status"] for row in rows_of(client, schema.CALLS) if row["call_id"] == "aliyun:7b3d90c4e1f20a07"]

    # The cloud's own timer may have been first, and still be at it.
    assert wait_until(status, DEADLINE_SECONDS) == ["initiated"]


def test_rows_of_an_older_version_are_told_at_once(tmp_path: Path) -> None:
    """A file whose tables cannot have an index of today stops `make up` with the way out, and stays as it is."""
    rows = tmp_path / "tablestore.sqlite3"
    with TableStoreServer(rows, instance=INSTANCE, key=KEY) as server:
        client = OTSClient(server.endpoint, KEY.key_id, KEY.secret, INSTANCE)
        meta = TableMeta("calls", [(name, "STRING") for name in schema.CALLS.keys])
        client.create_table(meta, TableOptions(), ReservedThroughput(CapacityUnit(0, 0)))
    told = run(tmp_path, "local.up")
    assert told.returncode == 1
    assert "Traceback" not in told.stdout + told.stderr
    assert f"the rows in {rows} are of another version" in " ".join(told.stdout.split())
    assert "remove that file" in " ".join(told.stdout.split())
    assert rows.exists()


def test_invoke_without_a_running_cloud_brings_its_own(tmp_path: Path) -> None:
    """`make invoke` alone is enough to see an answer and the function's log."""
    answer = invoke(tmp_path, "receive", "receive/SecretReport.json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "answer   HTTP 200" in answer.stdout
    assert "push journalled" in answer.stdout


def test_make_invoke_is_the_same_command() -> None:
    """`make invoke` passes its variables on, and without them the command says what is missing."""
    for variables, told in [
        (["F=receive", "E=a b.json"], 'receipts invoke "receive" --event "a b.json"'),
        ([], "receipts invoke  "),
    ]:
        made = subprocess.run(
            ["make", "--dry-run", "--no-print-directory", "--assume-old=.venv/.ready", "invoke", *variables],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert told in made.stdout
