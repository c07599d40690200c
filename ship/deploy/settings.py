"""What the deployment itself is told, beside the variables of `template.yml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.settings import Setting, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = Setting(
    "DEPLOY_TIMEOUT_SECONDS",
    "900",
    "Seconds in which Serverless Devs publishes the layer, or deploys the functions, before it is stopped (1 to 7200).",
)
# Questions move no files.
QUESTION_SECONDS = 180.0


def timeout_seconds(env: Mapping[str, str]) -> float:
    """For what sends files. Raises SettingError."""
    return float(whole(env, TIMEOUT, 1, 7200))
