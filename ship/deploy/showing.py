"""The addresses, for people and for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ops.output import table, text
from ship.deploy.addresses import TOKEN

if TYPE_CHECKING:
    from rich.console import Console

    from ship.deploy.addresses import Addresses, Entry


def show_addresses(found: Addresses, to: Console) -> None:
    """A table per console, in its own words."""
    functions = table("function", "address")
    for name, url in found.functions.items():
        functions.add_row(name, text(url))
    to.print(functions)
    if found.aliyun:
        to.print(
            "\n[bold]Aliyun[/]: 号码隐私保护控制台 → 概览 → 云通信消息接收, a tab per message type → HTTP批量推送模式"
        )
        to.print(_entries("message type", found.aliyun))
        if any(TOKEN in entry.address for entry in found.aliyun):
            to.print(
                text(f"{TOKEN} is the last of ALIYUN_PUSH_TOKENS: `make addresses REVEAL=1` shows it in its place.")
            )
    if found.huawei:
        to.print("\n[bold]Huawei[/]: the form of each application")
        to.print(_entries("field", found.huawei))


def addresses_json(found: Addresses) -> str:
    """One JSON object: `functions` by name, `aliyun` and `huawei` as lists of fields."""
    entries = {name: [entry._asdict() for entry in getattr(found, name)] for name in ("aliyun", "huawei")}
    return json.dumps({"functions": dict(found.functions), **entries}, ensure_ascii=False, indent=2)


def _entries(title: str, entries: list[Entry]) -> object:
    made = table(title, "address", "tells of")
    for entry in entries:
        made.add_row(entry.field, text(entry.address), text(entry.meaning, "dim"))
    return made
