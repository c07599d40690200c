"""The documents say what is built: settings, columns, reasons, targets, links and examples are held against it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import pytest

from local.golden import EVENTS
from local.golden.bodies import TYPES, Bodies
from local.golden.envelope import received_at
from local.golden.recordings import SIZE, recordings
from local.vendor import shelve
from ops.invoking.commands import TIMEOUT_SECONDS
from receipts import errors, settings
from receipts.aliyun import catalogue
from receipts.deciding.rules import CallRule, TextRule
from receipts.domain.call import Call, Outcome, Status
from receipts.domain.letter import Letter
from receipts.domain.number import Number
from receipts.domain.parcel import Parcel
from receipts.domain.recording import Recording, State
from receipts.domain.text import Text
from receipts.domain.transcript import Transcript
from receipts.journal.envelope import Envelope
from receipts.recordings import schedule
from receipts.store import schema
from receipts.store.letters import PendingLetter
from template.reading import read_functions
from tests.recordings.support import BUCKET, REGION, world
from tests.store.support import INSTANCE, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from receipts.domain.row import Row

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
ROWS: dict[str, type[Row]] = {
    "calls": Call,
    "texts": Text,
    "numbers": Number,
    "transcripts": Transcript,
    "parcels": Parcel,
    "recordings": Recording,
}
REQUIRED = {
    "ALIYUN_PUSH_TOKENS": "made-up",
    "MNS_ENDPOINT": "http://127.0.0.1:1",
    "TABLESTORE_ENDPOINT": "http://127.0.0.1:2",
    "TABLESTORE_INSTANCE": "local",
    "OSS_ENDPOINT": "https://oss-cn-hangzhou.aliyuncs.com",
    "OSS_BUCKET": "receipts-local",
}
KEYS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAItest", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "made-up"}

# The golden day has links to both; the vendor's side has the first.
ARCHIVED, WAITING = "aliyun:7b3d90c4e1f20a01:call", "aliyun:7b3d90c4e1f20a01:ring"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
FOLDERS = "functions|shared|template|local|ops|ship|events|tests|docs|benchmarks|"
FOLDERS += "edge|journal|triggers|intake|store|aliyun|recordings|fetching|deciding"
# A file or folder of the project, written from its root or from that of the package.
PATH = re.compile(rf"(?<![\w./<>-])(?:{FOLDERS})/[\w./-]*\w(?:/|\b)(?![\w<>*/])")


class Block(NamedTuple):
    """A fenced block: its language and its text."""

    language: str
    text: str


def read(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """The fenced blocks, in order."""
    return [Block(*found) for found in FENCE.findall(text)]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return FENCE.sub("", text)


def section(text: str, title: str) -> str:
    """What stands under the heading of that title, its subsections included."""
    start = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert start, f"no section {title}"
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", prose_kept(rest), re.MULTILINE)
    return rest[: end.start()] if end else rest


def prose_kept(text: str) -> str:
    """The text with its fenced blocks blanked out, every position kept."""
    return FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def tables(text: str) -> list[list[list[str]]]:
    """The tables, each a list of rows of cells; the header is left out."""
    found: list[list[list[str]]] = []
    for group in re.findall(r"(?:^\|.*\|\n)+", prose(text) + "\n", re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in group.splitlines()]
        found.append(rows[2:])
    return found


def name_of(cell: str) -> str:
    """The one code span that a cell is."""
    found = re.fullmatch(r"`([^`]+)`", cell)
    assert found, f"not a name: {cell}"
    return found[1]


def anchors(text: str) -> set[str]:
    """The fragments by which its headings can be linked to."""
    titles = [title for _, title in HEADING.findall(prose(text))]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_both_readmes_are_in_step() -> None:
    """Whoever reads one language gets what the other says: sections, commands, tables, links."""
    english, chinese = (read(name) for name in READMES)
    levels = [[len(marks) for marks, _ in HEADING.findall(prose(text))] for text in (english, chinese)]
    assert levels[0] == levels[1]
    assert blocks(english) == blocks(chinese)
    spans = [[[SPAN.findall(" ".join(row)) for row in table] for table in tables(text)] for text in (english, chinese)]
    assert spans[0] == spans[1]
    links = [
        sorted(link for link in LINK.findall(text) if not link.startswith(("#", "README")))
        for text in (english, chinese)
    ]
    assert links[0] == links[1]


@pytest.mark.parametrize(
    ("name", "title", "required", "empty"),
    [(READMES[0], "Settings", "required", "empty"), (READMES[1], "配置", "必填", "空")],
)
def test_the_settings_are_those_of_the_code(name: str, title: str, required: str, empty: str) -> None:
    """The table of settings lists every one with its default; in English with the words of the code."""
    (table,) = tables(section(read(name), title))
    shown = {None: required, "": empty}
    assert [row[:2] for row in table] == [
        [f"`{one.name}`", shown.get(one.default, f"`{one.default}`")] for one in settings.ALL
    ]
    if name == READMES[0]:
        meanings = [one.meaning.replace("`", "") for one in settings.ALL]
        assert [row[2].replace("`", "") for row in table] == meanings


def test_every_setting_is_described() -> None:
    """docs/configuration.md has a section for each setting and for nothing else that looks like one."""
    titles = re.findall(r"^### `(\w+)`$", read("docs/configuration.md"), re.MULTILINE)
    assert sorted(titles) == sorted(one.name for one in settings.ALL)


@pytest.mark.parametrize(("name", "title"), [(READMES[0], "Point the vendor at it"), (READMES[1], "让厂商推送到这里")])
def test_every_message_type_has_its_address(name: str, title: str) -> None:
    """Both READMEs give the address of each type that is taken in; the other vendor's table follows."""
    table, huawei = tables(section(read(name), title))
    assert {one for row in huawei for one in SPAN.findall(row[-1]) if "://" in one} == {
        "https://<function URL>/huawei",
        "https://<decide URL>/huawei",
    }
    assert sorted(name_of(row[0]) for row in table) == sorted(catalogue.MESSAGE_TYPES)
    for row in table:
        assert row[-1] == f"`https://<function URL>/aliyun/<token>/{name_of(row[0])}`"


