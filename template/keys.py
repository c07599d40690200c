"""The keys of a Serverless Devs template with the fc3 component, as far as this project may use them.

The component's own schema lets unknown and misspelt keys pass, so a slip of the pen would be deployed as a
setting that silently is not set. Sources: schema of fc3 0.1.22, models of the FC 3.0 API.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Keys:
    """The keys of a map; each leads to the keys of its own value, or to None where that is not a map."""

    required: Mapping[str, Keys | None] = field(default_factory=dict)
    optional: Mapping[str, Keys | None] = field(default_factory=dict)

    def problems(self, node: Any, place: str) -> Iterator[str]:
        """What is unknown, missing or of the wrong kind in `node`, which stands at `place`."""
        if not isinstance(node, dict):
            yield f"{place}: must be a map"
            return
        for name in self.required.keys() - node.keys():
            yield f"{place}.{name}: is missing"
        known = {**self.required, **self.optional}
        for name, value in node.items():
            if name not in known:
                yield f"{place}.{name}: unknown key"
            elif (inner := known[name]) is not None:
                yield from inner.problems(value, f"{place}.{name}")


def is_number(value: Any, low: float, high: float) -> bool:
    """Whether `value` is a number (not a string that looks like one) from `low` to `high`."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _leaves(*names: str) -> dict[str, Keys | None]:
    return dict.fromkeys(names)


DOCUMENT = Keys(_leaves("edition", "name", "access", "resources"), _leaves("vars", "template"))
RESOURCE = Keys(
    {**_leaves("component"), "props": None},
    {"extend": Keys(_leaves("name"), _leaves("ignore")), "actions": None},
)

_HOOK = Keys(_leaves("handler", "timeout"))
PROPS = Keys(
    _leaves("functionName", "region", "runtime", "handler", "code", "cpu", "memorySize", "timeout", "role"),
    {
        **_leaves("description", "diskSize", "internetAccess", "layers", "environmentVariables", "triggers", "tags"),
        "logConfig": Keys(
            _leaves("project", "logstore"),
            _leaves("enableRequestMetrics", "enableInstanceMetrics", "logBeginRule"),
        ),
        "instanceLifecycleConfig": Keys(optional={"initializer": _HOOK, "preStop": _HOOK}),
        "asyncInvokeConfig": Keys(
            optional={
                **_leaves("maxAsyncRetryAttempts", "maxAsyncEventAgeInSeconds"),
                "destinationConfig": Keys(
                    optional={"onFailure": Keys(_leaves("destination")), "onSuccess": Keys(_leaves("destination"))}
                ),
            }
        ),
        "scalingConfig": Keys(_leaves("minInstances"), _leaves("enableOnDemandScaling")),
        "concurrencyConfig": Keys(_leaves("reservedConcurrency")),
        "vpcConfig": Keys(_leaves("vpcId", "vSwitchIds", "securityGroupId")),
    },
)

TRIGGER = Keys(
    _leaves("triggerName", "triggerType", "triggerConfig"),
    _leaves("qualifier", "sourceArn", "invocationRole", "description"),
)
TRIGGER_CONFIGS: Mapping[str, Keys] = {
    "http": Keys(_leaves("authType", "methods"), _leaves("disableURLInternet")),
    "timer": Keys(_leaves("cronExpression", "enable"), _leaves("payload")),
    "mns_topic": Keys(_leaves("notifyContentFormat", "notifyStrategy"), _leaves("filterTag")),
    "eventbridge": Keys(
        {
            **_leaves("triggerEnable", "asyncInvocationType", "eventRuleFilterPattern"),
            "eventSourceConfig": Keys(
                {
                    **_leaves("eventSourceType"),
                    "eventSourceParameters": Keys(
                        {"sourceMNSParameters": Keys(_leaves("RegionId", "QueueName", "IsBase64Decode"))}
                    ),
                }
            ),
            "eventSinkConfig": Keys({"deliveryOption": Keys(_leaves("eventSchema"))}),
            "runOptions": Keys(
                {**_leaves("mode", "errorsTolerance"), "retryStrategy": Keys(_leaves("PushRetryStrategy"))},
                {
                    "batchWindow": Keys(_leaves("CountBasedWindow", "TimeBasedWindow")),
                    "deadLetterQueue": Keys(_leaves("Arn")),
                },
            ),
        }
    ),
}
