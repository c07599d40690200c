"""The contract between the platform and a function's code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from local.host.worker import encode_frame, read_frame
from template.functions import Hook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.host.support import MakeFunction, StartHost


@pytest.mark.parametrize(
    ("expression", "payload"),
    [
        ("'Grüße'", "Grüße".encode()),
        (r"b'\x00\xff'", b"\x00\xff"),
        ("{'statusCode': 200}", b'{"statusCode": 200}'),
        ("None", b"null"),
        ("event", b"event bytes"),
    ],
)
def test_text_bytes_and_json_values_are_returned(
    make: MakeFunction, start: StartHost, expression: str, payload: bytes
) -> None:
    """A handler may return str, bytes or anything that JSON can say, and gets its event as bytes."""
    host = start(make(f"def handler(event, context):\n    return {expression}\n"))
    result = host.invoke("f", b"event bytes")
    assert (result.ok, result.payload, result.error_type) == (True, payload, None)
    assert result.milliseconds > 0


def test_an_exception_is_reported_and_the_instance_lives_on(make: MakeFunction, start: StartHost) -> None:
    """The caller gets message, type and the function's own frames; the log gets the traceback."""
    host = start(
        make(
            """
            def handler(event, context):
                if event:
                    deeper()
                return "fine"

            def deeper():
                raise ValueError("something is wrong")
            """
        )
    )
    failed = host.invoke("f", b"1")
    report = json.loads(failed.payload)
    assert (failed.ok, failed.error_type) == (False, "UnhandledInvocationError")
    assert (report["errorMessage"], report["errorType"]) == ("something is wrong", "ValueError")
    assert [frame[2] for frame in report["stackTrace"]] == ["in handler", "in deeper"]
    assert "Traceback" in host.log("f")
    again = host.invoke("f", b"")
    assert (again.payload, again.cold) == (b"fine", False)


@pytest.mark.parametrize("raising", ["sys.exit(0)", "raise KeyboardInterrupt", "return object()"])
def test_whatever_a_handler_does_is_an_answer(make: MakeFunction, start: StartHost, raising: str) -> None:
    """Neither sys.exit nor a value that is no JSON ends the instance."""
    host = start(make(f"import sys\ndef handler(event, context):\n    {raising}\n"))
    assert host.invoke("f", b"").error_type == "UnhandledInvocationError"
    assert len(host.instances("f")) == 1


def test_a_module_that_cannot_be_imported_is_an_error_of_each_call(make: MakeFunction, start: StartHost) -> None:
    """A broken package answers with its ImportError, with a new instance every time."""
    host = start(make("import no_such_module_anywhere\n"))
    for _ in range(2):
        result = host.invoke("f", b"")
        assert json.loads(result.payload)["errorType"] == "ModuleNotFoundError"
        assert result.cold
    assert host.instances("f") == []


def test_the_initializer_runs_once_per_instance(make: MakeFunction, start: StartHost) -> None:
    """Before the first invocation, not before the second."""
    function = make(
        """
        count = 0
        def initialize(context):
            global count
            count += 1
        def handler(event, context):
            return str(count)
        """,
        initializer=Hook("index.initialize", 5),
    )
    host = start(function)
    assert [host.invoke("f", b"").payload for _ in range(2)] == [b"1", b"1"]


def test_a_failing_initializer_fails_the_call_and_the_next_gets_a_new_instance(
    make: MakeFunction, start: StartHost, tmp_path: Path
) -> None:
    """As documented: the error is the caller's, the instance is gone."""
    function = make(
        f"""
        import pathlib
        def initialize(context):
            flag = pathlib.Path({str(tmp_path / "flag")!r})
            if not flag.exists():
                flag.touch()
                raise OSError("not ready")
        def handler(event, context):
            return "ready"
        """,
        initializer=Hook("index.initialize", 5),
        min_instances=1,
    )
    host = start(function)
    # The instance that the minimum demands has failed at the start of the host: silently, as there.
    assert host.invoke("f", b"").payload == b"ready"


def test_pre_stop_runs_when_the_host_stops(make: MakeFunction, start: StartHost, tmp_path: Path) -> None:
    """A function can flush what it holds."""
    flag = tmp_path / "flag"
    function = make(
        f"""
        import pathlib
        def pre_stop(context):
            pathlib.Path({str(flag)!r}).write_text(context.function.name)
        def handler(event, context):
            return ""
        """,
        pre_stop=Hook("index.pre_stop", 5),
    )
    host = start(function)
    host.invoke("f", b"")
    host.stop()
    assert flag.read_text() == "f"


_CONTEXT = """
import json
def handler(event, context):
    fields = {name: getattr(context, name, "absent") for name in
              ("request_id", "region", "account_id", "credentials", "log_project", "service", "logger")}
    fields["function"] = vars(context.function)
    fields["same"] = context.getLogger() is context.logger
    return json.dumps(fields, default=vars)
"""


