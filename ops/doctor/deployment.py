"""What the settings say besides being readable: secrets that are none, a full environment, regions, placeholders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.doctor.lines import ok, warning, wrong
from ops.function_settings import read_by
from ops.mns_host import mns_host
from receipts.edge.settings import huawei_apps, push_tokens
from receipts.errors import SettingError
from receipts.settings import ALL
from template.variables import ACCOUNT, LAYER_ARN, PLACEHOLDER_ACCOUNT, REGION, ROLE_ARN, region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ops.doctor.lines import Line

# Nobody guesses sixteen characters that were drawn, and everybody a word.
LEAST_SECRET, LEAST_VARIETY = 16, 8
# What stands in an address as it is.
IN_A_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+;=:@-]+")
NEW_ONE = 'Make one with python3 -c "import secrets; print(secrets.token_urlsafe(32))".'
# Function Compute: names and values of one function together.
MOST_BYTES, NEARLY = 4096, 3584
DEFAULTS = {one.name: one.default for one in ALL}
PLACED = (ACCOUNT, ROLE_ARN)
# <instance>.<region>.ots and oss-<region>, each of them also for inside the platform only.
REGION_OF = {
    "TABLESTORE_ENDPOINT": re.compile(r"[^.]+\.([a-z0-9-]+)\.(?:vpc\.)?(?:ots|ots-internal|tablestore)\.aliyuncs\.com"),
    "OSS_ENDPOINT": re.compile(r"oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com"),
}


def lines(names: Iterable[str], env: Mapping[str, str], *, local: bool) -> Iterator[Line]:
    """Everything about the environment that can be said without asking anybody."""
    names = list(names)
    if "receive" in names:
        yield from _tokens(env)
    if {"receive", "decide", "archive"} & {*names}:
        yield from _apps(env)
    yield _size(names, env)
    yield from _regions(env)
    if not local:
        yield _placeholders(env)


def _tokens(env: Mapping[str, str]) -> Iterator[Line]:
    what = "ALIYUN_PUSH_TOKENS"
    tokens = push_tokens(env.get(what) or "")
    for place, token in enumerate(tokens, 1):
        which = f"token {place} of {len(tokens)}"
        if not IN_A_PATH.fullmatch(token):
            yield wrong(what, f"{which} has characters that an address cannot hold", f"No push gets in. {NEW_ONE}")
        elif len(token) < LEAST_SECRET or len(set(token)) < LEAST_VARIETY:
            told = f"{which} can be guessed: {len(token)} characters, {len(set(token))} different ones"
            yield wrong(what, told, f"Who guesses it writes into your tables. {NEW_ONE}")


def _apps(env: Mapping[str, str]) -> Iterator[Line]:
    try:
        apps = huawei_apps(env)
    except SettingError:
        # Told already.
        return
    for place, secret in enumerate(apps.values(), 1):
        if len(secret) < LEAST_SECRET or len(set(secret)) < LEAST_VARIETY or b"<" in secret:
            told = f"the secret of application {place} of {len(apps)} is no APP_Secret: {len(secret)} characters"
            yield wrong("HUAWEI_APPS", told, "Copy it whole from the console of PrivateNumber.")


def _size(names: list[str], env: Mapping[str, str]) -> Line:
    """The fullest environment of all."""
    sizes = {}
    for name in names:
        values = {one: env.get(one) or DEFAULTS.get(one) or "" for one in read_by(name, env)}
        sizes[name] = sum(len(one) + len(value.encode("utf-8", "replace")) for one, value in values.items())
    fullest, size = max(sizes.items(), key=lambda item: item[1])
    told = f"{size} of {MOST_BYTES} bytes in {fullest}"
    do = "The longest are HUAWEI_APPS and ALIYUN_PUSH_TOKENS: take out applications and tokens that are not in use."
    if size > MOST_BYTES:
        return wrong("environment", f"{told}: the platform refuses it", do)
    return warning("environment", told, do) if size > NEARLY else ok("environment", told)


def _regions(env: Mapping[str, str]) -> Iterator[Line]:
    """Functions, queues and tables stand in one region: the queue trigger demands it."""
    here = region(env)
    for name, there in _told_regions(env):
        if there != here:
            do = f"Set {REGION}={there}, or {name} to the service in {here}."
            line = warning if name == "OSS_ENDPOINT" else wrong
            yield line(name, f"is in {there}, and the functions are deployed to {here}", do)
    host, instance = _host(env.get("TABLESTORE_ENDPOINT", "")), (env.get("TABLESTORE_INSTANCE") or "").strip()
    if REGION_OF["TABLESTORE_ENDPOINT"].fullmatch(host) and instance and host.partition(".")[0] != instance.lower():
        told = f"is {instance}, and TABLESTORE_ENDPOINT is the address of {host.partition('.')[0]}"
        yield wrong("TABLESTORE_INSTANCE", told, "Correct the one that is mistyped.")


def _told_regions(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each address that has a region in it, by its setting."""
    if queues := mns_host(env.get("MNS_ENDPOINT", "").strip()):
        yield "MNS_ENDPOINT", queues.region
    for name, form in REGION_OF.items():
        if found := form.fullmatch(_host(env.get(name, ""))):
            yield name, found[1]


def _placeholders(env: Mapping[str, str]) -> Line:
    unset = [name for name in PLACED if PLACEHOLDER_ACCOUNT in (env.get(name) or PLACEHOLDER_ACCOUNT)]
    if PLACEHOLDER_ACCOUNT in env.get(LAYER_ARN, ""):
        unset.append(LAYER_ARN)
    if not unset:
        return ok("deployment", "account and role are no placeholders")
    told = f"{', '.join(unset)} would be deployed as placeholders"
    return warning("deployment", told, "Set them before you deploy from this shell; the README says what they are.")


def _host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:
        return ""
