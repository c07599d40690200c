"""A parcel's row from its nodes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from receipts.aliyun.parcels import MOST_NODES, PARCELS, STAGES
from receipts.joining.facts import joined, written
from tests.receipts.support import CHINA, at, fact, golden, ms, row_of

LOGISTICS = "SmartLogisticsReport"


def node(clock: str | None, status: str | None = None, **more: Any) -> dict[str, Any]:
    """One node on the parcel's way."""
    moment = None if clock is None else at(clock)
    return {"mailNo": "YT1", "logisticsGmtModified": moment, "logisticsStatus": status, **more}


def parcel(*nodes: dict[str, Any]) -> dict[str, Any]:
    """The columns of the parcel, its history parsed."""
    row = dict(row_of(LOGISTICS, joined(fact(LOGISTICS, sent) for sent in nodes)).columns())
    return {**row, "history": json.loads(str(row["history"]))}


def test_the_golden_parcel_is_signed_and_its_way_is_told() -> None:
    """Collected and in transit by push, signed by queue: the latest node, the weight of the first, the history."""
    row = parcel(*golden(LOGISTICS, "queue"), *golden(LOGISTICS, "push"))
    history = row.pop("history")
    assert row == {
        "vendor": "aliyun",
        "carrier": "YTO",
        "order_id": "order-10001",
        "status": "SIGN",
        "status_text": "已签收",
        "detail": "快件已由本人签收",
        "city": "杭州",
        "price": "6.5",
        "weight_grams": "860.5",
        "changed_at": ms(at("16:20:00")),
    }
    assert [entry["status"] for entry in history] == ["GOT", "TRANSPORT", "SIGN"]
    assert history[0] == {
        "changed_at": ms(at("08:05:00")),
        "status": "GOT",
        "status_text": "已揽收",
        "detail": "快件已由网点揽收",
        "city": "杭州",
    }


def test_nodes_of_one_second_stand_in_the_order_of_their_stages() -> None:
    """The vendor's times have seconds only: the stage decides, an unknown stage comes before the known ones."""
    nodes = [node("08:05:00", stage) for stage in (*STAGES[::-1], "TELEPORTED")]
    assert [entry["status"] for entry in parcel(*nodes)["history"]] == ["TELEPORTED", *STAGES]
    assert parcel(*nodes)["status"] == "SIGN"


def test_a_node_without_a_time_comes_first() -> None:
    """What cannot be placed in time never hides where the parcel is now."""
    row = parcel(node(None, "SIGN"), node("08:05:00", "WAIT"))
    assert row["status"] == "WAIT"
    assert [entry.get("changed_at") for entry in row["history"]] == [None, ms(at("08:05:00"))]
    assert "changed_at" not in parcel(node(None))


def test_a_node_that_is_sent_again_is_one_node() -> None:
    """The same time, status and log key is the same node; of two tellings of it the fuller one stays."""
    plain, fuller = node("08:05:00", "GOT", bizKey="1"), node("08:05:00", "GOT", bizKey="1", city="杭州")
    assert parcel(plain, fuller, plain)["history"] == parcel(fuller)["history"]
    assert len(parcel(plain, node("08:05:00", "GOT", bizKey="2"))["history"]) == 2


def test_what_a_later_node_leaves_out_stays_as_it_was_told() -> None:
    """Weight and price come once, and may be corrected later."""
    row = parcel(
        node("08:00:00", "GOT", packageDyn='{"weight": 860.5}', aliyunprice="6", cpCode="YTO", outerOrderCode="o"),
        node("09:00:00", "MODIFY_WEIGHT", packageDyn='{"weight": 900}'),
        node("10:00:00", "SIGN", aliyunprice=None, city="成都"),
    )
    assert (row["weight_grams"], row["price"], row["carrier"], row["order_id"]) == ("900", "6", "YTO", "o")
    assert row["city"] == "成都"


@pytest.mark.parametrize(
    ("sent", "weight"),
    [
        ('{"weight": 1223.3}', "1223.3"),
        ('{"weight": 5}', "5"),
        ('{"weight": "5"}', "5"),
        ('{"weight": null}', None),
        ('{"weight": [5]}', None),
        ('{"size": 1}', None),
        ("[]", None),
        ("5", None),
        ("null", None),
        ("{not json", None),
        ("[" * 100_000, None),
        ('{"weight": ' + "9" * 5000 + "}", None),
        ("", None),
        (None, None),
    ],
)
def test_the_weight_is_read_out_of_json_text(sent: str | None, weight: str | None) -> None:
    """JSON within JSON: what is not there or not JSON is no weight, and no error either."""
    assert parcel(node("08:00:00", "GOT", packageDyn=sent)).get("weight_grams") == weight


def test_a_weight_that_is_no_number_is_none() -> None:
    """A column of grams holds a number or nothing."""
    odd = ["true", "NaN", "1e999", '""', '"heavy"']
    rows = {text: parcel(node("08:00:00", "GOT", packageDyn=f'{{"weight": {text}}}')) for text in odd}
    assert {text: row["weight_grams"] for text, row in rows.items() if "weight_grams" in row} == {}


def test_a_parcel_keeps_its_newest_nodes() -> None:
    """More nodes than a row should hold: the newest stay, and the text of the facts says so."""
    start = datetime(2026, 11, 20, tzinfo=CHINA)
    clocks = [(start + timedelta(seconds=second)).strftime("%H:%M:%S") for second in range(MOST_NODES + 50)]
    facts = joined(fact(LOGISTICS, node(clock, "TRANSPORT")) for clock in clocks)
    kept = PARCELS.kept(facts)
    assert len(kept) == MOST_NODES
    history = json.loads(str(row_of(LOGISTICS, kept).columns()["history"]))
    assert [entry["changed_at"] for entry in history] == [ms(at(clock)) for clock in clocks[50:]]
    assert PARCELS.facts(written(kept)) == kept
    assert PARCELS.kept(kept) is kept
