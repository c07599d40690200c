"""Reads a Serverless Devs v3 template: resolves it, and gives its functions typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from template.functions import Function, Hook, HttpTrigger, QueueTrigger, TimerTrigger, TopicTrigger
from template.magic import Resolver, TemplateError
from template.strategies import BACKOFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from template.functions import Trigger

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yml"


def read_template(path: Path, environ: Mapping[str, str], *, strict: bool = True) -> dict[str, Any]:
    """The template as one document: magic values replaced, `extend` merged in.

    Args:
        path: the file.
        environ: where `${env('X')}` looks.
        strict: every variable without a default must be set; otherwise one that is not stands as an empty string.

    Raises:
        TemplateError: names the variables that are not set, or what else is wrong.
    """
    return resolve_template(yaml.safe_load(path.read_text("utf-8")), environ, strict=strict)


def resolve_template(document: Any, environ: Mapping[str, str], *, strict: bool = True) -> dict[str, Any]:
    """`read_template` for a document that was parsed already."""
    if not isinstance(document, dict) or not isinstance(document.get("resources"), dict):
        raise TemplateError("the template has no resources")
    resolver = Resolver(document.get("vars") or {}, environ)
    resolved = resolver.resolve({key: value for key, value in document.items() if key != "vars"})
    if strict and resolver.missing:
        missing = ", ".join(resolver.missing)
        raise TemplateError(f"the template needs these environment variables, which are not set: {missing}")
    bases = resolved.get("template") or {}
    for name, resource in resolved["resources"].items():
        resource["props"] = _extended(name, resource, bases)
    return dict(resolved)


def read_functions(path: Path, environ: Mapping[str, str]) -> list[Function]:
    """The functions of a template, in its order; code folders are relative to the template's.

    Raises:
        TemplateError: as `read_template`, or a required key of a function is missing.
    """
    resolved = read_template(path, environ)
    return [_read(name, resource["props"], path.parent) for name, resource in resolved["resources"].items()]


def names(path: Path) -> list[str]:
    """What a template calls its functions, in its order. Raises TemplateError."""
    return list(read_template(path, {}, strict=False)["resources"])


def deployed_name(function: str, path: Path, environ: Mapping[str, str]) -> str:
    """The `functionName` of a resource of the template; any other name as it is.

    Who asks need not have the settings of who deploys. Raises TemplateError.
    """
    resource = read_template(path, environ, strict=False)["resources"].get(function)
    return str(resource["props"]["functionName"]) if resource else function


def _read(name: str, props: dict[str, Any], root: Path) -> Function:
    try:
        return _function(name, props, root)
    except (KeyError, TypeError) as error:
        raise TemplateError(f"resources.{name}.props is incomplete: {error}") from error


def _extended(name: str, resource: dict[str, Any], bases: dict[str, Any]) -> dict[str, Any]:
    props: dict[str, Any] = resource.get("props") or {}
    extend = resource.get("extend")
    if not extend:
        return props
    if extend["name"] not in bases:
        raise TemplateError(f"resources.{name} extends {extend['name']!r}, which template does not define")
    ignored = extend.get("ignore") or []
    base = {key: value for key, value in bases[extend["name"]].items() if key not in ignored}
    return _merged(base, props)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Maps merge key by key; anything else, arrays too, is replaced."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _function(name: str, props: dict[str, Any], root: Path) -> Function:
    hooks = props.get("instanceLifecycleConfig") or {}
    log = props.get("logConfig")
    return Function(
        name=name,
        function_name=props["functionName"],
        handler=props["handler"],
        code=(root / props["code"]).resolve(),
        runtime=props["runtime"],
        region=props["region"],
        # The component's own defaults.
        timeout=float(props.get("timeout", 3)),
        memory=int(props.get("memorySize", 512)),
        environment=dict(props.get("environmentVariables") or {}),
        initializer=_hook(hooks.get("initializer")),
        pre_stop=_hook(hooks.get("preStop")),
        triggers=tuple(_trigger(trigger) for trigger in props.get("triggers") or ()),
        min_instances=int((props.get("scalingConfig") or {}).get("minInstances", 0)),
        max_instances=(props.get("concurrencyConfig") or {}).get("reservedConcurrency"),
        async_retries=int((props.get("asyncInvokeConfig") or {}).get("maxAsyncRetryAttempts", 3)),
        log={key: log[key] if isinstance(log, dict) else "" for key in ("project", "logstore")},
    )


def _hook(config: dict[str, Any] | None) -> Hook | None:
    return Hook(config["handler"], float(config.get("timeout", 3))) if config else None


def _trigger(trigger: dict[str, Any]) -> Trigger:
    name, config = trigger["triggerName"], trigger["triggerConfig"]
    match trigger["triggerType"]:
        case "http":
            if config["authType"] != "anonymous":
                raise TemplateError(f"trigger {name}: only anonymous HTTP triggers are served here")
            return HttpTrigger(name, frozenset(config["methods"]))
        case "timer":
            return TimerTrigger(name, config["cronExpression"], config.get("payload", ""), config["enable"])
        case "mns_topic":
            topic = trigger["sourceArn"].rpartition("/topics/")[2]
            return TopicTrigger(name, topic, config.get("notifyContentFormat") == "JSON")
        case "eventbridge" if config["eventSourceConfig"]["eventSourceType"] == "MNS":
            return _queue_trigger(name, config)
        case other:
            raise TemplateError(f"trigger {name}: type {other} is not served here")


def _queue_trigger(name: str, config: dict[str, Any]) -> QueueTrigger:
    source = config["eventSourceConfig"]["eventSourceParameters"]["sourceMNSParameters"]
    run = config["runOptions"]
    window = run.get("batchWindow") or {}
    dead_letters = (run.get("deadLetterQueue") or {}).get("Arn")
    return QueueTrigger(
        name=name,
        queue=source["QueueName"],
        region=source["RegionId"],
        base64_decode=bool(source.get("IsBase64Decode", True)),
        streaming=run.get("mode") == "event-streaming",
        raw_data=config["eventSinkConfig"]["deliveryOption"].get("eventSchema") == "RawData",
        go_on_after_errors=run.get("errorsTolerance") == "ALL",
        retry_strategy=(run.get("retryStrategy") or {}).get("PushRetryStrategy", BACKOFF),
        batch_count=int(window.get("CountBasedWindow", 1)),
        batch_seconds=float(window.get("TimeBasedWindow", 0)),
        dead_letters=dead_letters.rpartition("queues/")[2] if dead_letters else None,
        enabled=bool(config["triggerEnable"]),
    )
