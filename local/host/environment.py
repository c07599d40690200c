"""The environment of an instance's process: the template's variables, the platform's, and nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from template.functions import Function

# What the interpreter itself needs of this machine.
_OF_THIS_MACHINE = ("PATH", "LD_LIBRARY_PATH")


def instance_environment(
    function: Function, platform: Mapping[str, str], account_id: str, instance_id: str
) -> dict[str, str]:
    """Every variable that the process of one instance gets.

    Args:
        function: whose variables come first; the platform's names are reserved and win.
        platform: what the platform adds for every function (credentials).
        account_id: the account's number.
        instance_id: unique per instance.
    """
    inherited = {name: value for name, value in os.environ.items() if name in _OF_THIS_MACHINE}
    return {
        **inherited,
        **function.environment,
        **platform,
        "FC_ACCOUNT_ID": account_id,
        "FC_FUNCTION_HANDLER": function.handler,
        "FC_FUNCTION_MEMORY_SIZE": str(function.memory),
        "FC_FUNCTION_NAME": function.deployed_name,
        "FC_FUNCTION_VERSION": "LATEST",
        "FC_FUNC_CODE_PATH": str(function.code),
        "FC_INSTANCE_ID": instance_id,
        "FC_REGION": function.region,
    }
