"""The project's own template, and every kind of mistake that the component's schema would let through."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from template import variables
from template.checking import check_document, check_template
from template.functions import HttpTrigger, QueueTrigger
from template.magic import TemplateError, env_names
from template.reading import read_functions, read_template

if TYPE_CHECKING:
    from collections.abc import Callable

_ROOT = Path(__file__).parents[1]
_PATH = _ROOT / "template.yml"
_DOCUMENT = yaml.safe_load(_PATH.read_text("utf-8"))
# All that has no safe default.
_ENVIRON = {
    # Or HUAWEI_APPS: the one that is missing is told by the function itself.
    "ALIYUN_PUSH_TOKENS": "made-up",
    "MNS_ENDPOINT": "http://127.0.0.1:1",
    "TABLESTORE_ENDPOINT": "http://127.0.0.1:2",
    "TABLESTORE_INSTANCE": "local",
    "OSS_ENDPOINT": "https://oss-cn-hangzhou.aliyuncs.com",
    "OSS_BUCKET": "receipts-local",
}


def test_the_template_has_no_mistake() -> None:
    """What is deployed is what was meant: keys, limits, ARNs, code and handlers."""
    assert check_template(_PATH, _ENVIRON) == []


@pytest.mark.parametrize("name", sorted(_ENVIRON.keys() - {"ALIYUN_PUSH_TOKENS"}))
def test_a_setting_without_a_safe_default_must_be_set(name: str) -> None:
    """Deploying or starting without it fails with its name, and only these are needed."""
    with pytest.raises(TemplateError, match=f"not set: {name}$"):
        read_functions(_PATH, {key: value for key, value in _ENVIRON.items() if key != name})


def test_the_variables_of_a_deployment_are_those_of_the_code() -> None:
    """Their names and defaults stand in both, and whoever deploys is warned of exactly the placeholders."""
    defaults = env_names(_DOCUMENT)
    assert {variables.CODE_FOLDER, variables.RUNTIME} <= defaults.keys()
    assert defaults[variables.REGION] == variables.DEFAULT_REGION == variables.region({})
    assert defaults[variables.ACCOUNT] == variables.PLACEHOLDER_ACCOUNT
    placeholders = {name for name, default in defaults.items() if variables.PLACEHOLDER_ACCOUNT in (default or "")}
    assert placeholders == {variables.ACCOUNT, variables.ROLE_ARN, variables.LAYER_ARN}


def test_each_function_may_have_a_role_of_its_own() -> None:
    """A role for one function is that function's only; all others have the one that is for all."""
    every, own = "acs:ram::99:role/all", "acs:ram::99:role/own"
    functions = [function.name for function in read_functions(_PATH, _ENVIRON)]
    for name in functions:
        given = {"RECEIPTS_ROLE_ARN": every, f"RECEIPTS_{name.upper()}_ROLE_ARN": own}
        resources = read_template(_PATH, {**_ENVIRON, **given})["resources"]
        roles = {other: resource["props"]["role"] for other, resource in resources.items()}
        assert roles == {**dict.fromkeys(functions, every), name: own}