def test_the_context_of_python_3_12(make: MakeFunction, start: StartHost) -> None:
    """No credentials, no service; version and qualifier; a logger once it was asked for."""
    host = start(
        make(_CONTEXT, timeout=7, memory=256, function_name="deployed", log={"project": "p", "logstore": "l"}),
        account_id="99",
    )
    result = host.invoke("f", b"")
    context = json.loads(result.payload)
    assert context["request_id"] == result.request_id
    assert (context["region"], context["account_id"], context["log_project"]) == ("cn-hangzhou", "99", "p")
    assert (context["credentials"], context["service"], context["logger"]) == ("absent", "absent", None)
    assert context["same"]
    assert context["function"] == {
        "name": "deployed",
        "handler": "index.handler",
        "memory": 256,
        "timeout": 7.0,
        "version_id": "LATEST",
        "qualifier": "LATEST",
    }


def test_the_context_of_python_3_10(make: MakeFunction, start: StartHost) -> None:
    """Credentials and the service are on the context there."""
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}
    host = start(make(_CONTEXT.replace('"logger"', '"x"'), runtime="python3.10"), environment=keys)
    context = json.loads(host.invoke("f", b"").payload)
    assert context["credentials"] == {"access_key_id": "id", "access_key_secret": "s", "security_token": ""}
    assert context["service"]["qualifier"] == ""
    assert context["log_project"] == "absent"
    assert context["function"].keys() == {"name", "handler", "memory", "timeout"}


def test_the_environment_is_the_template_s_and_the_platform_s(
    make: MakeFunction, start: StartHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of this process leaks in; the platform's names cannot be overridden."""
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "x")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    function = make(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
        environment={"TABLE_PREFIX": "t_", "FC_REGION": "mine"},
    )
    host = start(function, environment={"ALIBABA_CLOUD_ACCESS_KEY_ID": "id"}, account_id="99")
    environment: dict[str, Any] = json.loads(host.invoke("f", b"").payload)
    instance = environment.pop("FC_INSTANCE_ID")
    assert re.fullmatch(r"c-[0-9a-f]{16}", instance)
    # What the interpreter needs or sets for itself.
    kept = {"PATH", "LD_LIBRARY_PATH", "LC_CTYPE"}
    assert {k: v for k, v in environment.items() if k not in kept} == {
        "TABLE_PREFIX": "t_",
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "id",
        "FC_ACCOUNT_ID": "99",
        "FC_FUNCTION_HANDLER": "index.handler",
        "FC_FUNCTION_MEMORY_SIZE": "512",
        "FC_FUNCTION_NAME": "f",
        "FC_FUNCTION_VERSION": "LATEST",
        "FC_FUNC_CODE_PATH": str(function.code),
        "FC_REGION": "cn-hangzhou",
    }


def test_code_comes_before_the_layers_and_the_host_is_not_importable(
    make: MakeFunction, start: StartHost, tmp_path: Path
) -> None:
    """A module in the code shadows the layer's; the worker's own folder is not on the path."""
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "both.py").write_text("where = 'layer'")
    (layer / "only.py").write_text("where = 'layer'")
    function = make(
        """
        import both, only, sys
        def handler(event, context):
            return {"where": [both.where, only.where], "path": sys.path, "argv": sys.argv,
                    "loaded": [name for name in sys.modules if name.split(".")[0] in ("local", "yaml", "mns")]}
        """
    )
    (function.code / "both.py").write_text("where = 'code'")
    seen = json.loads(start(function, layer_paths=[layer]).invoke("f", b"").payload)
    assert seen["where"] == ["code", "layer"]
    assert seen["path"][:2] == [str(function.code), str(layer)]
    assert not [entry for entry in seen["path"] if entry.endswith("local/host")]
    assert seen["loaded"] == []


def test_the_working_folder_is_the_code(make: MakeFunction, start: StartHost) -> None:
    """Relative paths work as on the platform."""
    function = make("import os\ndef handler(event, context):\n    return os.getcwd()\n")
    assert start(function).invoke("f", b"").payload.decode() == str(function.code)


def test_logging_has_the_platform_s_prefix_and_prints_are_kept(make: MakeFunction, start: StartHost) -> None:
    """`<utc time>Z <request id> [LEVEL] message`, each line in the function's log file."""
    function = make(
        """
        import logging, sys
        def handler(event, context):
            print("printed")
            print("complained", file=sys.stderr)
            logging.getLogger(__name__).info("logged %s", "so")
            context.getLogger().warning("warned")
            return ""
        """
    )
    host = start(function)
    request_id = host.invoke("f", b"").request_id
    log = host.log("f")
    assert "\nprinted\n" in log
    assert "complained\n" in log
    prefix = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z " + request_id
    assert re.search(rf"^{prefix} \[INFO\] logged so$", log, re.MULTILINE)
    assert re.search(rf"^{prefix} \[WARNING\] warned$", log, re.MULTILINE)


def test_large_events_and_answers_pass(make: MakeFunction, start: StartHost) -> None:
    """A payload far above any pipe buffer goes both ways."""
    host = start(make("def handler(event, context):\n    return event[::-1]\n", timeout=20))
    event = bytes(range(256)) * 20_000
    assert host.invoke("f", event).payload == event[::-1]


def test_a_frame_is_read_whole_however_it_comes() -> None:
    """Byte by byte is as good as at once; half a frame is the end of the other side."""
    frame = encode_frame({"op": "x"}, b"body")
    bytewise = iter(frame)
    assert read_frame(lambda _size: bytes([next(bytewise)])) == ({"op": "x"}, b"body")
    half = iter([frame[:10], b""])
    with pytest.raises(EOFError):
        read_frame(lambda _size: next(half)[:_size])
