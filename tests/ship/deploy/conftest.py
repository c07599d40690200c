"""A project that was built, an environment in which nothing is missing, and a stand-in for Serverless Devs."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ship.deploy.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
STAND_IN = Path(__file__).parent / "stand_in.py"
ACCOUNT, REGION = "1234567890123456", "cn-shanghai"
TOKENS, SECRET, KEY = "old-made-up-token,new/made-up-token", "made-up-app-secret", "made-up-key-secret"
DIGEST = "5e" * 32
FUNCTIONS = ("receive", "decide", "ingest", "archive", "sweep", "poll")
ENVIRON = {
    "RECEIPTS_ACCOUNT_ID": ACCOUNT,
    "RECEIPTS_REGION": REGION,
    "RECEIPTS_ROLE_ARN": f"acs:ram::{ACCOUNT}:role/receipts",
    "MNS_ENDPOINT": f"https://{ACCOUNT}.mns.{REGION}-internal.aliyuncs.com",
    "TABLESTORE_ENDPOINT": f"https://r.{REGION}.ots.aliyuncs.com",
    "TABLESTORE_INSTANCE": "r",
    "OSS_ENDPOINT": f"https://oss-{REGION}.aliyuncs.com",
    "OSS_BUCKET": "receipts-made-up",
    "ALIYUN_PUSH_TOKENS": TOKENS,
    "HUAWEI_APPS": json.dumps({"made-up-app": SECRET}),
    "AccountID": ACCOUNT,
    "AccessKeyID": "made-up-key-id",
    "AccessKeySecret": KEY,
}
# Whoever runs the tests in the background, where Ctrl-C means nothing, hands that on to what is started.
IN_FRONT = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('ship.deploy', run_name='__main__', alter_sys=True)"
)
# As Serverless Devs shows it once it knows the account's number for one to hide.
HIDDEN = f"{ACCOUNT[:3]}{'*' * 10}{ACCOUNT[-3:]}"


def gone(lock: Path) -> bool:
    """Whether nobody holds the lock any more, within some seconds: who is dead holds none."""
    deadline = time.monotonic() + 5
    with lock.open() as held:
        while not _locked(held.fileno()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    return True


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def listed(version: int, digest: str, name: str = "receipts") -> dict[str, Any]:
    """A layer in the answer to `layer list`."""
    arn = f"acs:fc:{REGION}:{HIDDEN}:layers/{name}/versions/{version}"
    return {"layerName": name, "layerVersionArn": arn, "version": version, "description": f"sha256:{digest}"}


def logged(result: object) -> str:
    """A result behind lines of progress, as Serverless Devs writes it."""
    return f"[2026-11-23 02:00:00][INFO][fc3] working on it\n\x1b[32mdone\x1b[0m\n{json.dumps(result, indent=2)}\n"


def scenario() -> dict[str, dict[str, Any]]:
    """All goes well, and the layer has changed since version 6."""
    urls = {name: {"url": {"system_url": f"https://{name}-abcd.{REGION}.fcapp.run"}} for name in ("receive", "decide")}
    # What is deployed tells every variable back.
    told = {"receive": {"environmentVariables": {"ALIYUN_PUSH_TOKENS": TOKENS}}}
    return {
        "-v": {"text": "@serverless-devs/s: 3.1.10, s-home: /made-up/.s, linux-x64, node-v20.20.2"},
        "list": {"text": logged([listed(9, DIGEST, "receipts-of-others"), listed(6, "0f" * 32)])},
        "publish": {"text": logged(listed(7, DIGEST))},
        "deploy": {"text": logged(told)},
        "info": {"text": logged({name: urls.get(name, {}) for name in FUNCTIONS})},
    }


class Ended(NamedTuple):
    """How the command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Project:
    """A copy of what is deployed, and how the command ends there.

    Attributes:
        environ: what is set.
        answers: what Serverless Devs does, per command.
    """

    folder: Path
    capsys: pytest.CaptureFixture[str]
    environ: dict[str, str] = field(default_factory=lambda: dict(ENVIRON))
    answers: dict[str, dict[str, Any]] = field(default_factory=scenario)

    def run(self, *arguments: str) -> Ended:
        """`python -m ship.deploy …` until it ends, in this process; Serverless Devs is one of its own."""
        self._prepare()
        self.capsys.readouterr()
        environ = self._environ()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["ship.deploy", *arguments])
            for name in tuple(os.environ):
                patch.delenv(name)
            for name, value in environ.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, *self.capsys.readouterr())

    @contextlib.contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The same as a process, which is ended at last; somebody types meanwhile."""
        self._prepare()
        process = subprocess.Popen(
            [sys.executable, "-c", IN_FRONT, *arguments],
            cwd=self.folder,
            env=self._environ() | {"PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        with process:
            try:
                process.stdin.write("yes\n")
                process.stdin.flush()
                yield process
            finally:
                process.kill()

    def _prepare(self) -> None:
        (self.tools / "scenario.json").write_text(json.dumps(self.answers))

    def _environ(self) -> dict[str, str]:
        return {**self.environ, "PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.folder)}

    @property
    def tools(self) -> Path:
        """Where the stand-in is, and what it noted."""
        return self.folder / "bin"

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What Serverless Devs was given, call by call."""
        notes = self.tools / "calls.jsonl"
        lines = notes.read_text().splitlines(keepends=True) if notes.exists() else []
        # One that is being written has no end yet.
        return [json.loads(line) for line in lines if line.endswith("\n")]


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    """Built, with nothing missing, and with a Serverless Devs that does what it is asked."""
    shutil.copy(ROOT / "template.yml", tmp_path)
    shutil.copytree(ROOT / "functions", tmp_path / "build/functions", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "build/layer/python").mkdir(parents=True)
    manifest = {
        "runtime": "python3.12",
        "layer": {"path": "build/layer", "sha256": DIGEST, "files": 12, "bytes": 34_000_000, "bytecode": True},
        "functions": {name: {"path": f"build/functions/{name}", "sha256": DIGEST} for name in FUNCTIONS},
    }
    (tmp_path / "build/manifest.json").write_text(json.dumps(manifest))
    made = Project(tmp_path, capsys)
    made.tools.mkdir()
    (made.tools / "alive").touch()
    shutil.copy(STAND_IN, made.tools / "stand_in.py")
    command = made.tools / "s"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{made.tools}/stand_in.py" "$@"\n')
    command.chmod(0o755)
    return made
