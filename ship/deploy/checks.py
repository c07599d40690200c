"""Everything that is missing or wrong, found at once and before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ops.function_settings import refused
from ops.mns_host import mns_host
from receipts.settings import ALL, MNS_ENDPOINT
from template.checking import check_document
from template.variables import ACCOUNT, CODE_FOLDER, LAYER_ARN, REGION, ROLE_ARN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ship.deploy.built import Built
    from ship.deploy.target import Target

_MEANINGS = {one.name: one.meaning.replace("`", "") for one in ALL}
_ADVICE = {
    ACCOUNT: "Set your account's number; the default is a placeholder.",
    ROLE_ARN: "Set the functions' role, acs:ram::<account>:role/<name>, or one for each; the default is a placeholder.",
}
_ROLE = re.compile(r"acs:ram::(\d+):role/[\w.-]+")
_LAYER = re.compile(r"acs:fc:([\w-]+):(\d+):layers/[\w-]+/versions/\d+")


def problems(target: Target, built: Built | None) -> list[str]:
    """Each as `NAME: what is wrong, and what to do`; empty if nothing is. Without a build that is not looked at."""
    found = [*_unset(target), *_magic(target), *_readers(target), *_together(target)]
    values = target.values
    if built:
        found += _built(target, built)
    else:
        values = {name: value for name, value in values.items() if name != CODE_FOLDER}
    # The template itself, with what is missing stood in for: sizes, limits, code and handlers.
    found += check_document(target.document, values, target.template.parent)
    return list(dict.fromkeys(found))


def _unset(target: Target) -> Iterator[str]:
    for name in target.unset:
        if name != LAYER_ARN and not (name == ROLE_ARN and all(_own_roles(target).values())):
            yield f"{name}: is not set. {_ADVICE.get(name) or _MEANINGS.get(name, 'template.yml needs it.')}"


def _magic(target: Target) -> Iterator[str]:
    """Serverless Devs replaces `${…}` inside a value once more, and reports to its makers what it cannot replace."""
    for name, value in target.values.items():
        if "${" in value:
            yield f"{name}: holds ${{, which Serverless Devs would take for a value of its own. Choose another"


def _readers(target: Target) -> Iterator[str]:
    for function in target.functions:
        for problem in refused(function.name, function.environment):
            if problem.setting not in target.unset:
                yield str(problem).replace("`", "")


def _together(target: Target) -> Iterator[str]:
    """Account and region stand in several places, and must be the same in all of them."""
    account, region, values = target.account, target.region, target.values
    if ACCOUNT not in target.unset:
        if not account.isdecimal():
            yield f"{ACCOUNT}: is no number. It stands in the console, under the picture at the top right"
            return
        everyone = {} if ROLE_ARN in target.unset else {ROLE_ARN: values[ROLE_ARN]}
        for name, arn in (everyone | _own_roles(target)).items():
            if (role := _ROLE.fullmatch(arn)) and role[1] != account:
                yield f"{name}: is of the account {role[1]}, {ACCOUNT} says {account}. Mend the one that is wrong"
    mns = mns_host(values[MNS_ENDPOINT.name])
    if mns and ACCOUNT not in target.unset and mns.account != account:
        yield (
            f"{MNS_ENDPOINT.name}: is of the account {mns.account}, {ACCOUNT} says {account}. Mend the one that is "
            "wrong"
        )
    if mns and mns.region != region:
        yield (
            f"{MNS_ENDPOINT.name}: is in {mns.region}, the functions in {region}. A queue triggers functions of its "
            f"own region only: set {REGION}"
        )
    if target.pinned_layer and (layer := _LAYER.fullmatch(target.pinned_layer)) and layer[1] != region:
        yield f"{LAYER_ARN}: is in {layer[1]}, the functions in {region}. Unset it to publish what was built"


def _own_roles(target: Target) -> dict[str, str]:
    """The variable for the role of each function alone, with its value; empty: it has that of all."""
    names = [f"RECEIPTS_{function.name.upper()}_ROLE_ARN" for function in target.functions]
    return {name: target.values.get(name, "") for name in names}


def _built(target: Target, built: Built) -> Iterator[str]:
    if built.runtime != target.runtime:
        yield f"build/: is for {built.runtime}, the functions are for {target.runtime}. Run `make build` for that one"
    for function in target.functions:
        if function.name not in built.functions:
            yield f"build/: lacks the function {function.name}. Run `make build`"
