"""Time limits, deaths, growth and the end of instances."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.host.host import Host
from local.host.pool import PoolClosedError
from template.functions import Hook

if TYPE_CHECKING:
    from tests.local.host.support import Eventually, MakeFunction, StartHost

_PID = "import os\ndef handler(event, context):\n    return str(os.getpid())\n"
# Sleeps for as long as the event says, in seconds, and returns the process id.
_SLEEP = """
import os, time
def handler(event, context):
    print("began", flush=True)
    time.sleep(float(event))
    return str(os.getpid())
"""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        # A zombie that nobody has waited for is no process that runs.
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:  # gone just now, or a system without /proc
        return True


def test_the_timeout_kills_the_instance(make: MakeFunction, start: StartHost) -> None:
    """An invocation that takes too long is an error of its own type, and a new instance serves the next."""
    host = start(make(_SLEEP, timeout=0.3))
    result = host.invoke("f", b"60")
    assert result.error_type == "FunctionTimeoutError"
    assert json.loads(result.payload)["errorType"] == "FunctionTimeoutError"
    assert 300 <= result.milliseconds < 5000
    assert host.instances("f") == []
    assert host.invoke("f", b"0").cold


def test_the_initializer_has_a_time_limit_of_its_own(make: MakeFunction, start: StartHost) -> None:
    """One that hangs fails the call."""
    source = "import time\ndef initialize(context):\n    time.sleep(60)\ndef handler(event, context):\n    return ''\n"
    host = start(make(source, initializer=Hook("index.initialize", 0.3)))
    assert host.invoke("f", b"").error_type == "FunctionTimeoutError"


def test_an_instance_that_exits_is_reported_and_replaced(make: MakeFunction, start: StartHost) -> None:
    """os._exit in the middle of a call is that call's error, nothing else's."""
    host = start(make("import os\ndef handler(event, context):\n    return os._exit(3) if event else 'fine'\n"))
    died = host.invoke("f", b"1")
    assert died.error_type == "UnhandledInvocationError"
    assert "exit status 3" in json.loads(died.payload)["errorMessage"]
    assert host.invoke("f", b"").payload == b"fine"


def test_kill_strikes_in_the_middle_of_an_invocation(
    make: MakeFunction, start: StartHost, eventually: Eventually
) -> None:
    """The caller gets an error at once, the process is gone, the next call works."""
    host = start(make(_SLEEP, timeout=60))
    with ThreadPoolExecutor(1) as executor:
        call = executor.submit(host.invoke, "f", b"60")
        eventually(lambda: "began" in host.log("f"))
        pids = host.instances("f")
        assert host.kill("f") == 1
        result = call.result(10)
    assert "signal 9" in json.loads(result.payload)["errorMessage"]
    assert not any(_runs(pid) for pid in pids)
    assert host.invoke("f", b"0").ok


def test_a_warm_instance_that_was_killed_is_not_used(make: MakeFunction, start: StartHost) -> None:
    """Dead instances cost no call."""
    host = start(make(_PID))
    first = host.invoke("f", b"")
    assert host.kill("f") == 1
    assert host.kill("f") == 0
    second = host.invoke("f", b"")
    assert (second.ok, second.cold) == (True, True)
    assert second.payload != first.payload


def test_an_instance_killed_by_somebody_else_is_replaced(
    make: MakeFunction, start: StartHost, eventually: Eventually
) -> None:
    """The out-of-memory killer asks nobody."""
    host = start(make(_PID))
    pid = int(host.invoke("f", b"").payload)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: host.instances("f") == [])
    assert host.invoke("f", b"").ok


def test_concurrency_grows_the_pool_and_one_instance_serves_one_call(
    make: MakeFunction, start: StartHost, tmp_path: Path
) -> None:
    """Calls that overlap run in processes of their own, up to the limit; the rest waits."""
    source = """
    import os, threading, time
    busy = threading.Lock()
    def handler(event, context):
        if not busy.acquire(blocking=False):
            raise RuntimeError("two at once")
        with open(event.decode(), "a") as log:
            log.write(f"{os.getpid()}\\n")
        while len(set(open(event.decode()).read().split())) < 3:
            time.sleep(0.01)
        busy.release()
        return ""
    """
    host = start(make(source, timeout=20), max_instances=3)
    assert host.instances("f") == []
    meeting = str(tmp_path / "meeting").encode()
    with ThreadPoolExecutor(6) as executor:
        results = list(executor.map(lambda _: host.invoke("f", meeting), range(6)))
    assert all(result.ok for result in results)
    assert sum(result.cold for result in results) == 3
    assert len(host.instances("f")) == 3


def test_the_instance_used_last_is_used_first(make: MakeFunction, start: StartHost, eventually: Eventually) -> None:
    """With two warm instances one is enough for calls one after the other."""
    host = start(make(_SLEEP, timeout=20))
    with ThreadPoolExecutor(2) as executor:
        list(executor.map(lambda _: host.invoke("f", b"0.5"), range(2)))
    assert len(host.instances("f")) == 2
    assert len({host.invoke("f", b"0").payload for _ in range(5)}) == 1


def test_min_instances_are_up_before_the_first_call(make: MakeFunction, start: StartHost) -> None:
    """The first push finds a warm instance."""
    host = start(make(_PID, min_instances=2))
    pids = host.instances("f")
    assert len(pids) == 2
    result = host.invoke("f", b"")
    assert not result.cold
    assert int(result.payload) in pids


def test_reserved_concurrency_is_the_limit(make: MakeFunction, start: StartHost) -> None:
    """A poller that must not overlap does not."""
    host = start(make(_SLEEP, timeout=20, max_instances=1))
    with ThreadPoolExecutor(3) as executor:
        results = list(executor.map(lambda _: host.invoke("f", b"0.05"), range(3)))
    assert len({result.payload for result in results}) == 1


def test_stop_ends_every_process_and_thread(make: MakeFunction, start: StartHost, eventually: Eventually) -> None:
    """Also with a call under way; callers that come later are told so."""
    before = set(threading.enumerate())
    host = start(make(_SLEEP, timeout=60), grace_seconds=0.0)
    host.invoke("f", b"0")
    caller = threading.Thread(target=host.invoke, args=("f", b"60"))
    caller.start()
    eventually(lambda: host.log("f").count("began") == 2)
    pids = host.instances("f")
    began = time.monotonic()
    host.stop()
    caller.join()
    assert time.monotonic() - began < 5
    assert not any(_runs(pid) for pid in pids)
    assert set(threading.enumerate()) == before
    with pytest.raises(PoolClosedError):
        host.invoke("f", b"0")
    host.stop()


def test_no_process_outlives_a_host_that_was_killed(make: MakeFunction, tmp_path: Path, eventually: Eventually) -> None:
    """SIGKILL to the host ends its instances, idle or in the middle of a call."""
    function = make(_SLEEP, timeout=600)
    script = f"""
import pathlib, sys, threading, time
from template.functions import Function
from local.host.host import Host
host = Host([Function("f", "index.handler", pathlib.Path({str(function.code)!r}), timeout=600)],
            log_dir=pathlib.Path({str(tmp_path / "logs")!r})).start()
host.invoke("f", b"0")
for _ in range(2):
    threading.Thread(target=host.invoke, args=("f", b"600"), daemon=True).start()
while len(host.instances("f")) < 2 or host.log("f").count("began") < 3:
    time.sleep(0.01)
print(*host.instances("f"), flush=True)
time.sleep(600)
"""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(_runs(pid) for pid in pids)
        parent.kill()
    eventually(lambda: not any(_runs(pid) for pid in pids))


def test_a_missing_code_folder_is_told_at_once(make: MakeFunction, tmp_path: Path) -> None:
    """With its path."""
    function = make(_PID)
    (function.code / "index.py").unlink()
    function.code.rmdir()
    with pytest.raises(FileNotFoundError, match="functions/f"):
        Host([function], log_dir=tmp_path)
