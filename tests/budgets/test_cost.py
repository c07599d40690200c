"""B7 without measuring: the formula, what it reads, and the page that comes of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from benchmarks.cost import limits, model, page, work
from benchmarks.cost.__main__ import main
from benchmarks.cost.assumptions import Assumptions, changed
from benchmarks.cost.billing import Size, billed_seconds, idle_units, units, yuan
from benchmarks.cost.factors import MILLION
from benchmarks.cost.measure import priced
from benchmarks.cost.measured import load
from benchmarks.cost.model import Given
from benchmarks.cost.sizes import deployed
from benchmarks.cost.volumes import month
from benchmarks.workload import receipts_in
from template.reading import TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

SMALL, SMALLEST = Size(0.35, 0.5, 0.5), Size(0.05, 0.125, 0.5)
MONTH_SECONDS, MONTH_MINUTES = 30 * 86_400, 30 * 1_440


@pytest.fixture(scope="module")
def given() -> Given:
    """The model as the page has it."""
    return Given(load(), Assumptions(), deployed())


@pytest.mark.parametrize(
    ("told", "without", "with_disk", "price"),
    [
        ((MILLION, MILLION * 0.05, SMALL), 28_750, 30_000, 3.16),
        ((10_000, 10_000 * 0.5, SMALL), 2_200, 2_325, 0.24),
        ((MONTH_MINUTES, MONTH_MINUTES * 50, SMALL), 918_324, 972_324, 101.0),
        ((MONTH_MINUTES, MONTH_MINUTES * 50, SMALLEST), 148_824, 202_824, 16.4),
    ],
)
def test_b7_the_formula_gives_the_worked_examples(
    told: tuple[float, float, Size], without: float, with_disk: float, price: float
) -> None:
    """Cases that were reckoned by hand from the vendor's factors come out to the unit, with the disk and without."""
    assert units(*told) == pytest.approx(without)
    assert units(*told, disk=True) == pytest.approx(with_disk)
    assert yuan(without) == pytest.approx(price, rel=0.01)


def test_b7_a_warm_instance_is_charged_for_memory_only() -> None:
    """A month of one costs what was reckoned by hand; the CPU that it does not use is free."""
    assert idle_units(MONTH_SECONDS, SMALL) == pytest.approx(194_400)
    assert idle_units(MONTH_SECONDS, SMALL, disk=True) == pytest.approx(259_200)


def test_b7_each_tier_has_its_own_price() -> None:
    """Units beyond a tier's end cost what the next one says, those below it what they cost before."""
    assert yuan(200 * MILLION) == pytest.approx(22_000)
    assert yuan(300 * MILLION) == pytest.approx(22_000 + 10_000)
    assert yuan(2_000 * MILLION) == pytest.approx(22_000 + 80_000 + 90_000)


def test_b7_cpu_time_is_billed_by_the_share_and_waiting_as_work() -> None:
    """A share of a core takes longer, more than one makes no thread faster, and answers are waited for."""
    assert billed_seconds(0.07, 2, Size(0.35, 0.5, 0.5), 0.01) == pytest.approx(0.22)
    assert billed_seconds(0.07, 0, Size(2, 2, 0.5), 0.01) == pytest.approx(0.07)


def test_b7_sizes_are_those_of_the_template(tmp_path: Path, given: Given) -> None:
    """Whoever changes the template changes the cost: nothing of it is copied."""
    text = TEMPLATE.read_text("utf-8").replace("cpu: 0.35", "cpu: 0.7").replace("memorySize: 512", "memorySize: 1024")
    (tmp_path / "template.yml").write_text(text, encoding="utf-8")
    larger = given._replace(functions=deployed(tmp_path / "template.yml"))
    assert larger.functions["receive"].size == Size(0.7, 1, 0.5)
    assert sum(both[0] for both in model.fixed(larger).values()) > 1.9 * sum(
        both[0] for both in model.fixed(given).values()
    )
    assert month(MILLION, larger).units() > month(MILLION, given).units()


