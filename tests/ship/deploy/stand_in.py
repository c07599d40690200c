"""Stands in for the command `s`: notes what it is given, and answers as its scenario says.

A scenario is a JSON file: for each command (`-v`, `list`, `publish`, `deploy`, `info`) the text that it writes, its
exit code, and whether it hangs after that, with a child that would outlive it. Both hold a lock while they live.
"""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

folder = Path(__file__).parent
command = next(word for word in ("-v", "list", "publish", "deploy", "info") if word in sys.argv)
answer = json.loads((folder / "scenario.json").read_text())[command]
call = {"argv": sys.argv[1:], "environ": dict(os.environ), "stdin": sys.stdin.read()}
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(call) + "\n")
with (folder / "alive").open("w") as alive:
    fcntl.flock(alive, fcntl.LOCK_SH)
    print(answer["text"], flush=True)
    if answer.get("hangs"):
        forever = [sys.executable, "-c", "import time; time.sleep(600)"]
        subprocess.run(forever, pass_fds=[alive.fileno()], check=False)
    sys.exit(answer.get("code", 0))
