"""Reading a Serverless Devs template."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from template.functions import Hook, HttpTrigger, QueueTrigger, TimerTrigger, TopicTrigger
from template.magic import TemplateError, env_names
from template.reading import deployed_name, names, read_functions, read_template

if TYPE_CHECKING:
    from pathlib import Path

_BASE = """
edition: 3.0.0
name: n
access: default
vars:
  region: ${env('REGION', 'cn-hangzhou')}
  nested: {size: 512, name: 'in-${vars.region}'}
template:
  base:
    region: ${vars.region}
    runtime: python3.12
    memorySize: ${vars.nested.size}
    layers: [a, b]
    environmentVariables: {ONE: base, TWO: "${env('TWO')}"}
resources:
  f:
    component: fc3
    extend: {name: base}
    props:
      functionName: deployed
      handler: index.handler
      code: ./functions/f
      layers: [c]
      environmentVariables: {ONE: "${vars.nested.name}-${env('X','')}", THREE: '3'}
"""


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "template.yml"
    path.write_text(textwrap.dedent(text), "utf-8")
    return path


def _props(tmp_path: Path, environ: dict[str, str], text: str = _BASE) -> dict[str, Any]:
    props: dict[str, Any] = read_template(_write(tmp_path, text), environ)["resources"]["f"]["props"]
    return props


def test_values_are_resolved_and_bases_merged(tmp_path: Path) -> None:
    """Variables keep their type, maps merge, arrays are replaced."""
    props = _props(tmp_path, {"TWO": "2", "X": "x"})
    assert props["memorySize"] == 512
    assert props["layers"] == ["c"]
    assert props["environmentVariables"] == {"ONE": "in-cn-hangzhou-x", "TWO": "2", "THREE": "3"}
    assert _props(tmp_path, {"TWO": "2", "REGION": "cn-shanghai"})["region"] == "cn-shanghai"


def test_an_ignored_key_is_not_inherited(tmp_path: Path) -> None:
    """`extend.ignore` leaves it out."""
    text = _BASE.replace("{name: base}", "{name: base, ignore: [environmentVariables, memorySize]}")
    props = _props(tmp_path, {"TWO": "2"}, text)
    assert props["environmentVariables"] == {"ONE": "in-cn-hangzhou-", "THREE": "3"}
    assert "memorySize" not in props


def test_every_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    """In one message, so that one run is enough; an empty value is none, as in Serverless Devs."""
    text = _BASE + "      description: ${env('ANOTHER')}\n"
    with pytest.raises(TemplateError, match=r"not set: TWO, ANOTHER$"):
        read_template(_write(tmp_path, text), {})
    with pytest.raises(TemplateError, match=r"not set: TWO$"):
        read_template(_write(tmp_path, _BASE), {"TWO": ""})
    assert _props(tmp_path, {"TWO": "2", "REGION": "", "X": ""})["region"] == "cn-hangzhou"


def test_who_deploys_nothing_needs_no_settings(tmp_path: Path) -> None:
    """A build, and whoever asks for names: what is not set is left empty, everything else stands as always."""
    path = _write(tmp_path, _BASE.replace("functionName: deployed", "functionName: \"${env('PREFIX', 'a')}-f\""))
    props = read_template(path, {}, strict=False)["resources"]["f"]["props"]
    assert props["environmentVariables"]["TWO"] == ""
    assert (props["region"], props["layers"]) == ("cn-hangzhou", ["c"])
    assert names(path) == ["f"]
    assert deployed_name("f", path, {"PREFIX": "b"}) == "b-f"
    assert deployed_name("somebody-elses", path, {}) == "somebody-elses"


def test_every_variable_is_known_with_its_default() -> None:
    """Wherever it stands; None for one that must be set."""
    assert env_names(yaml.safe_load(_BASE)) == {"REGION": "cn-hangzhou", "TWO": None, "X": ""}


@pytest.mark.parametrize(
    ("given", "expected"), [({}, "in-cn-hangzhou"), ({"F": ""}, "in-cn-hangzhou"), ({"F": "own"}, "own")]
)
def test_another_variable_may_be_the_default(tmp_path: Path, given: dict[str, str], expected: str) -> None:
    """`${env('F', vars.x)}`, as Serverless Devs 3.1 has it; with a default, an empty value is taken for none."""
    text = _BASE.replace("THREE: '3'", "THREE: \"${env('F', vars.nested.name)}\"")
    assert _props(tmp_path, {"TWO": "2", **given}, text)["environmentVariables"]["THREE"] == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("${vars.region}", "${vars.regoin}", "vars.regoin is not defined"),
        ("512", "'${vars.nested.size}'", "refers to itself"),
        ("[a, b]", "[\"${file('x')}\"]", "file"),
        ("[a, b]", "['${resources.f.output.x}']", "resources"),
        ("{name: base}", "{name: bsae}", "'bsae'"),
        ("resources:", "resuorces:", "no resources"),
    ],
)
def test_what_cannot_be_resolved_is_an_error_with_its_name(tmp_path: Path, old: str, new: str, message: str) -> None:
    """No placeholder is ever passed on."""
    with pytest.raises(TemplateError, match=message):
        read_template(_write(tmp_path, _BASE.replace(old, new)), {"TWO": "2"})


@pytest.mark.parametrize("key", ["handler: index.handler", "code: ./functions/f", "functionName: deployed"])
def test_a_function_without_a_required_key_is_an_error(tmp_path: Path, key: str) -> None:
    """It names the resource and the key."""
    text = _BASE.replace(key, "description: x", 1)
    with pytest.raises(TemplateError, match=rf"resources\.f\.props.*{key.partition(':')[0]}"):
        read_functions(_write(tmp_path, text), {"TWO": "2"})


def test_the_defaults_of_the_component(tmp_path: Path) -> None:
    """What a function gets that says nothing."""
    text = _BASE.replace("    memorySize: ${vars.nested.size}\n", "")
    (function,) = read_functions(_write(tmp_path, text), {"TWO": "2"})
    assert (function.timeout, function.memory, function.async_retries) == (3.0, 512, 3)
    assert (function.min_instances, function.max_instances, function.triggers) == (0, None, ())
    assert (function.name, function.deployed_name) == ("f", "deployed")
    assert function.code == tmp_path / "functions" / "f"


_TRIGGERS = """
      timeout: 60
      logConfig: {project: p, logstore: l}
      scalingConfig: {minInstances: 1}
      concurrencyConfig: {reservedConcurrency: 2}
      asyncInvokeConfig: {maxAsyncRetryAttempts: 0}
      instanceLifecycleConfig:
        initializer: {handler: index.initialize, timeout: 30}
        preStop: {handler: index.pre_stop, timeout: 10}
      triggers:
        - triggerName: web
          triggerType: http
          triggerConfig: {authType: anonymous, methods: [GET, POST]}
        - triggerName: tick
          triggerType: timer
          triggerConfig: {cronExpression: '@every 1m', enable: true, payload: p}
        - triggerName: topic
          triggerType: mns_topic
          sourceArn: acs:mns:cn-hangzhou:99:/topics/receipts
          triggerConfig: {notifyContentFormat: STREAM, notifyStrategy: BACKOFF_RETRY}
        - triggerName: queue
          triggerType: eventbridge
          triggerConfig:
            triggerEnable: true
            asyncInvocationType: false
            eventRuleFilterPattern: '{}'
            eventSourceConfig:
              eventSourceType: MNS
              eventSourceParameters:
                sourceMNSParameters: {RegionId: cn-hangzhou, QueueName: receipts, IsBase64Decode: true}
            eventSinkConfig: {deliveryOption: {eventSchema: RawData}}
            runOptions:
              mode: event-streaming
              errorsTolerance: ALL
              retryStrategy: {PushRetryStrategy: EXPONENTIAL_DECAY_RETRY}
              batchWindow: {CountBasedWindow: 100, TimeBasedWindow: 2}
              deadLetterQueue: {Arn: 'acs:mns:cn-hangzhou:99:/queues/dead'}
