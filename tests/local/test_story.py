"""The made-up day is always the same, tells what it promises, and holds nothing real."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from local.golden import EVENTS
from local.golden.bodies import Bodies
from local.story import Push, Story, story
from local.story.day import to_nowhere
from local.story.plots import PLOTS
from local.story.queue_forms import QUEUE_FORMS

CALL_TYPES = ("SecretStartReport", "SecretRingReport", "SecretPickUpReport", "SecretReport", "SecretRecording")
SEEDS = range(6)
THREE_DAYS_MS = 3 * 86_400_000


@pytest.fixture(scope="module", params=SEEDS)
def day(request: pytest.FixtureRequest) -> Story:
    """A day of 120 calls, one per seed."""
    return story(request.param, calls=120)


def receipts_of(push: Push) -> list[dict[str, Any]] | None:
    """The receipts in a push; None if its body is not JSON."""
    try:
        receipts: list[dict[str, Any]] = json.loads(push.body)
    except ValueError:
        return None
    return receipts


def readable(pushes: list[Push]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The type and the receipts of every push that is JSON."""
    read = [(push.message_type, receipts_of(push)) for push in pushes]
    return [(message_type, receipts) for message_type, receipts in read if receipts is not None]


def told(day: Story, *types: str) -> list[dict[str, Any]]:
    """Every receipt of these types, as often as it comes."""
    return [receipt for name, receipts in readable(day.pushes) for receipt in receipts if name in types]


def is_poison(receipt: dict[str, Any]) -> bool:
    """Whether nobody can place this receipt of a call."""
    return "call_id" not in receipt or "25:61" in str(receipt["call_time"])


def test_the_same_seed_makes_the_same_day() -> None:
    """A failure in the demo can be had again from its seed; another seed is another day."""
    assert story(5, calls=40) == story(5, calls=40)
    assert story(5, calls=40).pushes != story(6, calls=40).pushes


def test_a_push_holds_one_to_eight_receipts(day: Story) -> None:
    """Receipts come in batches of every size the demo wants to show."""
    sizes = Counter(len(receipts) for _, receipts in readable(day.pushes))
    assert set(sizes) <= set(range(1, 9))
    assert len(sizes) > 4


def test_some_receipts_and_some_pushes_come_twice(day: Story) -> None:
    """The day exercises repetition both ways: the same push again, the same receipt in another push."""
    assert max(Counter(day.pushes).values()) > 1
    once = list(dict.fromkeys(day.pushes))
    receipts = Counter(json.dumps(receipt) for _, receipts in readable(once) for receipt in receipts)
    assert max(receipts.values()) > 1


def test_every_outcome_and_every_unfinished_state_occurs() -> None:
    """As many calls as there are plots are enough to see each once."""
    rows = story(3, calls=len(PLOTS)).expected.calls.values()
    assert {row["outcome"] for row in rows if "outcome" in row} == {
        "answered", "busy", "no_answer", "rejected", "unreachable", "blocked", "unbound", "failed",
    }  # fmt: skip
    assert {row["status"] for row in rows} == {"initiated", "ringing", "answered", "ended"}


def test_the_calls_expected_are_the_calls_told(day: Story) -> None:
    """Every expected call is told by a receipt that can be read, and no other call is."""
    ids = {f"aliyun:{receipt['call_id']}" for receipt in told(day, *CALL_TYPES) if not is_poison(receipt)}
    assert ids == set(day.expected.calls)


def test_the_columns_expected_are_what_the_receipts_say(day: Story) -> None:
    """Read from the other side, the furthest receipt of a call gives the status and the talk that are expected."""
    reports = {f"aliyun:{it['call_id']}": it for it in told(day, "SecretReport") if not is_poison(it)}
    ringing = {f"aliyun:{it['call_id']}" for it in told(day, "SecretRingReport")}
    picked_up = {f"aliyun:{it['call_id']}": it for it in told(day, "SecretPickUpReport")}
    for call_id, row in day.expected.calls.items():
        report = reports.get(call_id)
        if report is None:
            status = "answered" if call_id in picked_up else "ringing" if call_id in ringing else "initiated"
            assert (row["status"], row.get("outcome")) == (status, None)
            continue
        assert row["status"] == "ended"
        talked = report["start_time"] != report["release_time"]
        assert talked == (row["outcome"] == "answered") == ("talk_seconds" in row) == ("answered_at" in row)
        assert (report["control_msg"] == "NO_SUBS_EXIST") == (row["outcome"] == "unbound")
        assert (report["call_type"] == 4) == (row["outcome"] == "blocked")
        if call_id in picked_up:
            assert picked_up[call_id]["start_time"] == report["start_time"]


