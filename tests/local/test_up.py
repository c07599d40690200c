"""`make up` and `make invoke`: the cloud that keeps running, from outside."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tablestore import OTSClient

from local.demo.reading import rows_of
from receipts.store import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
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


def awaited(look: Callable[[], Any]) -> Any:
    """What `look` gives once it is something, before the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)
    return found


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
        awaited(lambda: process.poll() is not None or "functions" in text_of(file))
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
    """Push a body as the vendor would; the status of the answer."""
    address = urlsplit(endpoints["functions"]["receive"]["url"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=DEADLINE_SECONDS)
    connection.request("POST", f"/aliyun/{endpoints['aliyun']['token']}/SecretReport", body)
    status = connection.getresponse().status
    connection.close()
    return status


def test_up_serves_outside_clients_and_keeps_rows_over_a_restart(tmp_path: Path) -> None:
    """endpoints.json is all an outside client needs; rows survive; a second `up` says that one runs already."""
    with up(tmp_path) as endpoints:
        assert push(endpoints, PUSH) == 200
        client = client_of(endpoints)
        rows = awaited(lambda: list(rows_of(client, schema.CALLS)))
        assert {row["status"] for row in rows} == {"ended"}
        second = run(tmp_path, "local.up")
        assert second.returncode == 1
        assert "It runs already" in second.stdout
    with up(tmp_path) as endpoints:
        assert list(rows_of(client_of(endpoints), schema.CALLS)) == rows


def test_invoke_and_provision_work_on_the_cloud_that_runs(tmp_path: Path) -> None:
    """`make invoke` stores into the running cloud, `receipts provision --local` finds everything there."""
    with up(tmp_path) as endpoints:
        ingest = run(tmp_path, "local.invoke", "ingest", "events/ingest/eventbridge-single.json")
        assert ingest.returncode == 0, ingest.stdout + ingest.stderr
        assert "batch stored" in ingest.stdout
        assert list(rows_of(client_of(endpoints), schema.CALLS))
        provision = run(tmp_path, "ops.main", "provision", "--local")
        assert provision.returncode == 0, provision.stderr
        assert "there already" in provision.stdout
        assert "made" not in provision.stdout


def test_invoke_without_a_running_cloud_brings_its_own(tmp_path: Path) -> None:
    """`make invoke` alone is enough to see an answer and the function's log."""
    answer = run(tmp_path, "local.invoke", "receive", "events/receive/SecretReport.json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert '"statusCode": 200' in answer.stdout
    assert "push journalled" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "usage"),
        (("receive", ""), "usage"),
        (("receive", "events/nothing.json"), "No such file"),
        (("nothing", "events/receive/SecretReport.json"), "No function nothing"),
    ],
)
def test_invoke_says_what_is_wrong(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    """A wrong word on the command line is one line, not a traceback."""
    said = run(tmp_path, "local.invoke", *arguments)
    assert said.returncode == 1
    assert told in said.stdout
    assert said.stderr == ""


def test_endpoints_of_a_dead_cloud_count_as_none(tmp_path: Path) -> None:
    """A file that a crash left behind does not keep `make up` from starting."""
    tmp_path.joinpath("endpoints.json").write_text('{"tablestore": {"endpoint": "http://127.0.0.1:9"}}')
    said = run(tmp_path, "ops.main", "provision", "--local")
    assert said.returncode == 1
    with up(tmp_path) as endpoints:
        assert endpoints["functions"]["receive"]["url"].startswith("http://127.0.0.1:")
