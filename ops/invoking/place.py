"""Where the deployed functions are, what they are called there, and the keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ops.here import is_here
from receipts import credentials
from receipts.credentials import Credentials  # noqa: TC001 - NamedTuple fields are read at run time
from receipts.errors import SettingError
from template.variables import ACCOUNT, REGION, region

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCOUNT = re.compile(r"[0-9]{1,32}")
_REGION = re.compile(r"[a-z0-9-]{1,64}")


class Place(NamedTuple):
    """The endpoint of an account in a region.

    Attributes:
        scheme: https, or http on this machine.
        host: with the port, if it is not the usual one.
        keys: of somebody who may invoke.
    """

    scheme: str
    host: str
    keys: Credentials

    @property
    def address(self) -> str:
        """The whole of it."""
        return f"{self.scheme}://{self.host}"

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Place:
        """Read it from `env`: FC_ENDPOINT, or RECEIPTS_ACCOUNT_ID and RECEIPTS_REGION. Raises SettingError."""
        given = (env.get("FC_ENDPOINT") or "").strip().rstrip("/")
        scheme, host = _of_endpoint(given) if given else ("https", _of_account(env))
        return cls(scheme, host, credentials.of(None, env))


def _of_endpoint(given: str) -> tuple[str, str]:
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or "@" in parts.netloc:
        raise SettingError("FC_ENDPOINT", "must be https://<account>.<region>.fc.aliyuncs.com, or another such address")
    if parts.scheme == "http" and not is_here(parts.hostname):
        raise SettingError("FC_ENDPOINT", "must begin with https://: over http events and tokens travel in clear text")
    return parts.scheme, parts.netloc


def _of_account(env: Mapping[str, str]) -> str:
    account = (env.get(ACCOUNT) or "").strip()
    where = region(env)
    if not _ACCOUNT.fullmatch(account):
        raise SettingError(ACCOUNT, "must be the number of the account that the function belongs to")
    if not _REGION.fullmatch(where):
        raise SettingError(REGION, "must be a region's id, such as cn-hangzhou")
    return f"{account}.{where}.fc.aliyuncs.com"
