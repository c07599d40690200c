"""The policies in `policies/` are enough for what the functions do, and no more than that."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from local.cloud.ram import Policy
from local.golden import EVENTS
from local.stack import Stack
from ops.policies.documents import document, filled, names
from template.reading import TEMPLATE
from tests.local.support import wait_until
from tests.rights.support import ENVIRONMENT, FUNCTIONS, Right, listen, play, rights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud.ram import Asked

PATIENCE_SECONDS = 60.0
# Services that know no resources: no name can stand there.
NAMELESS = ("dypls", "dybase")
PLACEHOLDERS = (
    *("account", "region", "instance", "prefix", "bucket"),
    *("receipts-queue", "receipts-dead-queue", "recordings-queue", "recordings-dead-queue"),
)


class Played(NamedTuple):
    """What the policies give, and what was asked for in a day under them."""

    given: list[Right]
    asked: list[Asked]
    unused: list[Right]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A day, until every right was used, or none has come in use for too long."""
    with Stack(database=None, log_dir=tmp_path_factory.mktemp("logs"), environment=ENVIRONMENT) as stack:
        asked, given = listen(stack.identities), rights(stack)
        play(stack, EVENTS)

        def unused() -> list[Right]:
            seen = list(dict.fromkeys(asked))
            return [right for right in given if not right.used_by(seen)]

        with contextlib.suppress(AssertionError):
            wait_until(lambda: not unused(), PATIENCE_SECONDS)
        yield Played(given, list(dict.fromkeys(asked)), unused())


def test_law_rights_are_enough(played: Played) -> None:
    """A day at both vendors, with everything that is rare, ends without a single denial."""
    assert [one for one in played.asked if not one.allowed] == []


def test_law_rights_are_the_least(played: Played) -> None:
    """Every action on every resource of a function's policy is one that the function uses."""
    assert played.unused == []


def test_every_function_has_a_policy_of_its_own() -> None:
    """One document per function of the template, none too many, and each is one that can be understood."""
    functions = yaml.safe_load(TEMPLATE.read_text("utf-8"))["resources"].keys()
    assert set(FUNCTIONS) == functions
    assert functions <= set(names())
    for name in names():
        Policy.read(filled(document(name), dict.fromkeys(PLACEHOLDERS, "x")))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_star_stands_where_a_name_can(function: str) -> None:
    """Actions are spelt out; of a resource only an object's own name is open, and the region, which OSS ignores."""
    for statement in document(function)["Statement"]:
        assert not [action for action in statement["Action"] if "*" in action or "?" in action]
        for resource in statement["Resource"]:
            service = statement["Action"][0].partition(":")[0]
            if service in NAMELESS:
                assert resource == "*"
                continue
            _, _, region, account, name = resource.split(":", 4)
            assert (region, account) == ("*" if service == "oss" else "<region>", "<account>")
            assert re.fullmatch(r"[^*?]+(/\*)?", name)


def test_the_document_tells_what_the_policies_give() -> None:
    """docs/permissions.md names, function by function, exactly the actions of its policy, and leads to the file."""
    told: dict[str, set[str]] = {}
    function = ""
    for line in (TEMPLATE.parent / "docs/permissions.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 4 and cells[0].strip("`") in (*FUNCTIONS, ""):
            if cells[0]:
                function = cells[0].strip("`")
                assert cells[1] == f"[{function}.json](../policies/{function}.json)"
            told.setdefault(function, set()).update(re.findall(r"`(\w+:\w+)`", cells[2]))
    given = {
        name: {action for statement in document(name)["Statement"] for action in statement["Action"]}
        for name in FUNCTIONS
    }
    assert told == given