"""


def test_hooks_limits_and_every_kind_of_trigger(tmp_path: Path) -> None:
    """As typed values."""
    (function,) = read_functions(_write(tmp_path, _BASE + _TRIGGERS), {"TWO": "2"})
    assert function.initializer == Hook("index.initialize", 30.0)
    assert function.pre_stop == Hook("index.pre_stop", 10.0)
    assert (function.timeout, function.min_instances, function.max_instances, function.async_retries) == (60, 1, 2, 0)
    assert function.log == {"project": "p", "logstore": "l"}
    assert function.triggers == (
        HttpTrigger("web", frozenset({"GET", "POST"})),
        TimerTrigger("tick", "@every 1m", "p", enabled=True),
        TopicTrigger("topic", "receipts", json_format=False),
        QueueTrigger(
            name="queue",
            queue="receipts",
            region="cn-hangzhou",
            base64_decode=True,
            streaming=True,
            raw_data=True,
            go_on_after_errors=True,
            retry_strategy="EXPONENTIAL_DECAY_RETRY",
            batch_count=100,
            batch_seconds=2.0,
            dead_letters="dead",
            enabled=True,
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("authType: anonymous", "authType: function", "anonymous"),
        ("triggerType: timer", "triggerType: oss", "oss"),
        ("eventSourceType: MNS", "eventSourceType: Kafka", "eventbridge"),
    ],
)
def test_triggers_that_the_host_cannot_play_are_errors(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A function must not silently rest."""
    text = (_BASE + _TRIGGERS).replace(old, new)
    with pytest.raises(TemplateError, match=message):
        read_functions(_write(tmp_path, text), {"TWO": "2"})
