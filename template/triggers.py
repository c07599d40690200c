"""Says what is wrong in a trigger of a template."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from template.cron import CronError, fire_times
from template.keys import TRIGGER, TRIGGER_CONFIGS, is_number
from template.strategies import BACKOFF, EXPONENTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
_STRATEGIES = (BACKOFF, EXPONENTIAL)
_QUEUE_ARN = re.compile(r"acs:mns:[\w-]+:\d+:/queues/[\w-]+")
_PAYLOAD_BYTES = 128 * 1024
_QUEUE_FUNCTION_SECONDS = 300
_FILTER_TAG = 16


def trigger_problems(trigger: dict[str, Any], props: dict[str, Any], place: str) -> Iterator[str]:
    """What is wrong in one trigger of the function that has these `props`."""
    incomplete = list(TRIGGER.problems(trigger, place))
    kind = str(trigger.get("triggerType"))
    if kind in TRIGGER_CONFIGS:
        incomplete += TRIGGER_CONFIGS[kind].problems(trigger.get("triggerConfig"), f"{place}.triggerConfig")
    else:
        incomplete.append(f"{place}.triggerType: {kind} is not one of {', '.join(TRIGGER_CONFIGS)}")
    yield from incomplete
    if incomplete:
        return
    check = {"http": _http, "timer": _timer, "mns_topic": _topic, "eventbridge": _queue}[kind]
    for problem in check(trigger, trigger["triggerConfig"], props):
        yield f"{place}.{problem}"


def _one_of(value: object, key: str, *allowed: object) -> Iterator[str]:
    if value not in allowed:
        yield f"{key}: {value} is not one of {', '.join(map(str, allowed))}"


def _http(_trigger: dict[str, Any], config: dict[str, Any], _props: dict[str, Any]) -> Iterator[str]:
    yield from _one_of(config["authType"], "authType", "anonymous", "function", "jwt")
    if not config["methods"] or not set(config["methods"]) <= _METHODS:
        yield f"methods: must be some of {', '.join(sorted(_METHODS))}"


def _timer(_trigger: dict[str, Any], config: dict[str, Any], _props: dict[str, Any]) -> Iterator[str]:
    try:
        fire_times(config["cronExpression"], datetime.now(timezone.utc))
    except CronError as error:
        yield f"cronExpression: {error}"
    yield from _one_of(config["enable"], "enable", True, False)
    if len(config.get("payload", "").encode()) > _PAYLOAD_BYTES:
        yield "payload: more than 128 KB"


def _topic(trigger: dict[str, Any], config: dict[str, Any], props: dict[str, Any]) -> Iterator[str]:
    yield from _one_of(config["notifyContentFormat"], "notifyContentFormat", "JSON", "STREAM")
    yield from _one_of(config["notifyStrategy"], "notifyStrategy", *_STRATEGIES)
    if len(config.get("filterTag", "")) > _FILTER_TAG:
        yield f"filterTag: longer than {_FILTER_TAG}"
    if not re.fullmatch(rf"acs:mns:{props['region']}:\d+:/topics/[\w-]+", trigger.get("sourceArn", "")):
        yield "sourceArn: not the ARN of a topic in the function's region"
    if not re.fullmatch(r"acs:ram::\d+:role/[\w.-]+", trigger.get("invocationRole", "")):
        yield "invocationRole: not the ARN of a role"


def _queue(_trigger: dict[str, Any], config: dict[str, Any], props: dict[str, Any]) -> Iterator[str]:
    source, run = config["eventSourceConfig"], config["runOptions"]
    for key in ("triggerEnable", "asyncInvocationType"):
        yield from _one_of(config[key], key, True, False)
    try:
        json.loads(config["eventRuleFilterPattern"])
    except ValueError:
        yield "eventRuleFilterPattern: not JSON"
    yield from _one_of(source["eventSourceType"], "eventSourceType", "MNS")
    if source["eventSourceParameters"]["sourceMNSParameters"]["RegionId"] != props["region"]:
        yield "RegionId: the queue must be in the function's region"
    schema = config["eventSinkConfig"]["deliveryOption"]["eventSchema"]
    yield from _one_of(schema, "eventSchema", "CloudEvents", "RawData")
    yield from _run_options(run)
    if not is_number(props["timeout"], 1, _QUEUE_FUNCTION_SECONDS):
        yield f"timeout: a function of a queue trigger may take at most {_QUEUE_FUNCTION_SECONDS} s"


def _run_options(run: dict[str, Any]) -> Iterator[str]:
    yield from _one_of(run["mode"], "mode", "event-streaming", "event-driven")
    yield from _one_of(run["errorsTolerance"], "errorsTolerance", "ALL", "NONE")
    yield from _one_of(run["retryStrategy"]["PushRetryStrategy"], "PushRetryStrategy", *_STRATEGIES)
    if "deadLetterQueue" in run and not _QUEUE_ARN.fullmatch(run["deadLetterQueue"]["Arn"]):
        yield "deadLetterQueue.Arn: not the ARN of a queue"
    window = run.get("batchWindow")
    if window is None:
        return
    if run["mode"] == "event-driven":
        yield "batchWindow: event-driven knows no batches"
    if not is_number(window["CountBasedWindow"], 1, 10000):
        yield "CountBasedWindow: not from 1 to 10000"
    if not is_number(window["TimeBasedWindow"], 0, 15):
        yield "TimeBasedWindow: not from 0 to 15"
