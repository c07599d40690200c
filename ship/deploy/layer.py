"""The version of the layer that the functions get: named, there already, or published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ship.deploy import tool as commands
from ship.deploy.errors import CommandFailed
from ship.deploy.tool import LAYER_NAME
from template.variables import ACCOUNT, REGION

if TYPE_CHECKING:
    from ship.deploy.built import Layer
    from ship.deploy.target import Target
    from ship.deploy.tool import Tool

# Serverless Devs hides the middle of the account's number from its own output, in some commands.
_ARN = re.compile(rf"acs:fc:([\w-]+):([\d*]+):layers/{LAYER_NAME}/versions/(\d+)\b")


class LayerVersion(NamedTuple):
    """A version of the layer."""

    arn: str
    version: int


def same_version(target: Target, layer: Layer, tool: Tool) -> LayerVersion | None:
    """The newest version there, if it holds the layer as it was built. Raises CommandFailed."""
    newest = _newest(commands.result(tool.ask(commands.newest_layer(target))))
    if newest and newest.get("description") == commands.description(layer):
        return arn_in(str(newest.get("layerVersionArn")), target)
    return None


def publish(target: Target, layer: Layer, tool: Tool) -> LayerVersion:
    """A new version with the layer as it was built. Raises CommandFailed."""
    return arn_in(tool.do(commands.publish_layer(target, layer)), target)


def arn_in(output: str, target: Target) -> LayerVersion:
    """The last version of the layer that the output names, with the account's whole number.

    Raises:
        CommandFailed: none is named, or it is of another account or region than the functions.
    """
    named = list(_ARN.finditer(output))
    if not named:
        raise CommandFailed(
            "its answer names no version of the layer. Look for one with "
            f"`s cli fc3 layer versions --layer-name {LAYER_NAME} --region {target.region}`, "
            "and name it with RECEIPTS_LAYER_ARN"
        )
    region, account, version = named[-1].groups()
    if region != target.region or not _same(account, target.account):
        raise CommandFailed(
            f"the layer is in {region} of the account {account}, the functions are to be in {target.region} of "
            f"{target.account}: the keys of Serverless Devs are another account's, or {ACCOUNT} or {REGION} is wrong"
        )
    arn = f"acs:fc:{region}:{target.account}:layers/{LAYER_NAME}/versions/{version}"
    return LayerVersion(arn, int(version))


def _newest(listed: Any) -> dict[str, Any] | None:
    """The newest of our versions in a list of layers, whatever the list is wrapped in."""
    if isinstance(listed, dict):
        listed = next((each for each in listed.values() if isinstance(each, list)), [])
    if not isinstance(listed, list):
        return None
    ours = [each for each in listed if isinstance(each, dict) and each.get("layerName") == LAYER_NAME]
    return max(ours, key=_number, default=None)


def _number(version: dict[str, Any]) -> int:
    told = str(version.get("version"))
    return int(told) if told.isdecimal() else 0


def _same(shown: str, account: str) -> bool:
    """Whether a number that may be hidden in its middle can be this one."""
    pattern = re.escape(shown).replace(r"\*", r"\d")
    return re.fullmatch(pattern, account) is not None
