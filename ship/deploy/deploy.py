"""The deployment itself, as a list of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ship.deploy import steps as titles
from ship.deploy import tool as commands
from ship.deploy.addresses import addresses, urls_in
from ship.deploy.at_hand import at_hand, with_keys
from ship.deploy.checks import problems
from ship.deploy.errors import Unfit
from ship.deploy.layer import publish, same_version
from ship.deploy.target import environment
from template.variables import LAYER_ARN

if TYPE_CHECKING:
    from ship.deploy.addresses import Addresses
    from ship.deploy.built import Built
    from ship.deploy.steps import Steps
    from ship.deploy.target import Target
    from ship.deploy.tool import Tool


def deploy(target: Target, built: Built, tool: Tool, steps: Steps, *, reveal: bool) -> Addresses:
    """Check, publish, deploy, and say which addresses came of it.

    Raises:
        Unfit: before anything was sent.
        DeployError: a step failed; names it and what was done before.
    """
    with steps.step(titles.CHECK):
        found = at_hand(target, tool.environ)
        if wrong := [*problems(target, built), *found.problems]:
            raise Unfit(wrong)
        target = with_keys(target, found.keys)
        steps.hear(f"{len(target.functions)} functions for {target.region}, account {target.account}")

    with steps.step(titles.TOOL):
        steps.hear(commands.check_version(tool.ask(commands.version())))

    with steps.step(titles.LAYER):
        arn = _layer(target, built, tool, steps)
        tool = tool._replace(environ=environment(target, tool.environ, arn))

    with steps.step(titles.FUNCTIONS):
        steps.begin("some functions may be new already")
        tool.do(commands.deploy(target))
        steps.done(f"the {len(target.functions)} functions are deployed")

    with steps.step(titles.ADDRESSES):
        return ask_addresses(target, tool, reveal=reveal)


def ask_addresses(target: Target, tool: Tool, *, reveal: bool) -> Addresses:
    """The addresses of functions that are deployed. Raises CommandFailed."""
    return addresses(target, urls_in(commands.result(tool.ask(commands.info(target))), target), reveal=reveal)


def _layer(target: Target, built: Built, tool: Tool, steps: Steps) -> str:
    if target.pinned_layer:
        steps.hear(f"not published: {LAYER_ARN} names {target.pinned_layer}")
        return target.pinned_layer
    if there := same_version(target, built.layer, tool):
        steps.hear(f"not changed: version {there.version} holds it")
        return there.arn
    steps.begin("a new version of the layer may be there")
    made = publish(target, built.layer, tool)
    steps.done(f"version {made.version} of the layer is published")
    return made.arn
