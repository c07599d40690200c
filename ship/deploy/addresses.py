"""The addresses of the functions, and which of them goes into which field of the vendors' consoles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from receipts.edge.settings import push_tokens
from ship.deploy.consoles import ALIYUN, DECIDE, HUAWEI
from ship.deploy.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ship.deploy.target import Target

TOKEN = "<token>"  # noqa: S105 - what stands in for one


class Entry(NamedTuple):
    """A field of a console: what it is called, what it tells of, what goes into it."""

    field: str
    meaning: str
    address: str


class Addresses(NamedTuple):
    """The address of each HTTP function, and the entries of each vendor that is set up."""

    functions: Mapping[str, str]
    aliyun: list[Entry]
    huawei: list[Entry]


def addresses(target: Target, urls: Mapping[str, str], *, reveal: bool) -> Addresses:
    """What to enter where.

    Args:
        target: tells which vendors are set up.
        urls: of each HTTP function.
        reveal: with the newest token, which is the last one, in place of `<token>`.
    """
    tokens = push_tokens(target.values.get("ALIYUN_PUSH_TOKENS", ""))
    token = quote(tokens[-1], safe="") if tokens and reveal else TOKEN
    apps = target.values["HUAWEI_APPS"]
    # Before anything is set, both are of interest.
    neither = not tokens and not apps
    receive, decide = urls["receive"], urls["decide"]
    aliyun = [Entry(kind, meaning, f"{receive}/aliyun/{token}/{kind}") for kind, meaning in ALIYUN.items()]
    of = {DECIDE: decide}
    huawei = [Entry(each.field, each.meaning, f"{of.get(each.function, receive)}/huawei") for each in HUAWEI]
    return Addresses(urls, aliyun if tokens or neither else [], huawei if apps or neither else [])


def urls_in(told: Any, target: Target) -> dict[str, str]:
    """The address of each HTTP function in the answer to `info`. Raises CommandFailed for one without."""
    urls = {}
    for name in target.http_functions():
        url = _url(told.get(name) if isinstance(told, dict) else None)
        if not url:
            raise CommandFailed(f"{name} has no public address in the answer. Look at its HTTP trigger in the console")
        urls[name] = url
    return urls


def _url(function: Any) -> str | None:
    """Where the component tells it, or where the platform does."""
    if not isinstance(function, dict):
        return None
    told = function.get("url")
    places = [told.get("system_url")] if isinstance(told, dict) else []
    for trigger in function.get("triggers") or ():
        http = trigger.get("httpTrigger") if isinstance(trigger, dict) else None
        places += [http.get("urlInternet")] if isinstance(http, dict) else []
    return next((place.rstrip("/") for place in places if isinstance(place, str) and place.startswith("http")), None)