def test_what_is_expected_beside_the_calls_is_what_the_receipts_say(day: Story) -> None:
    """Texts, transcripts, recordings, numbers and parcels: newest receipt wins, counted once."""
    expected = day.expected
    assert expected.texts == {str(receipt["id"]) for receipt in told(day, "SecretSmsIntercept")}
    assert expected.transcripts == {f"aliyun:{receipt['callId']}" for receipt in told(day, "SecretAsrReport")}
    reports = [it for it in told(day, "SecretReport") if not is_poison(it)]
    assert expected.recordings == {
        *(f"aliyun:{it['call_id']}:call" for it in told(day, "SecretRecording")),
        *(f"aliyun:{it['call_id']}:call" for it in reports if "record_url" in it),
        *(f"aliyun:{it['call_id']}:ring" for it in reports if "ring_record_url" in it),
    }
    nodes = sorted(told(day, "SmartLogisticsReport"), key=lambda node: node["logisticsGmtModified"])
    assert expected.parcels == {node["mailNo"]: node["logisticsStatus"] for node in nodes}
    managed = sorted(told(day, "NumberManagementReport"), key=lambda it: it["operating_time"])
    troubled = sorted(told(day, "SecretExceptionPhoneReport"), key=lambda it: it["timestamp"])
    states = {it["secret_no"]: {1: "created", 2: "deleted"}[it["status"]] for it in managed}
    states |= {it["secretNo"]: {0: "abnormal", 1: "normal"}[it["noStatus"]] for it in troubled}
    assert expected.numbers == states


def test_a_recording_is_told_as_it_says(day: Story) -> None:
    """By a SecretRecording, by a link to its file in the report, or by both; call, time and pool are the receipts'."""
    announced = {it["call_id"]: it for it in told(day, "SecretRecording")}
    reports = {it["call_id"]: it for it in told(day, "SecretReport") if not is_poison(it)}
    for it in day.recordings:
        report = reports[it.call_id]
        link = report.get("ring_record_url" if it.ring else "record_url")
        assert link == (to_nowhere(it.file) if it.linked else None)
        assert it.announced == (not it.ring and it.call_id in announced)
        assert it.announced or it.linked
        assert it.recording_id == f"aliyun:{it.call_id}:{'ring' if it.ring else 'call'}"
        assert day.expected.calls[f"aliyun:{it.call_id}"]["started_at"] == it.call_time_ms
        assert it.ready_at_ms > int(day.expected.calls[f"aliyun:{it.call_id}"]["ended_at"])
        assert it.pool_key == report["pool_key"]
        if it.announced:
            assert announced[it.call_id]["call_time"] == it.call_time_ms


def test_only_what_happened_is_recorded(day: Story) -> None:
    """Talk that nobody took part in is not, nor the ringing of a telephone that did not ring."""
    reports = {it["call_id"]: it for it in told(day, "SecretReport") if not is_poison(it)}
    for it in day.recordings:
        outcome = day.expected.calls[f"aliyun:{it.call_id}"]["outcome"]
        assert it.ring or outcome == "answered"
        assert reports[it.call_id]["ring_time"] > reports[it.call_id]["call_out_time"]