def test_b7_holds_for_what_was_measured() -> None:
    """The last measurement keeps the promise."""
    assert priced(load()).held


def test_b7_the_page_is_what_the_model_says(given: Given) -> None:
    """The tables and the picture in docs/ are those of the measurement, template and prices that are here.

    If this fails: `.venv/bin/python -m benchmarks.cost write`.
    """
    text = page.PATH.read_text("utf-8")
    assert page.filled(text, given) == text
    assert set(page.marks(text)) == set(page.blocks(given)), "every table has its place"
    assert page.PICTURE.read_text("utf-8") == page.drawn(given)


def test_b7_the_page_notices_other_figures(given: Given) -> None:
    """Another assumption, or another measurement, gives another page."""
    text = page.PATH.read_text("utf-8")
    other = given._replace(assumed=changed(given.assumed, ["request_ms=11"]))
    slower = given._replace(measured=given.measured.model_copy(update={"naive_cpu_ms": 1000.0}))
    assert page.filled(text, other) != text
    assert page.filled(text, slower) != text


def test_b7_the_picture_shows_every_volume(given: Given) -> None:
    """It is well-formed, stands by itself, and its bars add up to their whole width."""
    root = ET.fromstring(page.drawn(given))  # noqa: S314 - our own
    names = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [f"{calls:,.0f} calls a day" in names for calls in page.VOLUMES.values()] == [True] * 3
    assert "href" not in page.drawn(given)


def test_b7_everything_grows_with_the_calls(given: Given) -> None:
    """Twice the calls: twice the pushes, messages, recordings and bytes, never more; what is fixed stays."""
    one, two = month(MILLION, given), month(2 * MILLION, given)
    assert two.work["receive"].units() == pytest.approx(2 * one.work["receive"].units())
    assert two.requests.sent == pytest.approx(2 * one.requests.sent)
    assert two.tables_gb == pytest.approx(2 * one.tables_gb)
    # Fuller events.
    assert two.work["ingest"].units() < 2 * one.work["ingest"].units()
    assert two.fixed == one.fixed


def test_b7_a_limit_is_reached_where_the_page_says(given: Given) -> None:
    """At the number of calls that the table names, the busiest second takes all of the limit."""
    largest = month(100 * MILLION, given)
    for limit in limits.of(given.functions):
        calls = limits.reached(limit, largest)
        # Below it, events of `ingest` are less full: a little more is used than in proportion.
        assert limit.used(month(calls, given)) == pytest.approx(limit.value, rel=0.2)


def test_b7_a_push_between_two_measured_ones_lies_between_them(given: Given) -> None:
    """What was not measured is read off the straight line, at its ends too."""
    four, eight = (given.measured.push(size) for size in (4, 8))
    assert given.measured.push(6).message_bytes == pytest.approx((four.message_bytes + eight.message_bytes) / 2)
    assert given.measured.batch(1).receipts == pytest.approx(given.measured.batches[0].receipts)


@pytest.mark.parametrize("size", work.PUSHES)
def test_b7_the_work_is_as_large_as_it_says(size: int) -> None:
    """Every push has so many receipts, every event so many messages."""
    kind = work.Kind(100, size)
    events = work.events(kind)
    assert [one.receipts for one in events] == [100 * size]
    assert len(list(receipts_in(events[0].event))) == 100
    assert len(work.pushes(size)) == work.PUSHES_OF_A_SIZE


def test_b7_other_assumptions_give_other_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """The command takes them by name, and says which there are when it is not one."""
    assert main(["recorded_share=0"]) == 0
    assert "archive" in capsys.readouterr().out
    assert main(["moon=1"]) == 2
    assert "recorded_share" in capsys.readouterr().out
    assert main(["days=thirty"]) == 2
    assert "needs a number" in capsys.readouterr().out
