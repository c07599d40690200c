"""`receipts gaps`: what is missing is found, counted and listed; what is as it should be is not."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from receipts.store import schema
from receipts.times import china_day
from tests.ops.made_up_weeks import DAY_MS, HOUR_MS, begun, ended, letter, put, recording, weeks
from tests.store.support import ended as ended_receipt
from tests.store.support import push, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ops.conftest import Ops, Told

CHINA = timezone(timedelta(hours=8))
NOW = datetime.now(CHINA)
NOW_MS = round(NOW.timestamp() * 1000)
# The latest Monday but one: there are whole weeks before it, and it is over.
MONDAY = (NOW - timedelta(days=NOW.weekday() + 7)).replace(hour=10, minute=30, second=0, microsecond=0)
MONDAY_MS = round(MONDAY.timestamp() * 1000)


@pytest.fixture(autouse=True)
def china(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator whose clock shows China's time."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def gaps(ops: Ops, *arguments: str) -> Told:
    """The command on the last seven days."""
    return ops.run("gaps", "--since", "7d", *arguments)


def before_monday(ops: Ops, days: int) -> list[dict[str, Any]]:
    """What the command says of the days before that Monday, for machines."""
    since, until = (f"{moment:%Y-%m-%d %H:%M}" for moment in (MONDAY - timedelta(days=days), MONDAY))
    return ops.run("gaps", "--since", since, "--until", until, "--json").lines


def of(lines: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    """What it told machines of one kind."""
    return [line for line in lines if line["what"] == what]


def ago(hours: float) -> int:
    """So long before now, epoch milliseconds."""
    return NOW_MS - round(hours * HOUR_MS)


def clock(hours: float) -> str:
    """The same as the vendor writes it."""
    return f"{NOW - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


def test_an_empty_store_has_no_gaps(ops: Ops, tmp_path: Any) -> None:
    """Zeros, in words, as JSON and as a picture, and nothing to be alarmed at."""
    told = gaps(ops, "--check")
    assert (told.code, told.err) == (0, "")
    assert "no call ended" in told.out
    (summary,) = gaps(ops, "--json").lines
    assert summary["gaps"] == {"recordings": 0, "open_calls": 0, "silent_hours": 0, "dead_letters": 0}
    picture = tmp_path / "gaps.html"
    assert gaps(ops, "--picture", str(picture)).code == 0
    assert "No call ended in this time." in picture.read_text()


def test_calls_without_an_end_are_found_by_their_receipts(ops: Ops) -> None:
    """What began hours ago and has not ended, or nobody knows when; never what ended, or goes on."""
    long_ago, lately = clock(26), clock(0.5)
    ops.store.take_in(
        [
            push("SecretStartReport", [started("lost", call_time=long_ago), started("over", call_time=long_ago)], 1),
            push("SecretStartReport", [started("going-on", call_time=lately)], 2),
            push("SecretRingReport", [{"call_id": "undated"}], 3),
            push("SecretReport", [ended_receipt("over", call_time=long_ago)], 4),
        ]
    )
    told = gaps(ops, "--json", "--check")
    assert told.code == 2
    assert [row["call_id"] for row in of(told.lines, "open_call")] == ["aliyun:lost", "aliyun:undated"]
    assert len(of(gaps(ops, "--json", "--settled-hours", "30").lines, "open_call")) == 1
    # The receipt came late: the gap is closed.
    ops.store.take_in([push("SecretReport", [ended_receipt("lost", call_time=long_ago)], 5)])
    assert [row["call_id"] for row in of(gaps(ops, "--json").lines, "open_call")] == ["aliyun:undated"]


def test_recordings_that_are_not_archived_are_listed_with_what_is_in_the_way(ops: Ops) -> None:
    """The worst first; what is pending of a late call is under way, what is archived is only counted."""
    lost = {"last_error": "OSS answered 403 AccessDenied", "vendor_code": "isv.X"}
    made = [
        recording("aliyun", "well", ago(50), "archived"),
        recording("aliyun", "late", ago(30), "pending", last_error="the API did not answer"),
        recording("aliyun", "young", ago(1), "pending"),
        recording("aliyun", "denied", ago(1), "failed", **lost),
        recording("huawei", "13900000001", ago(60), "expired"),
        recording("aliyun", "gone", ago(70), "absent"),
        recording("aliyun", "long-ago", ago(24 * 9), "expired"),
    ]
    put(ops.store.client, schema.RECORDINGS, made)
    told = gaps(ops, "--json")
    assert [(row["recording_id"], row["state"]) for row in of(told.lines, "recording")] == [
        ("huawei:139****0001:call", "expired"),
        ("aliyun:gone:call", "absent"),
        ("aliyun:denied:call", "failed"),
        ("aliyun:late:call", "pending"),
    ]
    (summary,) = of(told.lines, "summary")
    assert summary["recordings"] == {
        "aliyun": {"absent": 1, "archived": 1, "failed": 1, "pending": 2},
        "huawei": {"expired": 1},
    }
    shown = gaps(ops).out
    assert "OSS answered 403 AccessDenied (isv.X)" in shown
    assert "Recordings not archived: 4" in shown
    assert "13900000001" not in shown + told.out
    assert "13900000001" in gaps(ops, "--reveal").out
    few = gaps(ops, "--limit", "1", "--json")
    assert (len(of(few.lines, "recording")), of(few.lines, "summary")[0]["gaps"]["recordings"]) == (1, 4)
    assert "--limit lists more" in gaps(ops, "--limit", "1").err


def test_open_dead_letters_are_grouped(ops: Ops) -> None:
    """By type and reason, with the newest to look at; what was replayed is none; a number in a type is hidden."""
    made = [letter(number, ago(number)) for number in range(1, 4)]
    made += [letter(9, ago(2), state="replayed"), letter(10, ago(2), type="17000000002", reason="unknown_type")]
    put(ops.store.client, schema.DEAD_LETTERS, made)
    told = gaps(ops, "--json")
    many, one = of(told.lines, "dead_letters")
    assert (many["type"], many["reason"], many["open"], many["newest"]) == (
        "SecretReport", "invalid", 3, f"{china_day(ago(1))}/00000000",
    )  # fmt: skip
    assert (one["type"], one["open"]) == ("170****0002", 1)
    assert "17000000002" not in gaps(ops).out + told.out


def test_a_picture_that_cannot_be_written_is_one_line(ops: Ops, tmp_path: Any) -> None:
    """With the file's name and what to do, and exit code 1."""
    (tmp_path / "folder.svg").mkdir()
    for name, why in (("none/gaps.svg", "No such file or directory"), ("folder.svg", "Is a directory")):
        told = gaps(ops, "--picture", str(tmp_path / name))
        assert (told.code, told.out) == (1, "")
        assert f"cannot be written ({why})" in " ".join(told.err.split())


