"""The key pair a function signs with: the platform's, renewed by the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Credentials(NamedTuple):
    """An access key pair; `token` is the security token of temporary ones, else empty."""

    key_id: str
    secret: str
    token: str = ""


def of(context: Any, env: Mapping[str, str]) -> Credentials:
    """The credentials for this invocation.

    The context's come first: it is made anew for every invocation, while the environment was filled when the
    instance started and temporary keys end after 36 hours. The python3.12 runtime has only the environment.

    Raises:
        SettingError: neither has them (the function has no role).
    """
    given = getattr(context, "credentials", None)
    if given is not None and getattr(given, "access_key_id", None):
        return Credentials(given.access_key_id, given.access_key_secret, given.security_token or "")
    key_id = env.get("ALIBABA_CLOUD_ACCESS_KEY_ID")
    secret = env.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    if not key_id or not secret:
        missing = "ALIBABA_CLOUD_ACCESS_KEY_SECRET" if key_id else "ALIBABA_CLOUD_ACCESS_KEY_ID"
        raise SettingError(missing, "is not set: give the function a role")
    return Credentials(key_id, secret, env.get("ALIBABA_CLOUD_SECURITY_TOKEN") or "")
