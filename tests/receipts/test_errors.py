"""The errors: their tree, their names, their advice."""

from __future__ import annotations

import inspect
import re

import pytest

from receipts import errors
from receipts.errors import BadReceipt, ReceiptsError, Refusal, SettingError

NAMES = [
    *(
        "BadEnvelope",
        "BadReceipt",
        "BucketForbidden",
        "BucketMisconfigured",
        "BucketUnavailable",
        "ClaimLost",
        "Defect",
    ),
    *("InvalidReceipt", "NotJson", "QueueForbidden", "QueueUnavailable", "ReceiptsError"),
    *(
        "Refusal",
        "SettingError",
        "StoreForbidden",
        "StoreMisconfigured",
        "StoreUnavailable",
        "TooLarge",
        "Unavailable",
        "UnknownType",
    ),
]
CLASSES = {name: getattr(errors, name) for name in NAMES}


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


def test_the_names_are_pinned() -> None:
    """A name that callers catch is not renamed by accident, nor is one added without notice."""
    found = [name for name, value in vars(errors).items() if inspect.isclass(value) and not name.startswith("_")]
    assert sorted(found) == NAMES
    assert all(issubclass(kind, ReceiptsError) for kind in CLASSES.values())


@pytest.mark.parametrize("name", NAMES)
def test_each_error_says_what_to_do(name: str) -> None:
    """Advice in a few words, a docstring that ends like a sentence."""
    kind = CLASSES[name]
    assert 3 < len(kind.advice) < 80
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
