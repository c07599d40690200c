"""One field, many spellings: the documented aliases, any drift of case, underscore and hyphen, and the unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.errors import InvalidReceipt
from receipts.vendor.fields import Text, Whole
from receipts.vendor.receipt import VendorReceipt, squeezed
from tests.receipts.support import PROPERTY, ms

if TYPE_CHECKING:
    import random

KEY_FIELDS = {name: message_type.field for name, message_type in MESSAGE_TYPES.items()}
CALLS = ("SecretStartReport", "SecretRingReport", "SecretPickUpReport", "SecretReport", "SecretRecording")
MOMENT, MOMENT_TEXT = ms("2026-11-20 14:05:03"), "2026-11-20 14:05:03"

# The table of aliases in the vendor's pages: message type, canonical field, every spelling seen, what is sent, what
# is read.
ALIASES: list[tuple[str, str, tuple[str, ...], Any, Any]] = [
    *((name, "sub_id", ("sub_id", "subs_id"), 1000450000123456, "1000450000123456") for name in CALLS),
    *((name, "sub_id", ("sub_id", "subs_id"), "1000450000123456", "1000450000123456") for name in CALLS),
    ("SecretSmsIntercept", "sub_id", ("sub_id", "subs_id"), 7, "7"),
    *((name, "call_id", ("call_id", "callId"), "4a9f", "4a9f") for name in (*CALLS, "SecretAsrReport")),
    *(
        (name, "secret_no", ("secret_no", "secretNo"), "17000000002", "17000000002")
        for name in MESSAGE_TYPES
        if name not in ("SecretRecording", "SmartLogisticsReport")
    ),
    *(
        (name, "pool_key", ("pool_key", "partner_key", "partnerKey"), "FC1", "FC1")
        for name in MESSAGE_TYPES
        if name != "SmartLogisticsReport"
    ),
    *(
        (name, "ring_time", ("ring_time", "ring_Time", "ringTime"), MOMENT_TEXT, MOMENT)
        for name in ("SecretRingReport", "SecretPickUpReport", "SecretReport")
    ),
    ("SecretSmsIntercept", "sms_intercept_type", ("sms_intercept_type", "sms-intercept-type"), "NORMAL", "NORMAL"),
    ("NumberManagementReport", "operating_time", ("operating_time", "operatingTime"), MOMENT_TEXT, MOMENT),
    ("NumberManagementReport", "vendor", ("vendor", "Vendor"), "3", 3),
    *(
        (name, "call_time", ("call_time",), sent, MOMENT)
        for name in CALLS
        for sent in (MOMENT_TEXT, MOMENT, str(MOMENT), MOMENT // 1000, str(MOMENT // 1000))
    ),
]
CASES = [(kind, field, alias, sent, read) for kind, field, aliases, sent, read in ALIASES for alias in aliases]


def minimal(message_type: str, **sent: Any) -> dict[str, Any]:
    """The least that a model takes, and what is sent besides."""
    field = KEY_FIELDS[message_type]
    return {**({} if any(squeezed(name) == squeezed(field) for name in sent) else {field: "k"}), **sent}


@pytest.mark.parametrize(("message_type", "field", "alias", "sent", "read"), CASES)
def test_every_documented_alias_is_the_field(message_type: str, field: str, alias: str, sent: Any, read: Any) -> None:
    """Each spelling of the alias table, in each type that has the field, with each type of value."""
    receipt = MESSAGE_TYPES[message_type].model.read(minimal(message_type, **{alias: sent}))
    assert getattr(receipt, field) == read


def drifted(name: str, rng: random.Random) -> str:
    """The name with its words joined by anything or nothing, each letter in either case."""
    joined = "".join(word + rng.choice(["", "_", "-", "__", "_-"]) for word in name.split("_"))
    return "".join(rng.choice((letter.lower(), letter.upper())) for letter in joined)


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(MESSAGE_TYPES)))
@PROPERTY
def test_a_field_is_found_however_its_name_drifts(rng: random.Random, message_type: str) -> None:
    """Case, underscores and hyphens of every documented field may drift together: the reading is the same."""
    model = MESSAGE_TYPES[message_type].model
    names = [name for name in model.model_fields if name != "sentences"]
    drift = {drifted(name, rng): str(MOMENT) for name in names}
    assert model.read(drift) == model.read(dict.fromkeys(names, str(MOMENT)))


class Made(VendorReceipt):
    """A model with synonyms, for what no documented type shows alone."""

    synonyms = {"pool": ("partner",)}  # noqa: RUF012 - a class variable by its base

    pool: Text = None
    count: Whole = None


@pytest.mark.parametrize(
    ("sent", "pool"),
    [
        ({"pool": "a", "partner": "b"}, "a"),
        ({"partner": "b", "pool": "a"}, "a"),
        ({"pool": None, "partner": "b"}, "b"),
        ({"Pool": None, "pool": "a"}, "a"),
        ({"pool": "a", "Pool": None}, "a"),
        ({"pool": None, "partner": None}, None),
    ],
)
def test_of_several_spellings_the_first_with_a_value_counts(sent: dict[str, Any], pool: str | None) -> None:
    """The documented name goes before its synonyms, and null gives way to a value."""
    assert Made.read(sent).pool == pool


def test_a_blank_gives_way_to_a_synonym_with_a_value() -> None:
    """A blank counts as absent, so it hides no value that stands under another name."""
    assert Made.read({"pool": "", "partner": "b"}).pool == "b"
    assert Made.read({"Pool": " ", "pool": "b"}).pool == "b"


@pytest.mark.parametrize("message_type", sorted(MESSAGE_TYPES))
def test_unknown_fields_are_kept(message_type: str) -> None:
    """What nobody documented stays with the receipt as it was sent, nested or not."""
    unknown = {"brand_new": {"nested": [1, None]}, "另一个": "值", "x-trace": 1.5, "flag": True}
    receipt = MESSAGE_TYPES[message_type].model.read(minimal(message_type, **unknown))
    assert receipt.model_extra == unknown


@pytest.mark.parametrize(
    ("message_type", "field", "value"),
    [
        ("SecretReport", "call_type", 77),
        ("SecretReport", "release_dir", 9),
        ("SecretReport", "release_cause", 9999),
        ("SecretReport", "unconnected_cause", 42),
        ("SecretReport", "control_type", "TELEPORT"),
        ("SecretSmsIntercept", "sms_type", 8),
        ("SecretSmsIntercept", "code", "LOST"),
        ("SecretSmsIntercept", "sms_intercept_type", "NEW_KIND"),
        ("SecretExceptionPhoneReport", "no_status", 5),
        ("NumberManagementReport", "status", 6),
        ("NumberManagementReport", "vendor", 4),
        ("SecretAsrReport", "status_code", "21050999"),
        ("SmartLogisticsReport", "logistics_status", "LOST"),
    ],
)
def test_unknown_values_of_an_enumeration_are_kept(message_type: str, field: str, value: Any) -> None:
    """A value that the vendor adds tomorrow is not refused today."""
    receipt = MESSAGE_TYPES[message_type].model.read(minimal(message_type, **{field: value}))
    assert getattr(receipt, field) == value


@pytest.mark.parametrize("message_type", sorted(MESSAGE_TYPES))
def test_without_its_key_a_receipt_is_refused_by_name(message_type: str) -> None:
    """The one required field of each type: missing, null, blank or too long, the error says which field."""
    field = KEY_FIELDS[message_type]
    for sent in ({}, {field: None}, {field: ""}, {field: " "}, {field: "k" * 1001}, {field: True}):
        with pytest.raises(InvalidReceipt, match=rf"^{field}: "):
            MESSAGE_TYPES[message_type].model.read(sent)


@pytest.mark.parametrize("message_type", sorted(MESSAGE_TYPES))
def test_law_poison_what_becomes_an_index_key_is_short_enough_for_one(message_type: str) -> None:
    """A binding, an order or a number that no index could hold is refused here, not by the store for a whole batch."""
    model = MESSAGE_TYPES[message_type].model
    for field in {"sub_id", "out_id", "secret_no"} & set(model.model_fields):
        assert getattr(model.read(minimal(message_type, **{field: "k" * 1000})), field) == "k" * 1000
        with pytest.raises(InvalidReceipt, match=rf"^{field}: is longer than 1000 bytes$"):
            model.read(minimal(message_type, **{field: "k" * 1001}))


def test_a_long_list_of_problems_is_cut() -> None:
    """The reason of a dead letter stays short: three problems by name, the number of the others."""
    wrong = dict.fromkeys(("call_type", "call_time", "unconnected_cause", "release_dir", "release_cause"), 1.5)
    with pytest.raises(InvalidReceipt) as caught:
        MESSAGE_TYPES["SecretReport"].model.read({"call_id": "k", **wrong})
    assert str(caught.value).count(";") == 3
    assert str(caught.value).endswith("; and 2 more")
