"""docs/operations.md: what it says of log lines, its queries, its index and its examples hold for the code."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from mns.account import Account
from mns.mns_exception import MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.mns import MnsServer
from local.demo.pushing import send
from local.demo.queueing import put
from local.golden import EVENTS
from local.stack import KEY, PUSH_TOKEN, Stack
from local.story import story
from local.vendor import shelve
from receipts.logs import MOST_CUT, Log, word
from tests.documents import LINK, anchors, blocks, read, section, tables
from tests.local.support import wait_until
from tests.log_table import COMMON, MOST_BYTES, PAGE, fields, lines, logged, wrong_with

if TYPE_CHECKING:
    from pathlib import Path

INDEX = "docs/log-index.json"
# Of the platform's request metrics; docs/operations.md names them.
METRICS = {
    "functionName": "text",
    "durationMs": "double",
    "isColdStart": "text",
    "hasFunctionError": "text",
    "errorType": "text",
}
QUERIES = [block.text for block in blocks(read(PAGE)) if block.language == "sql"]
# What others write: the runtime around an invocation; the SDK where its native codec is missing.
OTHERS = ("FC ", "Native C++ ")
EVENT_NAMES = {event for _, event, _ in lines()}


def test_every_log_line_is_described() -> None:
    """The table has the events of the functions, each with its level, and no other."""
    assert set(lines()) == logged()


def test_every_field_is_described() -> None:
    """A field of a line is in the second table, and one of that is in some line; every result has its milliseconds."""
    used = frozenset[str]().union(*(line.fields for line in lines().values())) | COMMON
    assert used == fields().keys()
    assert {key for key, line in lines().items() if line.one_per} == {
        key for key, line in lines().items() if "ms" in line.fields
    } - {("sweep", "recording lost", "warning")}


def test_the_index_is_that_of_the_tables() -> None:
    """The body of CreateIndex knows each field with its type, and what is used of the request metrics."""
    keys: dict[str, Any] = json.loads(read(INDEX))["keys"]
    message = keys.pop("message")
    told = {name: one["type"] for name, one in message["json_keys"].items()}
    assert told == {name: kind for name, kind in fields().items() if kind != "json"}
    assert {name: one["type"] for name, one in keys.items()} == METRICS
    assert all(one["doc_value"] for one in [message, *message["json_keys"].values(), *keys.values()])
    assert set(METRICS) <= set(re.findall(r"`(\w+)`", section(read(PAGE), "Queries")))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("\n")[0])
def test_a_query_asks_for_what_there_is(query: str) -> None:
    """Every field and event of a query is one that is logged, by the function that it looks at; or a request metric."""
    search, _, sql = query.partition("|")
    assert search.strip()
    assert sql.strip().startswith("SELECT")
    names = set(re.findall(r"message\.(\w+)", query))
    assert names <= fields().keys()
    compared = re.findall(r'"message\.event" (?:=|IN) (\([^)]*\)|\'[^\']*\')', sql)
    events = {name for clause in compared for name in re.findall(r"'([^']+)'", clause)}
    assert events <= EVENT_NAMES
    functions = set(re.findall(r"message\.function: (\w+)", search))
    levels = set(re.findall(r"message\.level: (\w+)", search))
    asked = [
        (key, line)
        for key, line in lines().items()
        if key[1] in (events or EVENT_NAMES) and key[0] in (functions or {key[0]}) and key[2] in (levels or {key[2]})
    ]
    if names:
        assert asked
        assert events <= {key[1] for key, _ in asked}
        there = frozenset[str]().union(*(line.fields for _, line in asked)) | COMMON
        assert names <= there
    for extracted in re.findall(r"\$\.(\w+)", query):
        assert fields()[extracted] == "json"
    bare = set(re.findall(r"\b(?:[a-z]+[A-Z]\w*)\b", query))
    assert bare <= set(METRICS)


def test_every_alarm_leads_to_its_query_and_cure() -> None:
    """A threshold names a column that a query has, or an event; what to do is a section that is there."""
    (table,) = tables(section(read(PAGE), "Alarms"))
    there = anchors(read(PAGE))
    columns = {name for query in QUERIES for name in re.findall(r" AS (\w+)", query)}
    for row in table:
        named = set(re.findall(r"`([a-z_][a-z_ ]*)`", row[1]))
        assert named <= columns | EVENT_NAMES, row[0]
        for link in LINK.findall(row[4]):
            assert link.startswith("troubleshooting.md#") or link.removeprefix("#") in there, link


def test_a_word_from_outside_is_a_word() -> None:
    """A type of message is letters; nothing that could be a number, a token or a text gets through."""
    assert word("SecretReport") == "SecretReport"
    for hostile in ("", "17000000002", "a b", "x" * 41, "一三九", "Type2", "a\n", "a-b"):
        assert word(hostile) == "other"


def test_a_line_that_is_too_long_is_cut_into_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The platform would cut it anywhere: what is long is cut here, and every field is there."""
    Log("ingest").warning("batch not stored", "r-1", why="x" * 40_000, types={"a" * 40_000: 1}, messages=3, ms=None)
    text = capsys.readouterr().out
    assert len(text) < MOST_BYTES
    line = json.loads(text)
    assert (len(line["why"]), len(line["types"]), line["messages"], line["ms"]) == (MOST_CUT, MOST_CUT, 3, None)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What each function has logged after a made-up day: receipts, questions, recordings, refusals, letters."""
    stack = Stack(database=None, log_dir=tmp_path_factory.mktemp("logs"), environment={"ALIYUN_URL_DELAY_SECONDS": "0"})
    with stack:
        day = story(7, 6, by_queue=True, link=stack.files.url)
        shelve(day.recordings, stack.files, stack.pls)
        put(stack.alicom, day.queued)
        assert {one.status for one in send(stack.host.url("receive"), PUSH_TOKEN, day.pushes)} == {200}
        assert {one.status for one in send(stack.host.url("receive"), "wrong", day.pushes[:1])} == {403}
        for name in ("question-call", "question-text", "notification", "unsigned"):
            stack.host.invoke("decide", (EVENTS / "decide" / f"{name}.json").read_bytes())
        for name in ("huawei-fee", "huawei-question", "unknown-type", "not-json"):
            stack.host.invoke("receive", (EVENTS / "receive" / f"{name}.json").read_bytes())
        stack.host.tick("poll")
        stack.host.tick("sweep")
        wait_until(lambda: "recording archived" in stack.host.log("archive"), 60)
        wait_until(lambda: '"messages"' in stack.host.log("ingest"), 60)
        names = [function.name for function in stack.functions()]
        texts = {name: stack.host.log(name) for name in names}
    said = {name: [line for line in text.splitlines() if not line.startswith(OTHERS)] for name, text in texts.items()}
    return {name: [json.loads(line) for line in told] for name, told in said.items()}


def test_every_line_of_a_day_is_as_the_table_says(logs: dict[str, list[dict[str, Any]]]) -> None:
    """From processes as the platform runs them: nothing but lines of JSON, each with its fields, none too long."""
    assert all(logs.values())
    assert [wrong for told in logs.values() for line in told for wrong in wrong_with(line, json.dumps(line))] == []


def test_an_invocation_has_one_result(logs: dict[str, list[dict[str, Any]]]) -> None:
    """Every request id has exactly one line that says what came of it and how long it took."""
    for name in ("receive", "decide", "ingest", "poll", "sweep"):
        results = Counter[str]()
        for line in logs[name]:
            results[line["request_id"]] += bool(lines()[name, line["event"], line["level"]].one_per)
        assert set(results.values()) == {1}, name


def test_the_first_request_of_an_instance_is_cold(logs: dict[str, list[dict[str, Any]]]) -> None:
    """As many as there are instances, and not every one."""
    cold = [line["cold"] for line in logs["receive"] if "cold" in line]
    assert cold[0] is True
    assert 0 < sum(cold) < len(cold)


def test_receipts_are_counted_by_type(logs: dict[str, list[dict[str, Any]]]) -> None:
    """The types of all batches together are the receipts, the reasons the dead letters."""
    for name in ("ingest", "poll"):
        for line in logs[name]:
            if "types" in line:
                assert sum(line["types"].values()) == line["receipts"]
                assert sum(line["reasons"].values()) == line["letters"]
    assert "huawei/fee" in {kind for line in logs["ingest"] for kind in line["types"]}


def test_messages_move_back_from_the_dead_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The Python of the runbook runs as it stands: every message is where it came from, byte for byte, once."""
    (example,) = [block.text for block in blocks(read(PAGE)) if block.language == "python"]
    with MnsServer(key=KEY) as server:
        where = {"endpoint": server.endpoint, "access_key_id": KEY.key_id, "access_key_secret": KEY.secret}
        names = {"dead_queue": "receipts-dead", "receipts_queue": "receipts"}
        (tmp_path / ".local").mkdir()
        (tmp_path / ".local/endpoints.json").write_text(json.dumps({"mns": {**where, **names}}))
        monkeypatch.chdir(tmp_path)
        account = Account(*where.values())
        dead, live = account.get_queue("receipts-dead"), account.get_queue("receipts")
        for queue in (dead, live):
            queue.create(QueueMeta())
            queue.set_encoding(False)
        bodies = [base64.b64encode(f"made up {number}".encode()).decode() for number in range(3)]
        for body in bodies:
            dead.send_message(Message(body))
        exec(compile(example, PAGE, "exec"), {})  # noqa: S102 - our own example
        assert capsys.readouterr().out == "3 messages moved\n"
        assert sorted(live.receive_message().message_body for _ in bodies) == bodies
        for queue in (dead, live):
            with pytest.raises(MNSServerException, match="not exist"):
                queue.receive_message()
        account.mns_client.close_connection()
