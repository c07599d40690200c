"""Settings whose value depends on more than itself, or is read once more where it is used."""

from __future__ import annotations

from typing import Any

import pytest

from receipts.edge.settings import HuaweiSettings, ReceiveSettings
from receipts.errors import SettingError
from receipts.recordings.policy import api_policy, policy
from receipts.recordings.settings import ArchiveSettings, HuaweiLinkSettings, sweep_seconds
from receipts.settings import BucketSettings, QueueSettings, StoreSettings
from tests.receipts.support import caught, everything_said

BUCKET = {"OSS_ENDPOINT": "https://oss-cn-hangzhou-internal.aliyuncs.com", "OSS_BUCKET": "receipts"}


@pytest.mark.parametrize("apps", ['{"key": "secret"}', '{"key": "secret", "other": "secret"}'])
def test_one_vendor_is_enough(apps: str) -> None:
    """Whoever has Huawei's applications alone sets no token, and no token lets anything in."""
    env = {"MNS_ENDPOINT": "http://127.0.0.1:1", "HUAWEI_APPS": apps}
    assert ReceiveSettings.read(env).push_tokens == ()
    with pytest.raises(SettingError, match=r"^ALIYUN_PUSH_TOKENS: is not set\. "):
        ReceiveSettings.read({**env, "HUAWEI_APPS": "{}"})
    with pytest.raises(SettingError, match=r"^HUAWEI_APPS: "):
        ReceiveSettings.read({**env, "HUAWEI_APPS": apps[:-1]})


@pytest.mark.parametrize("wrong", ['{"key": "made-up-secret"', '{"made-up-secret": 1}', '{"key": ["made-up-secret"]}'])
def test_law_privacy_a_slip_in_the_apps_shows_no_secret(wrong: str) -> None:
    """The error of a comma too many does not print what stands around it."""
    error = caught(SettingError, HuaweiSettings.read, {"HUAWEI_APPS": wrong})
    assert error is not None
    assert "made-up-secret" not in everything_said(error)


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("https://oss-cn-hangzhou.aliyuncs.com", "cn-hangzhou"),
        ("http://OSS-ap-southeast-1-internal.aliyuncs.com:80/", "ap-southeast-1"),
        ("http://127.0.0.1:1", None),
        ("https://oss-accelerate.example.com", None),
        ("https://files.example.com", None),
        ("https://oss-.aliyuncs.com", None),
    ],
)
def test_the_region_is_read_from_the_endpoint(endpoint: str, region: str | None) -> None:
    """What the service's own host name says need not be said twice; another host name asks for the setting."""
    env = {**BUCKET, "OSS_ENDPOINT": endpoint}
    if region is not None:
        assert BucketSettings.read(env).region == region
        return
    with pytest.raises(SettingError, match=r"^OSS_REGION: is not set") as raised:
        BucketSettings.read(env)
    assert raised.value.setting == "OSS_REGION"
    assert BucketSettings.read({**env, "OSS_REGION": "cn-x"}).region == "cn-x"


def test_no_encryption_by_the_service_is_none() -> None:
    """`none` asks for nothing."""
    assert BucketSettings.read({**BUCKET, "OSS_ENCRYPTION": "None"}).encryption is None


def test_the_time_of_a_sweep_is_read() -> None:
    """It is a number of seconds within its limits, or the start fails with the setting's name."""
    assert sweep_seconds({"SWEEP_BUDGET_SECONDS": "600"}) == 600
    for wrong in ("4", "601", "1m", "90.5"):
        with pytest.raises(SettingError, match=r"^SWEEP_BUDGET_SECONDS: ") as raised:
            sweep_seconds({"SWEEP_BUDGET_SECONDS": wrong})
        assert raised.value.setting == "SWEEP_BUDGET_SECONDS"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("RECORDING_HOSTS", "ftp://files.example.com"),
        ("RECORDING_HOSTS", "files.example.com/recordings"),
        ("RECORDING_HOSTS", "*.example.com"),
        ("RECORDING_NETWORKS", "10.0.0.1/8"),
        ("RECORDING_NETWORKS", "files.example.com"),
    ],
)
def test_a_list_that_the_fetch_guard_cannot_read_stops_the_start(name: str, wrong: str) -> None:
    """A slip in what may be fetched is told by the setting's name, not by recordings that are never archived."""
    with pytest.raises(SettingError, match=rf"^{name}: entry 2 ") as raised:
        policy(ArchiveSettings.read({name: f"{'10.0.0.0/8' if 'NET' in name else 'a.example'},{wrong}"}))
    assert raised.value.setting == name


ADDRESSES = [
    (lambda env: StoreSettings.read({"TABLESTORE_INSTANCE": "i", **env}), "TABLESTORE_ENDPOINT"),
    (QueueSettings.read, "MNS_ENDPOINT"),
    (lambda env: BucketSettings.read({"OSS_BUCKET": "b", **env}), "OSS_ENDPOINT"),
    (lambda env: ReceiveSettings.read({"ALIYUN_PUSH_TOKENS": "t", **env}), "MNS_ENDPOINT"),
]


@pytest.mark.parametrize(
    "wrong",
    ["mns.example.com", "ftp://h", "http://", "http:///x", "http://h:port", "http://h:0", "http://h:65536", "http://[bad",
     "https://a b", "https://a\tb", "https://\uff48", "://h"],
)  # fmt: skip
@pytest.mark.parametrize(("read", "name"), ADDRESSES)
def test_law_least_surprise_an_address_that_is_none_stops_the_start_by_name(read: Any, name: str, wrong: str) -> None:
    """Not the first push, and not with an error of a library that does not say which setting it is about."""
    with pytest.raises(SettingError, match=rf"^{name}: must ") as raised:
        read({name: wrong})
    assert raised.value.setting == name


def test_an_address_is_taken_as_people_write_it() -> None:
    """A scheme in capitals, a slash at the end, a port, a literal address."""
    for written, read in (
        ("HTTPS://mns.example.com/", "https://mns.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:1", "http://[::1]:1"),
    ):
        assert QueueSettings.read({"MNS_ENDPOINT": written}).endpoint == read


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HUAWEI_API_ENDPOINT", "https://user@api.example.com", "the URL has a user before its host"),
        ("HUAWEI_API_ENDPOINT", "https://a.example,https://b.example", "the URL has a host"),
        ("HUAWEI_API_ENDPOINT", "https://127.1", "the URL has a host"),
        ("RECORDING_NETWORKS", "10.0.0.1/8", "entry 1 "),
    ],
)
def test_an_address_that_the_fetch_guard_cannot_read_stops_the_start(name: str, value: str, told: str) -> None:
    """The API's address is read as strictly as a link, and once, before anybody waits for a recording."""
    with pytest.raises(SettingError, match=rf"^{name}: {told}") as raised:
        api_policy(HuaweiLinkSettings.read({name: value}))
    assert raised.value.setting == name


def test_the_default_of_the_hosts_is_the_clouds_own() -> None:
    """Unless somebody says otherwise, recordings come from Alibaba Cloud, on the two usual ports."""
    (entry,) = policy(ArchiveSettings.read({})).entries
    assert entry.covers("secret-axb-record-files.oss-cn-shanghai.aliyuncs.com")
    assert not entry.covers("aliyuncs.com.example.com")
    assert entry.ports == {"https": 443, "http": 80}
