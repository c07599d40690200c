"""Every setting: its default, its absence, its bad values; none is missing from the list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts import settings
from receipts.alicom.settings import PollSettings
from receipts.deciding.settings import DecideSettings
from receipts.edge.settings import HuaweiSettings, ReceiveSettings
from receipts.errors import SettingError
from receipts.recordings.settings import (
    ArchiveSettings,
    HuaweiLinkSettings,
    LinkSettings,
    RecordingRules,
    sweep_seconds,
)
from receipts.settings import ALL, BucketSettings, QueueSettings, Setting, StoreSettings
from tests.receipts.support import PROPERTY, caught, everything_said

RECEIVE = {"ALIYUN_PUSH_TOKENS": "made-up-token", "MNS_ENDPOINT": "http://127.0.0.1:1"}
STORE = {"TABLESTORE_ENDPOINT": "https://i.cn-hangzhou.ots.aliyuncs.com", "TABLESTORE_INSTANCE": "i"}
BUCKET = {"OSS_ENDPOINT": "https://oss-cn-hangzhou-internal.aliyuncs.com", "OSS_BUCKET": "receipts"}
QUEUE = {"MNS_ENDPOINT": "http://127.0.0.1:1"}
LEAST: dict[Any, dict[str, str]] = {
    HuaweiSettings: {},
    ReceiveSettings: RECEIVE,
    StoreSettings: STORE,
    BucketSettings: BUCKET,
    QueueSettings: QUEUE,
    RecordingRules: {},
    LinkSettings: {},
    HuaweiLinkSettings: {},
    PollSettings: {},
    ArchiveSettings: {},
    DecideSettings: QUEUE,
}
# What each reader takes from each setting: the field, a value, what it is read as, and values that are refused.
READ: list[tuple[Any, str, str, str, Any, tuple[str, ...]]] = [
    (
        ReceiveSettings,
        "ALIYUN_PUSH_TOKENS",
        "push_tokens",
        " a , 号 ",
        (b"a", "号".encode()),
        (",", "a,", "a,,b", ", "),
    ),
    (
        HuaweiSettings,
        "HUAWEI_APPS",
        "apps",
        ' {"key1": "secret", "key2 ": " 密 "} ',
        {"key1": b"secret", "key2": "密".encode()},
        (
            *("key=secret", "{", '["a", "b"]', '[["a", "b"]]', '"ab"', "1", "null", "[" * 100_000, '{"a": 1e9999}'),
            *('{"a": 1}', '{"a": null}', '{"a": {"b": "c"}}', '{"a": ["b"]}', '{"a": "\\ud800"}', '{"a": "\udcff"}'),
            *('{"a": ""}', '{"a": " "}', '{"": "a"}', '{"a": "b", "a": "c"}', f'{{"{"a" * 129}": "b"}}'),
        ),
    ),
    (HuaweiSettings, "HUAWEI_AUTH", "enforce", "LOG", False, ("off", "true", "enforce,log")),
    (HuaweiSettings, "HUAWEI_MAX_AGE_HOURS", "max_age_seconds", "87648", 315532800, ("0", "87649", "1.5", "-1", "1d")),
    (HuaweiSettings, "MAX_BODY_BYTES", "max_body_bytes", "33554432", 33554432, ("1023", "33554433")),
    (
        ReceiveSettings,
        "MNS_ENDPOINT",
        "mns_endpoint",
        "https://1.mns.x//",
        "https://1.mns.x",
        ("1.mns.x", "ftp://x", "http://"),
    ),
    (ReceiveSettings, "RECEIPTS_QUEUE", "receipts_queue", "q", "q", ()),
    (
        ReceiveSettings,
        "MAX_BODY_BYTES",
        "max_body_bytes",
        "1024",
        1024,
        ("1023", "33554433", "-1", "1e6", "6 MB", "１０２４"),
    ),
    (ReceiveSettings, "ACK_BUDGET_MS", "ack_budget_seconds", "50", 0.05, ("49", "501", "0.4", "x", "+60")),
    (
        StoreSettings,
        "TABLESTORE_ENDPOINT",
        "endpoint",
        "http://127.0.0.1:9/",
        "http://127.0.0.1:9",
        ("127.0.0.1", "https:/x"),
    ),
    (StoreSettings, "TABLESTORE_INSTANCE", "instance", " i2 ", "i2", ()),
    (StoreSettings, "TABLESTORE_REGION", "region", "cn-hangzhou", "cn-hangzhou", ()),
    (StoreSettings, "TABLESTORE_CODEC", "codec", "NATIVE", "native", ("c", "auto,python")),
    (StoreSettings, "TABLE_PREFIX", "table_prefix", "test_1_", "test_1_", ("1test", "te-st", "te st", "测试", "a.b")),
    (StoreSettings, "STORE_BUDGET_SECONDS", "budget_seconds", "600", 600, ("0", "601", "1.5", "")),
    (
        BucketSettings,
        "OSS_ENDPOINT",
        "endpoint",
        "http://oss-cn-beijing.aliyuncs.com/",
        "http://oss-cn-beijing.aliyuncs.com",
        ("oss-cn-beijing.aliyuncs.com", "ftp://x"),
    ),
    (
        BucketSettings,
        "OSS_BUCKET",
        "bucket",
        " ab-1 ",
        "ab-1",
        ("ab", "-ab", "ab-", "Ab1", "a_b", "录音桶", "a" * 64, "---"),
    ),
    (BucketSettings, "OSS_REGION", "region", "cn-beijing", "cn-beijing", ("CN", "cn beijing", "cn/x", "cn-", "杭州")),
    (BucketSettings, "OSS_ENCRYPTION", "encryption", "kms", "KMS", ("sm4", "AES")),
    (QueueSettings, "MNS_ENDPOINT", "endpoint", "http://1.mns.x/", "http://1.mns.x", ("1.mns.x", "ftp://x")),
    (QueueSettings, "RECORDINGS_QUEUE", "name", " q ", "q", ()),
    (RecordingRules, "ALIYUN_RECORDING_DAYS", "aliyun_days", "14", 14, ("0", "366", "-1", "7.5", "a month")),
    (RecordingRules, "HUAWEI_RECORDING_DAYS", "huawei_days", "8", 8, ("0", "366", "-1", "7.5", "a week")),
    (RecordingRules, "ALIYUN_URL_DELAY_SECONDS", "url_delay_seconds", "0", 0, ("-1", "86401", "20m", "１")),
    (
        LinkSettings,
        "PLS_ENDPOINT",
        "endpoint",
        "http://127.0.0.1:9/",
        "http://127.0.0.1:9",
        ("dyplsapi.aliyuncs.com", "ftp://x"),
    ),
    (LinkSettings, "PLS_REGION", "region", "cn-shanghai", "cn-shanghai", ()),
    (LinkSettings, "ALIYUN_GONE_CODES", "gone_codes", " isv.A, B ,,", ("isv.A", "B"), ()),
    (
        HuaweiLinkSettings,
        "HUAWEI_API_ENDPOINT",
        "endpoint",
        "https://rtcpns.example.com:12543/",
        "https://rtcpns.example.com:12543",
        ("rtcpns.example.com", "ftp://x"),
    ),
    (
        HuaweiLinkSettings,
        "HUAWEI_APPS",
        "apps",
        ' { "a1" : " s1 ", "a2": "密" } ',
        {"a1": b"s1", "a2": "密".encode()},
        ("a1:s1", '["a1"]', '{"a1": 7}', '{"a1": ""}', '{"": "s"}', '"a1"', "7"),
    ),
    (HuaweiLinkSettings, "RECORDING_NETWORKS", "networks", "10.0.0.0/8", "10.0.0.0/8", ()),
    (ArchiveSettings, "RECORDING_HOSTS", "hosts", " a.example,b.example ", "a.example,b.example", ()),
    (ArchiveSettings, "RECORDING_NETWORKS", "networks", "10.0.0.0/8", "10.0.0.0/8", ()),
    (ArchiveSettings, "RECORDING_MAX_BYTES", "max_bytes", "1024", 1024, ("1023", "41875931137", "2 GB", "1e9")),
    (ArchiveSettings, "ARCHIVE_BUDGET_SECONDS", "budget_seconds", "5", 5, ("4", "3601", "60s", "0.5")),
    (
        PollSettings,
        "ALICOM_QUEUES",
        "queues",
        " A : Alicom-Queue-1-A , A:Alicom-Queue-1-A-2",
        (("A", "Alicom-Queue-1-A"), ("A", "Alicom-Queue-1-A-2")),
        ("A", "A:", ":q", "A:q,", "A:q:r", "A:q,A:q"),
    ),
    (PollSettings, "ALICOM_ENDPOINT", "endpoint", "http://1.mns.x/", "http://1.mns.x", ("1.mns.x", "ftp://x")),
    (PollSettings, "ALICOM_API_ENDPOINT", "token_endpoint", "http://x", "http://x", ("x", "ftp://x")),
    (PollSettings, "PLS_REGION", "region", "cn-shanghai", "cn-shanghai", ()),
    (PollSettings, "POLL_CONSUMERS", "consumers", "50", 50, ("0", "51", "a few")),
    (PollSettings, "POLL_WAIT_SECONDS", "wait_seconds", "0", 0, ("-1", "31", "5s")),
    (PollSettings, "POLL_BUDGET_SECONDS", "budget_seconds", "600", 600, ("4", "601", "1m")),
    (DecideSettings, "MNS_ENDPOINT", "mns_endpoint", "https://1.mns.x/", "https://1.mns.x", ("1.mns.x",)),
    (DecideSettings, "RECEIPTS_QUEUE", "receipts_queue", "q", "q", ()),
    (DecideSettings, "DECIDE_BUDGET_MS", "budget_seconds", "5000", 5, ("49", "5001", "0.3", "300ms")),
    (DecideSettings, "DECIDE_CACHE_SECONDS", "cache_seconds", "0", 0, ("-1", "61", "3s")),
    (DecideSettings, "DECIDE_CLOSE_TONE", "close_tone", " 再见.wav ", "再见.wav", ("t" * 129,)),
    (DecideSettings, "HUAWEI_CONTROL_FORM", "form", "Array", "array", ("list", "objects")),
]
DEFAULTS = {
    "ALIYUN_PUSH_TOKENS": "",
    "HUAWEI_APPS": "",
    "HUAWEI_AUTH": "enforce",
    "HUAWEI_MAX_AGE_HOURS": "24",
    "MNS_ENDPOINT": None,
    "RECEIPTS_QUEUE": "receipts",
    "RECEIPTS_DEAD_QUEUE": "receipts-dead",
    "MAX_BODY_BYTES": "6291456",
    "ACK_BUDGET_MS": "450",
    "TABLESTORE_ENDPOINT": None,
    "TABLESTORE_INSTANCE": None,
    "TABLESTORE_REGION": "",
    "TABLESTORE_CODEC": "auto",
    "TABLE_PREFIX": "",
    "STORE_BUDGET_SECONDS": "60",
    "OSS_ENDPOINT": None,
    "OSS_BUCKET": None,
    "OSS_REGION": "",
    "OSS_ENCRYPTION": "AES256",
    "RECORDINGS_QUEUE": "recordings",
    "RECORDINGS_DEAD_QUEUE": "recordings-dead",
    "ALIYUN_RECORDING_DAYS": "30",
    "HUAWEI_RECORDING_DAYS": "7",
    "ALIYUN_URL_DELAY_SECONDS": "1200",
    "PLS_ENDPOINT": "https://dyplsapi.aliyuncs.com",
    "PLS_REGION": "cn-hangzhou",
    "ALIYUN_GONE_CODES": "",
    "HUAWEI_API_ENDPOINT": "",
    "RECORDING_HOSTS": "http://aliyuncs.com",
    "RECORDING_NETWORKS": "",
    "RECORDING_MAX_BYTES": "2147483648",
    "ARCHIVE_BUDGET_SECONDS": "240",
    "SWEEP_BUDGET_SECONDS": "90",
    "ALICOM_QUEUES": "",
    "ALICOM_ENDPOINT": "https://1943695596114318.mns.cn-hangzhou.aliyuncs.com",
    "ALICOM_API_ENDPOINT": "https://dybaseapi.aliyuncs.com",
    "POLL_CONSUMERS": "8",
    "POLL_WAIT_SECONDS": "5",
    "POLL_BUDGET_SECONDS": "50",
    "DECIDE_BUDGET_MS": "300",
    "DECIDE_CACHE_SECONDS": "3",
    "DECIDE_CLOSE_TONE": "",
    "HUAWEI_CONTROL_FORM": "object",
    "LOG_LEVEL": "info",
}


def least(reader: Any) -> dict[str, str]:
    """The settings that must be set."""
    return dict(LEAST[reader])


def test_law_least_surprise_every_setting_is_in_the_list() -> None:
    """One place lists them all, each under its own name, with a meaning."""
    declared = [value for value in vars(settings).values() if isinstance(value, Setting)]
    assert list(ALL) == declared
    assert all(getattr(settings, setting.name) is setting for setting in ALL)
    assert all(setting.meaning for setting in ALL)
    assert {setting.name for setting in ALL if setting.secret} == {"ALIYUN_PUSH_TOKENS", "HUAWEI_APPS"}


def test_law_least_surprise_the_defaults_are_pinned() -> None:
    """A default is a promise to every installation that does not set it."""
    assert {setting.name: setting.default for setting in ALL} == DEFAULTS


def test_law_least_surprise_what_is_not_set_is_the_default() -> None:
    """The least environment is enough; a blank variable counts as one that is not set."""
    receive = ReceiveSettings((b"made-up-token",), "http://127.0.0.1:1", "receipts", 6 * 1024 * 1024, 0.45)
    huawei = HuaweiSettings({}, enforce=True, max_age_seconds=86400, max_body_bytes=6 * 1024 * 1024)
    store = StoreSettings(STORE["TABLESTORE_ENDPOINT"], "i", None, "auto", "", 60)
    bucket = BucketSettings(BUCKET["OSS_ENDPOINT"], "receipts", "cn-hangzhou", "AES256")
    queue = QueueSettings("http://127.0.0.1:1", "recordings")
    rules = RecordingRules(aliyun_days=30, url_delay_seconds=1200)
    links = LinkSettings("https://dyplsapi.aliyuncs.com", "cn-hangzhou", ())
    limits = ArchiveSettings("http://aliyuncs.com", "", 2 * 1024**3, 240)
    decide = DecideSettings("http://127.0.0.1:1", "receipts", 0.3, 3, None, "object")
    blank = {name: "  " for name, default in DEFAULTS.items() if default is not None}
    for more in ({}, blank, dict.fromkeys(blank, "")):
        assert ReceiveSettings.read({**more, **RECEIVE}) == receive
        assert HuaweiSettings.read(more) == huawei
        assert StoreSettings.read({**more, **STORE}) == store
        assert BucketSettings.read({**more, **BUCKET}) == bucket
        assert QueueSettings.read({**more, **QUEUE}) == queue
        assert RecordingRules.read(more) == rules
        assert LinkSettings.read(more) == links
        assert HuaweiLinkSettings.read(more) == HuaweiLinkSettings("", {}, "")
        assert ArchiveSettings.read(more) == limits
        assert DecideSettings.read({**more, **QUEUE}) == decide
        assert sweep_seconds(more) == 90


@pytest.mark.parametrize(
    ("reader", "name"), [(reader, name) for reader, settings in LEAST.items() for name in settings]
)
@pytest.mark.parametrize("left", [None, "", " \t"])
def test_law_least_surprise_a_missing_setting_fails_with_its_name(reader: Any, name: str, left: str | None) -> None:
    """What has no safe default must be set: the error names it and says what it means."""
    env = least(reader)
    del env[name]
    with pytest.raises(SettingError, match=rf"^{name}: is not set\. ") as raised:
        reader.read(env if left is None else {**env, name: left})
    assert raised.value.setting == name
    assert getattr(settings, name).meaning in str(raised.value)


@pytest.mark.parametrize("row", READ, ids=[row[1] for row in READ])
def test_each_setting_is_read_into_its_field(row: Any) -> None:
    """A good value arrives as its type; each bad one is refused with the setting's name and without the value."""
    reader, name, field, value, read, bad = row
    assert getattr(reader.read({**least(reader), name: value}), field) == read
    for wrong in filter(str.strip, bad):
        with pytest.raises(SettingError, match=rf"^{name}: ") as raised:
            reader.read({**least(reader), name: wrong})
        assert raised.value.setting == name


