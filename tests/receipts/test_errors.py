"""The errors: their tree, their names, their advice."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING

import pytest

import receipts
from receipts import errors
from receipts.errors import BadReceipt, ReceiptsError, Refusal, SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator


def _every_kind() -> dict[str, type[ReceiptsError]]:
    """The errors of every module of the package, by name, the root too."""
    for module in pkgutil.walk_packages(receipts.__path__, "receipts."):
        importlib.import_module(module.name)
    # Commands and tests have errors of their own.
    kinds = [kind for kind in _below(ReceiptsError) if kind.__module__.startswith("receipts.")]
    named = {kind.__name__: kind for kind in kinds}
    assert len(named) == len(kinds), "two errors of one name"
    return named


def _below(kind: type[ReceiptsError]) -> Iterator[type[ReceiptsError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)


CLASSES = _every_kind()


def drawn() -> dict[str, str | None]:
    """The tree in the module's docstring: class to parent."""
    tree: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^    ((?:[│ ]   )*)([├└]── )?([A-Z]\w+)( |$)", line)
        if found is None:
            continue
        depth = len(found[1]) // 4 + bool(found[2])
        above[depth:] = [found[3]]
        tree[found[3]] = above[depth - 1] if depth else None
    return tree


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    """Whoever reads the first screen of the module knows what can be caught together."""
    real = {name: kind.__bases__[0].__name__ for name, kind in CLASSES.items()}
    assert drawn() == {**real, "ReceiptsError": None}


def test_those_with_a_module_behind_them_stand_there() -> None:
    """The tree leads to what it names; what has no module is in this one."""
    elsewhere = {name: kind.__module__ for name, kind in CLASSES.items() if kind.__module__ != errors.__name__}
    told = re.findall(r"── (\w+) .*\((\w+)/(\w+)\.py\)", errors.__doc__ or "")
    below_them = {"FetchRefused", "BodyTooLarge", "FetchFailed", "BodyCutShort"}
    assert {name: f"receipts.{room}.{module}" for name, room, module in told} == {
        name: module for name, module in elsewhere.items() if name not in below_them
    }


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_each_error_says_what_to_do(name: str) -> None:
    """Advice in a few words, a docstring that ends like a sentence."""
    kind = CLASSES[name]
    assert 3 < len(kind.advice) < 90
    assert (kind.__doc__ or "").splitlines()[0].endswith(".")


def test_each_bad_receipt_has_a_reason_of_its_own() -> None:
    """The reason is a column that operators filter by."""
    reasons = {name: kind.reason for name, kind in CLASSES.items() if issubclass(kind, BadReceipt)}
    assert reasons == {
        "BadReceipt": "invalid",
        "InvalidReceipt": "invalid",
        "NotJson": "not_json",
        "BadEnvelope": "bad_envelope",
        "UnknownType": "unknown_type",
        "TooLarge": "too_large",
        "ClaimLost": "claim_lost",
    }


def test_errors_carry_what_they_are_about() -> None:
    """The setting's name, the status and the headers are attributes, not only words."""
    error = SettingError("MNS_ENDPOINT", "is not set")
    assert (error.setting, str(error)) == ("MNS_ENDPOINT", "MNS_ENDPOINT: is not set")
    refusal = Refusal(405, "only POST", {"Allow": "POST"})
    assert (refusal.status, str(refusal), refusal.headers) == (405, "only POST", {"Allow": "POST"})
    assert Refusal(404, "unknown path").headers == {}
