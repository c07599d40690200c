"""The environment variables that say where `template.yml` is deployed and with what, and the defaults it gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "RECEIPTS_ACCOUNT_ID"
REGION = "RECEIPTS_REGION"
# The role of every function that is not given one of its own.
ROLE_ARN = "RECEIPTS_ROLE_ARN"
LAYER_ARN = "RECEIPTS_LAYER_ARN"
# Where the functions' code lies.
CODE_FOLDER = "RECEIPTS_CODE"
RUNTIME = "RECEIPTS_RUNTIME"

# Whose defaults hold it are placeholders: good enough on a laptop, never for a deployment.
PLACEHOLDER_ACCOUNT = "1000000000000000"
DEFAULT_REGION = "cn-hangzhou"


def region(env: Mapping[str, str]) -> str:
    """The region that the functions are deployed to, as `env` has it or by default."""
    return (env.get(REGION) or DEFAULT_REGION).strip()
