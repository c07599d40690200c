"""Where a function's key pair comes from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from receipts.credentials import Credentials, of
from receipts.errors import SettingError

ENV = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "env-id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "env-secret"}
TOKEN = {"ALIBABA_CLOUD_SECURITY_TOKEN": "env-token"}


def context(key_id: str | None, token: str | None = None) -> Any:
    """An invocation's context with these keys."""
    return SimpleNamespace(
        credentials=SimpleNamespace(access_key_id=key_id, access_key_secret="ctx-secret", security_token=token)
    )


@pytest.mark.parametrize(
    ("given", "env", "expected"),
    [
        (context("ctx-id", token="ctx-token"), {**ENV, **TOKEN}, Credentials("ctx-id", "ctx-secret", "ctx-token")),
        (context("ctx-id"), ENV, Credentials("ctx-id", "ctx-secret")),
        (context(""), {**ENV, **TOKEN}, Credentials("env-id", "env-secret", "env-token")),
        (context(None), ENV, Credentials("env-id", "env-secret")),
        (SimpleNamespace(credentials=None), ENV, Credentials("env-id", "env-secret")),
        (SimpleNamespace(), {**ENV, "ALIBABA_CLOUD_SECURITY_TOKEN": ""}, Credentials("env-id", "env-secret")),
        (None, ENV, Credentials("env-id", "env-secret")),
    ],
)
def test_the_invocations_keys_come_before_the_environments(given: Any, env: dict[str, str], expected: Any) -> None:
    """Temporary keys end, and only the context brings new ones; where it has none the environment does."""
    assert of(given, env) == expected


@pytest.mark.parametrize("missing", [*ENV, ""])
def test_without_keys_the_function_has_no_role(missing: str) -> None:
    """Half a pair is no pair; the error names the half that is missing and shows no key."""
    env = {name: value for name, value in ENV.items() if missing and name != missing}
    with pytest.raises(SettingError, match=r"^ALIBABA_CLOUD_\w+: is not set: give the function a role$") as raised:
        of(context(None), env)
    assert raised.value.setting == (missing or "ALIBABA_CLOUD_ACCESS_KEY_ID")
