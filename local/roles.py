"""The roles of the functions on this machine: each has a temporary key of its own and the rights of its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.access import AccessKey
from local.cloud.ram import Policy
from ops.policies.documents import document, filled
from ops.policies.values import values
from template.variables import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.cloud.ram import Identities


class TemporaryKey(NamedTuple):
    """A key as the platform hands it to a function."""

    key: AccessKey
    token: str


def role(function: str) -> TemporaryKey:
    """The key of a function's role: always the same, so that `make invoke` has it too."""
    key = AccessKey(f"STS.local-{function}", f"local-secret-of-{function}")
    return TemporaryKey(key, f"local-token-of-{function}")


def environment_of(key: AccessKey, token: str = "") -> dict[str, str]:
    """The variables that a key is found in, by functions and by the operator's commands."""
    environment = {"ALIBABA_CLOUD_ACCESS_KEY_ID": key.key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret}
    return {**environment, "ALIBABA_CLOUD_SECURITY_TOKEN": token} if token else environment


def environments(functions: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the platform adds to the instances of each function: the key of its role."""
    return {function: environment_of(*role(function)) for function in functions}


def attach(identities: Identities, functions: Iterable[str], env: Mapping[str, str]) -> None:
    """Give the role of each function what `policies/<function>.json` says, and nothing else.

    Args:
        identities: of the cloud's account.
        functions: names in the template.
        env: the settings that fill in the policies.

    Raises:
        NoPolicy: a function has none. SettingError: a name for them is missing. PolicyError: one is not understood.
    """
    known = values({**env, ACCOUNT: identities.account, REGION: identities.region})
    for function in functions:
        key, token = role(function)
        identities.attach(key, Policy.read(filled(document(function), known)), token=token)