def test_receive_is_warm_public_and_lets_every_method_through() -> None:
    """Aliyun waits 700 ms, and the code answers 405 itself."""
    receive = {function.name: function for function in read_functions(_PATH, _ENVIRON)}["receive"]
    assert receive.min_instances >= 1
    (trigger,) = receive.triggers
    assert isinstance(trigger, HttpTrigger)
    assert trigger.methods == {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def test_ingest_reads_the_queue_that_receive_writes_and_loses_nothing() -> None:
    """One name for both, a day of tries, then dead letters; a batch in trouble ends before the timeout."""
    functions = {function.name: function for function in read_functions(_PATH, {**_ENVIRON, "RECEIPTS_QUEUE": "q"})}
    (trigger,) = functions["ingest"].triggers
    assert isinstance(trigger, QueueTrigger)
    assert trigger.queue == functions["receive"].environment["RECEIPTS_QUEUE"] == "q"
    assert trigger.retry_strategy == "EXPONENTIAL_DECAY_RETRY"
    assert (trigger.streaming, trigger.go_on_after_errors, trigger.dead_letters) == (True, True, "receipts-dead")
    assert int(functions["ingest"].environment["STORE_BUDGET_SECONDS"]) < functions["ingest"].timeout


def _function(document: dict[str, Any], name: str = "ingest") -> dict[str, Any]:
    props: dict[str, Any] = document["resources"][name]["props"]
    return props


def _trigger(document: dict[str, Any], name: str = "ingest") -> dict[str, Any]:
    trigger: dict[str, Any] = _function(document, name)["triggers"][0]
    return trigger


def _config(document: dict[str, Any], name: str = "ingest") -> dict[str, Any]:
    config: dict[str, Any] = _trigger(document, name)["triggerConfig"]
    return config


def _renamed(node: dict[str, Any], old: str, new: str) -> None:
    node[new] = node.pop(old)


def _timer(**config: Any) -> dict[str, Any]:
    config = {"cronExpression": "0 0 4 * * *", "enable": True, **config}
    return {"triggerName": "t", "triggerType": "timer", "triggerConfig": config}


def _topic(trigger: dict[str, Any] | None = None, **config: Any) -> dict[str, Any]:
    return {
        "triggerName": "t",
        "triggerType": "mns_topic",
        "sourceArn": "acs:mns:cn-hangzhou:99:/topics/receipts",
        "invocationRole": "acs:ram::99:role/notify",
        "triggerConfig": {"notifyContentFormat": "JSON", "notifyStrategy": "BACKOFF_RETRY", **config},
        **(trigger or {}),
    }


# One mistake each, and a word of the complaint.
_MISTAKES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    # Keys.
    (lambda d: _renamed(d, "name", "nmae"), "nmae: unknown"),
    (lambda d: d.update(access="${env('ACCESS', 'default')}"), "template.access"),
    (lambda d: _renamed(d["resources"]["ingest"], "component", "compnent"), "ingest.component: is missing"),
    (lambda d: _renamed(_function(d), "memorySize", "memory"), "memorySize: is missing"),
    (lambda d: _function(d).update(scalngConfig={}), "scalngConfig: unknown"),
    (lambda d: d["template"]["base"]["logConfig"].update(logStore="x"), "logConfig.logStore: unknown"),
    (lambda d: _renamed(_function(d)["instanceLifecycleConfig"], "initializer", "initialiser"), "initialiser: unknown"),
    (lambda d: _function(d, "receive").update(scalingConfig={"minInstance": 1}), "minInstances: is missing"),
    (lambda d: _function(d).update(asyncInvokeConfig={"maxAsyncRetryAttempt": 1}), "maxAsyncRetryAttempt: unknown"),
    (lambda d: _function(d).update(logConfig="auto"), "logConfig: must be a map"),
    # What is not understood at all.
    (lambda d: d["vars"].pop("region"), "vars.region is not defined"),
    # Sizes and limits.
    (lambda d: _function(d).update(memorySize=500), "memorySize: 500"),
    (lambda d: _function(d).update(memorySize=64, cpu=0.05), "memorySize: 64"),
    (lambda d: _function(d).update(cpu=1), "not between 1:1 and 1:4"),
    (lambda d: _function(d).update(memorySize=4096), "not between 1:1 and 1:4"),
    (lambda d: _function(d).update(cpu=0.33), "multiple of 0.05"),
    (lambda d: _function(d).update(timeout=0), "timeout: 0"),
    (lambda d: _function(d).update(timeout="120"), "timeout: 120"),
    (lambda d: _function(d).update(cpu="0.5"), "cpu: 0.5 is not"),
    (lambda d: _function(d).update(timeout=301), "at most 300 s"),
    (lambda d: _function(d).update(diskSize=1024), "diskSize"),
    (lambda d: d["template"]["base"].update(runtime="python3.11"), "python3.11"),
    (lambda d: _function(d).update(role="receipts"), "role: not"),
    (lambda d: _function(d)["instanceLifecycleConfig"]["initializer"].update(timeout=301), "from 1 to 300"),
    (lambda d: d["template"]["base"].update(layers=d["template"]["base"]["layers"] * 6), "more than 5"),
    (lambda d: d["template"]["base"].update(layers=["receipts:1"]), "receipts:1 is not the ARN"),
    # Code.
    (lambda d: _function(d).update(code="./functions/ingset"), "there is no ./functions/ingset/index.py"),
    (lambda d: _function(d).update(handler="main.handler"), "there is no ./functions/ingest/main.py"),
    (lambda d: _function(d).update(handler="index.handle"), "does not define handle"),
    (
        lambda d: _function(d)["instanceLifecycleConfig"]["initializer"].update(handler="index.init"),
        "does not define init",
    ),
    # Environment.
    (lambda d: _function(d)["environmentVariables"].update(STORE_BUDGET_SECONDS=60), "must be a string"),
    (lambda d: _function(d)["environmentVariables"].update(FC_REGION="x"), "FC_REGION: not a name"),
    (lambda d: _function(d)["environmentVariables"].update({"TABLE-PREFIX": "x"}), "TABLE-PREFIX: not a name"),
    (lambda d: _function(d)["environmentVariables"].update(LONG="x" * 4096), "4096 bytes or more"),
    (lambda d: _function(d)["environmentVariables"].update(API_SECRET="s"), "a secret must be"),
    (
        lambda d: _function(d, "receive")["environmentVariables"].update(ALIYUN_PUSH_TOKENS="${env('T', 'x')}"),
        "ALIYUN_PUSH_TOKENS: a secret must be",
    ),
    (lambda d: _function(d).update(description="LTAI" + "5t" * 8), "access key id"),
    # Triggers of any kind.
    (lambda d: _renamed(_trigger(d), "triggerName", "name"), "triggerName: is missing"),
    (lambda d: _trigger(d).update(triggerType="eventBridge"), "eventBridge is not one of"),
    (lambda d: _function(d)["triggers"].append(_trigger(d)), "is there twice"),
    (lambda d: _function(d).update(triggers=[{**_timer(), "triggerName": str(n)} for n in range(11)]), "more than 10"),
    # HTTP.
    (lambda d: _config(d, "receive").update(methods=["POTS"]), "methods: must be"),
    (lambda d: _config(d, "receive").update(methods=[]), "methods: must be"),
    (lambda d: _config(d, "receive").update(authType="none"), "authType: none"),
    (lambda d: _renamed(_config(d, "receive"), "methods", "method"), "method: unknown"),
    # Queue.
    (lambda d: _renamed(_config(d), "runOptions", "runOption"), "runOptions: is missing"),
    (lambda d: _renamed(_config(d)["runOptions"]["batchWindow"], "CountBasedWindow", "countBasedWindow"), "unknown"),
    (lambda d: _config(d)["runOptions"]["batchWindow"].update(CountBasedWindow=0), "CountBasedWindow: not"),
    (lambda d: _config(d)["runOptions"]["batchWindow"].update(TimeBasedWindow=16), "TimeBasedWindow: not"),
    (lambda d: _config(d)["runOptions"]["batchWindow"].update(TimeBasedWindow="1"), "TimeBasedWindow: not"),
    (lambda d: _config(d)["runOptions"].update(mode="streaming"), "mode: streaming"),
    (lambda d: _config(d)["runOptions"].update(mode="event-driven"), "knows no batches"),
    (lambda d: _config(d)["runOptions"].update(errorsTolerance="SOME"), "errorsTolerance: SOME"),
    (lambda d: _config(d)["runOptions"]["retryStrategy"].update(PushRetryStrategy="BOGUS"), "BOGUS"),
    (lambda d: _config(d)["runOptions"]["deadLetterQueue"].update(Arn="receipts-dead"), "Arn: not the ARN"),
    (lambda d: _config(d)["eventSinkConfig"]["deliveryOption"].update(eventSchema="CloudEvent"), "eventSchema"),
    (lambda d: _config(d)["eventSourceConfig"].update(eventSourceType="Kafka"), "eventSourceType: Kafka"),
    (
        lambda d: _config(d)["eventSourceConfig"]["eventSourceParameters"]["sourceMNSParameters"].update(
            RegionId="cn-shanghai"
        ),
        "RegionId: the queue must be",
    ),
    (lambda d: _config(d).update(eventRuleFilterPattern="{"), "eventRuleFilterPattern: not JSON"),
    (lambda d: _config(d).update(asyncInvocationType="false"), "asyncInvocationType: false is not"),
    # Timer.
    (lambda d: _function(d).update(triggers=[_timer(cronExpression="* * * * *")]), "has not 6 fields"),
    (lambda d: _function(d).update(triggers=[_timer(cronExpression="@every 1h")]), "cronExpression"),
    (lambda d: _function(d).update(triggers=[_timer(enable="yes")]), "enable: yes"),
    (lambda d: _function(d).update(triggers=[_timer(payload="x" * 131073)]), "more than 128 KB"),
    (lambda d: _function(d).update(triggers=[_timer(cron="x")]), "cron: unknown"),
    # Topic.
    (lambda d: _function(d).update(triggers=[_topic(notifyStrategy="BOGUS")]), "notifyStrategy: BOGUS"),
    (lambda d: _function(d).update(triggers=[_topic(notifyContentFormat="XML")]), "notifyContentFormat: XML"),
    (lambda d: _function(d).update(triggers=[_topic(filterTag="x" * 17)]), "longer than 16"),
    (lambda d: _function(d).update(triggers=[_topic({"sourceArn": "acs:mns:cn-beijing:99:/topics/r"})]), "sourceArn"),
    (lambda d: _function(d).update(triggers=[_topic({"invocationRole": "notify"})]), "invocationRole"),
]


@pytest.mark.parametrize(("mistake", "complaint"), _MISTAKES, ids=[complaint for _, complaint in _MISTAKES])
def test_each_mistake_is_found(mistake: Callable[[dict[str, Any]], object], complaint: str) -> None:
    """A copy of the template with one thing wrong has that complaint."""
    document = copy.deepcopy(_DOCUMENT)
    mistake(document)
    problems = check_document(document, _ENVIRON, _ROOT)
    assert [problem for problem in problems if complaint in problem]


@pytest.mark.parametrize("trigger", [_timer(), _timer(cronExpression="@every 1m", payload="{}"), _topic(filterTag="x")])
def test_triggers_that_are_right_have_no_complaint(trigger: dict[str, Any]) -> None:
    """The kinds that the template does not use yet."""
    document = copy.deepcopy(_DOCUMENT)
    _function(document)["triggers"] = [trigger]
    assert check_document(document, _ENVIRON, _ROOT) == []