@pytest.mark.parametrize("name", [*DOCUMENTS, "events/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link names a file that is there, and a heading that is in it."""
    here = ROOT / name
    for link in LINK.findall(prose(here.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        path, _, fragment = link.partition("#")
        target = here.parent / path if path else here
        assert target.exists(), f"{name}: {link}"
        if fragment:
            assert fragment in anchors(target.read_text(encoding="utf-8")), f"{name}: {link}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_exist(name: str) -> None:
    """Every file and folder of the project that a document speaks of is there."""
    text = read(name)
    told = [path for span in SPAN.findall(prose(text)) for path in PATH.findall(span)]
    told += [path for block in blocks(text) if block.language == "sh" for path in PATH.findall(block.text)]
    missing = [path for path in told if not (ROOT / path).exists() and not (ROOT / "shared/receipts" / path).exists()]
    assert missing == []


@pytest.mark.parametrize("name", [*DOCUMENTS, "events/README.md"])
def test_make_targets_exist(name: str) -> None:
    """Every `make` command of a document is one of the Makefile's."""
    text = read(name)
    code = [*SPAN.findall(prose(text)), *(block.text for block in blocks(text))]
    told = {target for piece in code for target in re.findall(r"\bmake ([a-z]+)\b", piece)}
    assert told <= targets()


def test_the_readme_lists_every_make_target() -> None:
    """Nobody has to read the Makefile."""
    (table,) = tables(section(read("README.md"), "Make targets"))
    assert {name_of(row[0]).removeprefix("make ") for row in table} == targets()


def targets() -> set[str]:
    """The targets of the Makefile that people call."""
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_every_column_is_described(table: schema.Table) -> None:
    """docs/data-model.md has each table with its key and exactly the columns and types that are stored."""
    text = section(read("docs/data-model.md"), f"`{table.name}`")
    keys = ", ".join(f"`{key}`" for key in table.keys)
    assert text.strip().startswith(f"Key: {keys}.")
    described = {name_of(row[0]): row[1] for row in tables(text)[0]}
    assert described == {**dict.fromkeys(table.keys, "STRING"), **columns(table.name)}
    assert table.defined.items() <= described.items()


def columns(table: str) -> dict[str, str]:
    """The columns of a table besides its key, with their types in the store."""
    if table == "dead_letters":
        bodies = [b"{", b"\xff"]
        types = [_stored(PendingLetter(_letter(body), "20261120", {"a": 1}).merged(None) or {}) for body in bodies]
        # What `receipts dead-letters replay` adds.
        replayed = {"replayed_at": "INTEGER", "replay_result": "STRING"}
        return replayed | {name: " or ".join(dict.fromkeys(each[name] for each in types)) for name in types[0]}
    if table == "bindings":
        return _types(CallRule) | _types(TextRule)
    facts = {} if table == "recordings" else {"facts": "STRING"}
    return {**_types(ROWS[table]), **facts, "revision": "INTEGER"}


def _types(model: type[BaseModel]) -> dict[str, str]:
    return {
        name: "INTEGER" if int in _within(field.annotation) else "STRING" for name, field in model.model_fields.items()
    }


def _within(annotation: Any) -> set[Any]:
    """The type and, of a union or one with notes, those in it."""
    return {annotation}.union(*map(_within, get_args(annotation)))


def _letter(body: bytes) -> Letter:
    return Letter("invalid", "aliyun", "SecretReport", body, "wrong", 1, "a")


def _stored(row: dict[str, Any]) -> dict[str, str]:
    types = {str: "STRING", int: "INTEGER", bytearray: "BINARY"}
    return {name: types[type(value)] for name, value in row.items()}


def test_every_table_and_index_is_described() -> None:
    """No table is left out or made up; the indexes have the keys and columns of the schema."""
    text = read("docs/data-model.md")
    described = re.findall(r"^## `(\w+)`$", text, re.MULTILINE)
    assert sorted(described) == sorted(table.name for table in schema.TABLES)
    (table,) = tables(section(text, "Indexes"))
    told = {name_of(row[0]): (SPAN.findall(row[1]), SPAN.findall(row[2])) for row in table}
    made = [index for one in schema.TABLES for index in one.indexes]
    assert told == {index.name: (list(index.keys), list(index.columns)) for index in made}


def test_every_status_and_outcome_is_described() -> None:
    """The tables of states name each word that the columns can hold."""
    text = read("docs/data-model.md")
    (statuses,) = tables(section(text, "Status"))
    assert sorted(name_of(row[0]) for row in statuses) == sorted(get_args(Status))
    assert set(get_args(Outcome)) <= set(SPAN.findall(section(text, "Outcome")))
    (states,) = tables(section(text, "States of a recording"))
    assert sorted(name_of(row[0]) for row in states) == sorted(get_args(State))


def test_every_dead_letter_reason_is_described() -> None:
    """docs/contracts.md says of each reason what to do, and invents none."""
    (table,) = tables(section(read("docs/contracts.md"), "Dead letters"))
    kinds: list[type[errors.BadReceipt]] = errors.BadReceipt.__subclasses__()
    assert {name_of(row[0]) for row in table} == {kind.reason for kind in kinds}


def test_the_pauses_between_attempts_are_described() -> None:
    """docs/contracts.md gives the schedule of the code: every pause in order, and the last call."""
    text = section(read("docs/contracts.md"), "When a recording is tried again")
    (table,) = tables(text)
    seconds = {"s": 1, "min": 60, "h": 60 * 60}
    told = [int(number) * seconds[unit] for number, unit in (row[1].split() for row in table)]
    assert told == list(schedule.PAUSES_SECONDS)
    assert f"{schedule.LAST_CALL_SECONDS // 60} minutes before" in text


def test_invoking_outlasts_every_function() -> None:
    """Who invokes a deployed function waits as long as docs/configuration.md says, which is long enough for any."""
    assert f"{TIMEOUT_SECONDS:g} s" in section(read("docs/configuration.md"), "Invoking")
    for function in read_functions(ROOT / "template.yml", REQUIRED):
        start = function.initializer.timeout if function.initializer else 0
        assert start + function.timeout < TIMEOUT_SECONDS, function.name


class Remembering(dict[str, str]):
    """An environment that remembers what it was asked for."""

    asked: set[str]

    def get(self, key: str, default: Any = None) -> Any:
        """The variable."""
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (ROOT / "functions").glob("*/index.py")))
def test_the_template_gives_each_function_its_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function gets every setting that it reads, no other, and the default that the code has."""
    functions = {function.name: function for function in read_functions(ROOT / "template.yml", REQUIRED)}
    given = dict(functions[name].environment)
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "functions" / name / "index.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    environment = Remembering({**given, **KEYS})
    environment.asked = set()
    monkeypatch.setattr(os, "environ", environment)
    module.initialize(None)
    known = {one.name: one.default for one in settings.ALL}
    assert given.keys() == environment.asked & known.keys()
    assert given == {one: REQUIRED.get(one, known[one]) for one in given}


@pytest.fixture
def made_up_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The golden day in a store and a bucket, and `.local/endpoints.json` that leads there, as with `make up`."""
    bodies = Bodies(EVENTS / "bodies")
    pushes = [
        Envelope("aliyun", name, received_at(number), str(number), bodies.push(name))
        for number, name in enumerate(TYPES)
    ]
    with world() as made:
        made.store.take_in([*pushes, Envelope("aliyun", "SecretFutureReport", received_at(99), "99", b"[]")])
        shelve(recordings(bodies), made.files, made.pls)
        # The evening of that day: the vendor has deleted nothing yet, whenever this runs.
        made.clock.push(received_at(99) / 1000 + 60 * 60 - time.time())
        made.archive(ARCHIVED)
        keys = {"access_key_id": KEY.key_id, "access_key_secret": KEY.secret}
        where = {
            "tablestore": {"endpoint": made.store.server.endpoint, "instance": INSTANCE, **keys},
            "oss": {"endpoint": made.oss.endpoint, "bucket": BUCKET, "region": REGION, **keys},
        }
        (tmp_path / ".local").mkdir()
        (tmp_path / ".local/endpoints.json").write_text(json.dumps(where))
        monkeypatch.chdir(tmp_path)
        yield


@pytest.mark.usefixtures("made_up_day")
def test_the_examples_read_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    """The Python of docs/data-model.md runs as it stands and finds what it says."""
    names: dict[str, Any] = {}
    for block in blocks(read("docs/data-model.md")):
        if block.language == "python":
            exec(compile(block.text, "docs/data-model.md", "exec"), names)  # noqa: S102 - our own examples
    calls = {row["call_id"] for row in names["of_day"]}
    assert len(calls) == 5
    for found in ("of_order", "of_binding", "of_number"):
        assert names["call"]["call_id"] in {row["call_id"] for row in names[found]} <= calls
    printed = capsys.readouterr().out
    assert "ended answered 135 seconds" in printed
    assert "normal" in printed
    assert "unknown_type SecretFutureReport" in printed
    assert len(names["audio"]) == SIZE
    assert "archived audio/mpeg" in printed
    assert [row["recording_id"] for row in names["waiting"]] == [WAITING]
