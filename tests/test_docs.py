"""The documents say what is built: settings, addresses, targets, paths and links are held against it."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
from typing import Any

import pytest

from ops.invoking.commands import TIMEOUT_SECONDS
from receipts import settings
from receipts.aliyun import catalogue
from template.reading import read_functions
from tests.documents import (
    DOCUMENTS,
    HEADING,
    LINK,
    READMES,
    ROOT,
    SPAN,
    anchors,
    blocks,
    name_of,
    prose,
    read,
    section,
    tables,
)

REQUIRED = {
    "ALIYUN_PUSH_TOKENS": "made-up",
    "MNS_ENDPOINT": "http://127.0.0.1:1",
    "TABLESTORE_ENDPOINT": "http://127.0.0.1:2",
    "TABLESTORE_INSTANCE": "local",
    "OSS_ENDPOINT": "https://oss-cn-hangzhou.aliyuncs.com",
    "OSS_BUCKET": "receipts-local",
}
KEYS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAItest", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "made-up"}

FOLDERS = "functions|shared|template|local|ops|ship|events|tests|docs|benchmarks|"
FOLDERS += "edge|journal|triggers|intake|store|aliyun|recordings|fetching|deciding"
# A file or folder of the project, written from its root or from that of the package.
PATH = re.compile(rf"(?<![\w./<>-])(?:{FOLDERS})/[\w./-]*\w(?:/|\b)(?![\w<>*/])")


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


def test_the_settings_are_those_of_the_code() -> None:
    """The table of docs/configuration.md lists every setting with default and meaning in the words of the code."""
    (table,) = tables(section(read("docs/configuration.md"), "All settings"))
    shown = {None: "required", "": "empty"}
    assert [row[:2] for row in table] == [
        [f"`{one.name}`", shown.get(one.default, f"`{one.default}`")] for one in settings.ALL
    ]
    assert [row[2].replace("`", "") for row in table] == [one.meaning.replace("`", "") for one in settings.ALL]
    assert [row[0] for row in table if not re.search("[\u4e00-\u9fff]", row[3])] == []


@pytest.mark.parametrize(("name", "title"), [(READMES[0], "Settings"), (READMES[1], "配置")])
def test_the_readme_names_every_setting_that_must_be_set(name: str, title: str) -> None:
    """What both READMES call required is what the code requires, and what `make deploy` and the command do."""
    (table,) = tables(section(read(name), title))
    deployment = {"RECEIPTS_ACCOUNT_ID", "RECEIPTS_ROLE_ARN", *KEYS}
    required = {one.name for one in settings.ALL if one.default is None}
    named = {span for row in table for span in SPAN.findall(row[0])}
    assert named == required | {"ALIYUN_PUSH_TOKENS", "HUAWEI_APPS"} | deployment


@pytest.mark.parametrize("name", READMES)
def test_the_readme_is_short(name: str) -> None:
    """It is read in a few minutes, on a screen of any width: details are in docs."""
    lines = read(name).splitlines()
    assert len(lines) < 240
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


def test_every_setting_is_described() -> None:
    """docs/configuration.md has a section for each setting and for nothing else that looks like one."""
    titles = re.findall(r"^### `(\w+)`$", read("docs/configuration.md"), re.MULTILINE)
    assert sorted(titles) == sorted(one.name for one in settings.ALL)


def test_every_message_type_has_its_address() -> None:
    """docs/vendors.md gives the address of each type that is taken in, and says in both languages what it tells of."""
    (table,) = tables(section(read("docs/vendors.md"), "Aliyun: which address goes where"))
    assert sorted(name_of(row[0]) for row in table) == sorted(catalogue.MESSAGE_TYPES)
    for row in table:
        assert row[-1] == f"`https://<receive>/aliyun/<token>/{name_of(row[0])}`"
        assert re.search("[\u4e00-\u9fff]", row[2])


@pytest.mark.parametrize(("name", "title"), [(READMES[0], "Point the vendor at it"), (READMES[1], "让厂商推送到这里")])
def test_the_readme_has_an_address_of_each_vendor(name: str, title: str) -> None:
    """One example each, in the form of the tables of docs/vendors.md."""
    told = [span for span in SPAN.findall(section(read(name), title)) if "://" in span]
    assert told == [
        "https://<function URL>/aliyun/<token>/SecretReport",
        "https://<function URL>/huawei",
        "https://<decide URL>/huawei",
    ]


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


def test_what_the_command_points_at_is_there() -> None:
    """Every `docs/<page>, “<place>”` in the words of `receipts` is a heading of that page, or a row of its tables."""
    said = [
        node.value
        for path in (ROOT / "ops").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    told = {found for text in said for found in re.findall(r"(docs/[\w-]+\.md), “([^”]+)”", text)}
    assert told
    for page, place in told:
        text = prose(read(page))
        places = [title for _, title in HEADING.findall(text)] + [row[0] for table in tables(text) for row in table]
        assert place in places, f"{page}: {place}"


@pytest.mark.parametrize("name", [*DOCUMENTS, "events/README.md"])
def test_make_targets_exist(name: str) -> None:
    """Every `make` command of a document is one of the Makefile's."""
    text = read(name)
    code = [*SPAN.findall(prose(text)), *(block.text for block in blocks(text))]
    told = {target for piece in code for target in re.findall(r"\bmake ([a-z]+)\b", piece)}
    assert told <= targets()


def test_every_make_target_is_listed() -> None:
    """Nobody has to read the Makefile: CONTRIBUTING.md has its targets."""
    (table,) = tables(section(read("CONTRIBUTING.md"), "Make targets"))
    assert {name_of(row[0]).removeprefix("make ") for row in table} == targets()


def targets() -> set[str]:
    """The targets of the Makefile that people call."""
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


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