def test_a_type_of_any_length_leaves_the_tables_readable(ops: Ops, tmp_path: Any) -> None:
    """It stood in the path of a push. Machines get it whole."""
    put(ops.store.client, schema.DEAD_LETTERS, [letter(1, ago(1), type="A" * 3000, reason="unknown_type")])
    picture = tmp_path / "gaps.html"
    assert gaps(ops, "--picture", str(picture)).code == 0
    for shown in (gaps(ops).out, ops.run("dead-letters", "list", "--all").out, picture.read_text()):
        assert "A" * 39 + "…" in shown
        assert "A" * 41 not in shown
    assert of(gaps(ops, "--json").lines, "dead_letters")[0]["type"] == "A" * 3000


def test_an_outage_is_told_from_a_quiet_night(ops: Ops) -> None:
    """Three hours of a working day without a call, and the hours since a vendor fell silent; no night, no Sunday."""
    thursday = (MONDAY - timedelta(days=4)).replace(minute=0)
    outage = thursday.replace(hour=14), thursday.replace(hour=17)
    put(ops.store.client, schema.CALLS, weeks("aliyun", MONDAY, 14, 0.3, outage))
    fell_silent = MONDAY.replace(hour=7, minute=0), MONDAY
    put(ops.store.client, schema.CALLS, weeks("huawei", MONDAY, 14, 0.2, fell_silent))
    aliyun, huawei = of(before_monday(ops, 7), "silence")
    start = round(outage[0].timestamp() * 1000)
    assert (aliyun["vendor"], aliyun["start"], aliyun["hours"]) == ("aliyun", start, 3)
    assert aliyun["usual"] > 20
    # 07, 08 and 09: the hour that goes on is not judged.
    assert (huawei["vendor"], huawei["hours"], huawei["end"]) == ("huawei", 3, MONDAY_MS - HOUR_MS // 2)
    # Of the last day alone the same is known, as the week before it is looked at.
    (lately,) = of(before_monday(ops, 1), "silence")
    assert lately["vendor"] == "huawei"


def test_few_calls_are_no_silence(ops: Ops) -> None:
    """A company with a call every three hours is not silent because of nine hours, but because of two days."""
    calls = [ended("aliyun", number, MONDAY_MS - (49 + 3 * number) * HOUR_MS) for number in range(100)]
    put(ops.store.client, schema.CALLS, calls)
    (silence,) = of(before_monday(ops, 7), "silence")
    assert silence["hours"] in (47, 48, 49)
    late = [ended("aliyun", 200 + number, MONDAY_MS - round((9.6 + 3 * number) * HOUR_MS)) for number in range(14)]
    put(ops.store.client, schema.CALLS, late)
    assert of(before_monday(ops, 7), "silence") == []


def test_calls_are_counted_by_day_however_many_pages(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page after page, day after day, each call once; what ended outside of the window is not shown."""
    monkeypatch.setattr("ops.gaps.counting.PAGE_ROWS", 7)
    calls = [ended("aliyun", number, MONDAY_MS - 1 - number * HOUR_MS // 2) for number in range(24 * 18)]
    put(ops.store.client, schema.CALLS, calls)
    (summary,) = of(before_monday(ops, 3), "summary")
    assert summary["until"] - summary["since"] == 3 * DAY_MS
    assert summary["calls"] == {"aliyun": 3 * 24 * 2}


def test_a_window_may_begin_before_there_were_calls(ops: Ops) -> None:
    """Days without a call cost no request: neither before the first call, nor between a stray one and the others."""
    calls = [ended("aliyun", number, MONDAY_MS - 1 - number * HOUR_MS) for number in range(30)]
    put(ops.store.client, schema.CALLS, calls)
    until = f"{MONDAY:%Y-%m-%d %H:%M}"
    for stray in (0, 1):
        put(ops.store.client, schema.CALLS, [ended("huawei", 1, MONDAY_MS - 700 * DAY_MS)] * stray)
        with ops.store.counted() as asked:
            told = ops.run("gaps", "--since", "1970-01-01", "--until", until, "--json")
        (summary,) = of(told.lines, "summary")
        assert summary["calls"] == {"aliyun": 30} | ({"huawei": 1} if stray else {})
        assert summary["since"] == -8 * HOUR_MS
        assert asked["GetRange"] < 25


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "2000-01-02", "--until", "2000-01-01"), "--since must be before --until"),
        (("--since", "yesterday"), "HH:MM:SS; or how long ago, as 36h or 7d"),
        (("--picture", "gaps.png"), "--picture takes a file that ends in .html or .svg"),
    ],
)
def test_a_slip_of_the_pen_is_told(ops: Ops, arguments: tuple[str, ...], said: str) -> None:
    """In words, before anything is asked."""
    told = ops.run("gaps", *arguments)
    assert told.code == 2
    assert said in " ".join(told.err.replace("│", " ").split())


def test_a_store_in_trouble_is_one_line(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to look at, no traceback; and exit code 1, which is none of `--check`."""
    monkeypatch.setenv("TABLE_PREFIX", "nobody_")
    told = gaps(ops, "--check")
    assert (told.code, len(told.err.splitlines())) == (1, 1)
    assert "receipts provision" in told.err


def test_json_is_one_object_a_line(ops: Ops) -> None:
    """For `jq` and the like, also with a picture beside it."""
    put(ops.store.client, schema.CALLS, [begun("aliyun", "open", ago(20))])
    assert [json.loads(line)["what"] for line in gaps(ops, "--json").out.splitlines()] == ["summary", "open_call"]