def test_recordings_are_of_every_kind_and_size(day: Story) -> None:
    """All ways of telling occur in a day; most are small, a few take several parts to copy; no two share a file."""
    ways = Counter((it.ring, it.announced, it.linked) for it in day.recordings)
    ring = (True, False, True)
    assert set(ways) == {(False, True, False), (False, True, True), (False, False, True), ring}
    assert ways[ring] < len(day.recordings) / 2
    sizes = sorted(it.size for it in day.recordings)
    large = [size for size in sizes if size > 300_000]
    assert sizes[0] >= 20_000
    assert 0 < len(large) <= len(sizes) / 10
    assert 2_000_000 <= large[0] <= large[-1] <= 6_000_000
    assert len({it.file for it in day.recordings}) == len(sizes)
    assert all(it.file.endswith(f".{it.kind}") for it in day.recordings)
    assert all(mobile not in it.file for it in day.recordings for mobile in ("13900", "13700", "17000"))


def test_every_kind_of_file_occurs() -> None:
    """Over the year, so to speak."""
    assert {it.kind for seed in SEEDS for it in story(seed, calls=120).recordings} == {"mp3", "wav", "amr", "ogg"}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_day_has_a_talk_and_ringing_recorded(seed: int) -> None:
    """And nothing large, so that who needs only a few calls moves only a few bytes."""
    recordings = story(seed, calls=len(PLOTS)).recordings
    assert {it.ring for it in recordings} == {True, False}
    assert max(it.size for it in recordings) <= 300_000


def test_how_links_are_made_changes_nothing_else() -> None:
    """The same day with other links is told by the same pushes but for the links."""
    day = story(5, calls=40)
    other = story(5, calls=40, link=lambda file: f"http://127.0.0.1:9/{file}")
    assert other.recordings == day.recordings
    assert other.expected == day.expected

    def without(push: Push) -> Any:
        fields = {"record_url", "ring_record_url"}
        receipts = receipts_of(push)
        return receipts and [{name: it[name] for name in it if name not in fields} for it in receipts]

    assert list(map(without, other.pushes)) == list(map(without, day.pushes))
    links = [it["record_url"] for it in told(other, "SecretReport") if "record_url" in it]
    assert links
    assert all(link.startswith("http://127.0.0.1:9/") for link in links)


def test_the_day_may_be_another() -> None:
    """Three days later every moment is, in receipts, expectations and recordings, and nothing else is changed."""
    day = story(5, calls=40, flawed=False)
    later = story(5, calls=40, flawed=False, day=date(2026, 11, 23))
    stamp = re.compile(rb":(179\d{10})\b")
    for before, after in zip(day.pushes, later.pushes, strict=True):
        moved = stamp.sub(lambda found: b":%d" % (int(found[1]) + THREE_DAYS_MS), before.body)
        assert after == before._replace(body=moved.replace(b'"2026-11-20 ', b'"2026-11-23 '))
    for call_id, row in day.expected.calls.items():
        moments = {name: int(value) + THREE_DAYS_MS for name, value in row.items() if name.endswith("_at")}
        assert later.expected.calls[call_id] == row | moments
    for early, late in zip(day.recordings, later.recordings, strict=True):
        called, ready = early.call_time_ms + THREE_DAYS_MS, early.ready_at_ms + THREE_DAYS_MS
        assert late == early._replace(call_time_ms=called, ready_at_ms=ready)


def test_one_poison_stands_among_good_neighbours(day: Story) -> None:
    """The poison is one receipt, between two good ones that come in no other push."""
    batches = {json.dumps(receipts): receipts for name, receipts in readable(day.pushes) if name == "SecretReport"}
    (batch,) = [receipts for receipts in batches.values() if any(map(is_poison, receipts))]
    assert [is_poison(receipt) for receipt in batch] == [False, True, False]
    neighbours = {batch[0]["call_id"], batch[2]["call_id"]}
    others = [receipt for receipts in batches.values() if receipts is not batch for receipt in receipts]
    assert neighbours.isdisjoint(receipt["call_id"] for receipt in others)
    assert f"aliyun:{batch[1].get('call_id')}" not in day.expected.calls


def test_both_kinds_of_poison_occur_over_the_seeds() -> None:
    """A missing id and an unreadable time both get their turn."""
    poison = [it for seed in SEEDS for it in told(story(seed, calls=3), "SecretReport") if is_poison(it)]
    assert {"call_id" in receipt for receipt in poison} == {True, False}


