"""What `template.yml` gives each function: read from it, so that the cost follows whoever changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.cost.billing import Size
from template.reading import TEMPLATE, read_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Whatever must be set for the template to be read; no size depends on it.
NEEDED = dict.fromkeys(
    ("MNS_ENDPOINT", "TABLESTORE_ENDPOINT", "TABLESTORE_INSTANCE", "OSS_ENDPOINT", "OSS_BUCKET"), "unset"
)
MB_OF_A_GB = 1024


class Deployed(NamedTuple):
    """A function as it is deployed.

    Attributes:
        size: of an instance.
        warm: instances that are kept warm.
        most: how many instances it may have; None for as many as the region allows.
        window: messages and seconds after which a batch goes out; None without a queue.
        every_minutes: between two ticks of its timer; None without one.
        environment: its variables.
    """

    size: Size
    warm: int
    most: int | None
    window: tuple[int, float] | None
    every_minutes: int | None
    environment: Mapping[str, str]


def deployed(path: Path = TEMPLATE) -> dict[str, Deployed]:
    """Every function of the template, by the name of its resource; with the template's own defaults."""
    resources = read_template(path, NEEDED)["resources"]
    return {name: _deployed(resource["props"]) for name, resource in resources.items()}


def _deployed(props: Mapping[str, Any]) -> Deployed:
    triggers = [trigger["triggerConfig"] for trigger in props["triggers"]]
    windows = [_window(config["runOptions"]) for config in triggers if "runOptions" in config]
    crons = [config["cronExpression"] for config in triggers if "cronExpression" in config]
    return Deployed(
        size=Size(float(props["cpu"]), props["memorySize"] / MB_OF_A_GB, props["diskSize"] / MB_OF_A_GB),
        warm=int((props.get("scalingConfig") or {}).get("minInstances", 0)),
        most=(props.get("concurrencyConfig") or {}).get("reservedConcurrency"),
        window=windows[0] if windows else None,
        every_minutes=_minutes(crons[0]) if crons else None,
        environment=props["environmentVariables"],
    )


def _window(options: Mapping[str, Any]) -> tuple[int, float]:
    window = options.get("batchWindow") or {}
    return int(window.get("CountBasedWindow", 1)), float(window.get("TimeBasedWindow", 0))


def _minutes(cron: str) -> int:
    return int(cron.removeprefix("@every ").removesuffix("m"))