def test_every_setting_of_a_reader_is_tried_above() -> None:
    """A new setting without a row in the table is noticed."""
    tried = {row[1] for row in READ}
    read_elsewhere = {"LOG_LEVEL", "RECEIPTS_DEAD_QUEUE", "RECORDINGS_DEAD_QUEUE", "SWEEP_BUDGET_SECONDS"}
    assert tried | read_elsewhere == {setting.name for setting in ALL}
    fields = {(row[0], row[2]) for row in READ}
    assert fields == {(reader, field) for reader in LEAST for field in reader._fields}


@given(st.sampled_from(READ), st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
@PROPERTY
def test_whatever_a_setting_holds_it_is_read_or_named(row: Any, value: str) -> None:
    """No value gets past the reader as another error than a SettingError with the name."""
    reader, name = row[:2]
    error = caught(SettingError, reader.read, {**least(reader), name: value})
    assert error is None or error.setting == name


@given(st.sampled_from(READ), st.from_regex(r"1[3-9][0-9]{9}[a-z]{3}!", fullmatch=True))
@PROPERTY
def test_law_privacy_no_setting_error_shows_the_value(row: Any, value: str) -> None:
    """A secret in the wrong variable does not come out in a log."""
    reader, name = row[:2]
    for wrong in (value, f"{value},,"):
        error = caught(SettingError, reader.read, {**least(reader), name: wrong})
        assert error is None or value not in everything_said(error)


@pytest.mark.parametrize("name", ["MAX_BODY_BYTES", "ACK_BUDGET_MS", "ALIYUN_PUSH_TOKENS"])
def test_a_value_that_python_itself_cannot_read_is_named_too(name: str) -> None:
    """Thousands of digits, bytes that are not UTF-8: the setting's error, not Python's."""
    for wrong in ("9" * 5000, "\udcff"):
        if name == "ALIYUN_PUSH_TOKENS" and wrong.isdigit():
            continue
        with pytest.raises(SettingError, match=rf"^{name}: "):
            ReceiveSettings.read({**RECEIVE, name: wrong})