def test_one_type_is_unknown_and_one_body_is_cut_off(day: Story) -> None:
    """The dead letters expected are there to be made, one each."""
    known = {*CALL_TYPES, "SecretAsrReport", "SecretSmsIntercept", "SmartLogisticsReport"}
    known |= {"NumberManagementReport", "SecretExceptionPhoneReport"}
    pushes = set(day.pushes)
    assert len({push for push in pushes if push.message_type not in known}) == 1
    assert len(pushes) - len(readable(list(pushes))) == 1
    assert day.expected.dead_letters == {"invalid": 1, "unknown_type": 1, "not_json": 1}


def test_numbers_are_made_up(day: Story) -> None:
    """Every number of the day is from the made-up ranges: a row of four zeros nobody is reached under."""
    mobiles = {found for push in day.pushes for found in re.findall(rb"(?<!\d)1[3-9]\d{9}(?!\d)", push.body)}
    assert mobiles
    assert all(re.fullmatch(rb"1[379][0-9]0000\d{4}|170000[12]\d{4}", number) for number in mobiles)


def named(message_type: str, receipt: dict[str, Any]) -> tuple[str, str]:
    """What tells a receipt of a call, or of a troubled number, from the others."""
    of_call = receipt.get("call_id") or receipt.get("callId")
    return message_type, str(of_call or (receipt["secretNo"], receipt["timestamp"]))


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_change_nothing_of_what_must_come_of_the_day(seed: int) -> None:
    """Every receipt comes in one way at least; how many in which is as counted, and most calls are told by both."""
    plain, mixed = story(seed, calls=120), story(seed, calls=120, by_queue=True)
    assert (mixed.expected, mixed.recordings) == (plain.expected, plain.recordings)
    pushed, sent = (
        {
            named(name, it)
            for name in QUEUE_FORMS
            for it in told(day, name)
            if name != "SecretReport" or not is_poison(it)
        }
        for day in (mixed, plain)
    )
    queued = {named(it.message_type, json.loads(it.body)) for it in mixed.queued}
    assert pushed | queued == sent
    assert (len(queued - pushed), len(queued & pushed)) == (mixed.ways.queue, mixed.ways.both)
    assert mixed.ways.both > 0
    assert sum(mixed.ways) == plain.ways.push
    assert (plain.queued, plain.ways.queue, plain.ways.both) == ([], 0, 0)
    by_push, by_queue = ({call for _, call in way} for way in (pushed, queued))
    assert len(by_push & by_queue & {it.removeprefix("aliyun:") for it in mixed.expected.calls}) > 60


def test_some_messages_of_a_queue_come_twice_and_in_no_order() -> None:
    """A queue delivers as carelessly as pushes do; the same seed the same way."""
    day = story(5, calls=120, by_queue=True)
    assert max(Counter(day.queued).values()) == 2
    types = [it.message_type for it in day.queued]
    assert types != sorted(types)
    assert day == story(5, calls=120, by_queue=True)


def test_a_queue_has_its_own_form_of_a_receipt() -> None:
    """One object, worded as the vendor's page of the queue says: names and types are the golden bodies'."""
    bodies = Bodies(EVENTS / "bodies")
    for it in story(5, calls=120, by_queue=True).queued:
        receipt, golden = json.loads(it.body), bodies.queued(it.message_type)
        assert receipt.keys() <= golden.keys(), it.message_type
        both = [name for name in receipt if None not in (receipt[name], golden[name])]
        assert [type(receipt[name]) for name in both] == [type(golden[name]) for name in both], it.message_type


def test_a_call_keeps_what_told_of_it(day: Story) -> None:
    """Read from the other side: the types of its receipts, transcripts aside."""
    types: dict[str, set[str]] = {}
    for name in CALL_TYPES:
        for receipt in told(day, name):
            if not is_poison(receipt):
                types.setdefault(f"aliyun:{receipt['call_id']}", set()).add(name)
    assert day.expected.told == types


def test_a_day_without_calls_is_refused() -> None:
    """The smallest day has one call; nothing is made of none."""
    assert len(story(1, calls=1).expected.calls) == 1
    with pytest.raises(ValueError, match="needs a call"):
        story(1, calls=0)
