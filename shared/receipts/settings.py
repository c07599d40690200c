"""Every setting, in one place: name, default, meaning. Read from the environment, once per instance.

Standard library only: `receive` reads its settings from here within a cold start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from receipts.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

KIB = 1024
MOST_DIGITS = 12


class Setting(NamedTuple):
    """One environment variable. `default` None means that it must be set; `secret` that it is never shown."""

    name: str
    default: str | None
    meaning: str
    secret: bool = False


ALIYUN_PUSH_TOKENS = Setting(
    "ALIYUN_PUSH_TOKENS",
    "",
    "Comma-separated secrets, one of which stands in the path of every Aliyun push. Two at once = rotation. "
    "One of this and `HUAWEI_APPS` must be set.",
    secret=True,
)
HUAWEI_APPS = Setting(
    "HUAWEI_APPS",
    "",
    "JSON object: the app key of each Huawei application -> its app secret. Empty: every push of Huawei is refused.",
    secret=True,
)
HUAWEI_AUTH = Setting(
    "HUAWEI_AUTH",
    "enforce",
    "`enforce`: refuse what none of those secrets signed; `log`: take it in and log why it would be refused.",
)
HUAWEI_MAX_AGE_HOURS = Setting(
    "HUAWEI_MAX_AGE_HOURS",
    "24",
    "Hours by which the time in the signature of a Huawei push may differ from now, either way (1 to 87648).",
)
MNS_ENDPOINT = Setting(
    "MNS_ENDPOINT",
    None,
    "Address of the MNS service that holds the queues: http(s)://<account>.mns.<region>[-internal].aliyuncs.com",
)
RECEIPTS_QUEUE = Setting("RECEIPTS_QUEUE", "receipts", "The queue between `receive` and `ingest`.")
RECEIPTS_DEAD_QUEUE = Setting(
    "RECEIPTS_DEAD_QUEUE", "receipts-dead", "Where messages go that `ingest` could not store in a day of tries."
)
MAX_BODY_BYTES = Setting(
    "MAX_BODY_BYTES", str(6 * KIB * KIB), "Largest push taken in, in bytes; a larger one is answered 413."
)
ACK_BUDGET_MS = Setting(
    "ACK_BUDGET_MS",
    "450",
    "Milliseconds within which a push is answered: 503 if the queue has not accepted it by then (50 to 500).",
)
TABLESTORE_ENDPOINT = Setting(
    "TABLESTORE_ENDPOINT",
    None,
    "Address of the TableStore instance: http(s)://<instance>.<region>.ots.aliyuncs.com",
)
TABLESTORE_INSTANCE = Setting("TABLESTORE_INSTANCE", None, "Name of the TableStore instance.")
TABLESTORE_REGION = Setting("TABLESTORE_REGION", "", "Region id for version 4 signatures; empty: version 2 signatures.")
TABLESTORE_CODEC = Setting(
    "TABLESTORE_CODEC",
    "auto",
    "Row codec of the TableStore SDK: `auto` (its native one where it loads), `python`, or `native` (or fail).",
)
TABLE_PREFIX = Setting("TABLE_PREFIX", "", "Put before every table and index name.")
STORE_BUDGET_SECONDS = Setting(
    "STORE_BUDGET_SECONDS",
    "60",
    "Seconds after which a batch that is not stored is given back for redelivery; below the function's timeout.",
)
OSS_ENDPOINT = Setting(
    "OSS_ENDPOINT",
    None,
    "Address of the OSS service that holds the bucket: http(s)://oss-<region>[-internal].aliyuncs.com",
)
OSS_BUCKET = Setting("OSS_BUCKET", None, "The bucket for recordings and for receipts too large for a queue message.")
OSS_REGION = Setting("OSS_REGION", "", "Region id of the bucket; empty: the one in the host name of `OSS_ENDPOINT`.")
OSS_ENCRYPTION = Setting(
    "OSS_ENCRYPTION", "AES256", "How OSS encrypts what is stored: `AES256` (its own keys), `KMS`, or `none`."
)
RECORDINGS_QUEUE = Setting("RECORDINGS_QUEUE", "recordings", "The queue of recordings to be archived.")
RECORDINGS_DEAD_QUEUE = Setting(
    "RECORDINGS_DEAD_QUEUE", "recordings-dead", "Where jobs go that `archive` could not even begin in a day of tries."
)
ALIYUN_RECORDING_DAYS = Setting(
    "ALIYUN_RECORDING_DAYS", "30", "Days for which Aliyun keeps a recording after its call (1 to 365)."
)
ALIYUN_URL_DELAY_SECONDS = Setting(
    "ALIYUN_URL_DELAY_SECONDS",
    "1200",
    "Seconds to wait after a SecretReport for the file behind its `record_url` to be made (0 to 86400).",
)
HUAWEI_RECORDING_DAYS = Setting(
    "HUAWEI_RECORDING_DAYS", "7", "Days for which Huawei keeps a recording after its call record was pushed (1 to 365)."
)
PLS_ENDPOINT = Setting("PLS_ENDPOINT", "https://dyplsapi.aliyuncs.com", "Address of Aliyun's number-protection API.")
PLS_REGION = Setting("PLS_REGION", "cn-hangzhou", "Region id that the API is called with.")
ALIYUN_GONE_CODES = Setting(
    "ALIYUN_GONE_CODES",
    "",
    "Comma-separated codes by which the API says that a recording is gone for good; empty: tried until the deadline.",
)
HUAWEI_API_ENDPOINT = Setting(
    "HUAWEI_API_ENDPOINT",
    "",
    "Address of Huawei's number-protection API, which gives links to recordings; empty: only links in call records.",
)
RECORDING_HOSTS = Setting(
    "RECORDING_HOSTS",
    "http://aliyuncs.com",
    "Where recordings may be fetched from: comma-separated `[http://]host[:port]`, names below included; "
    "https only, unless http:// stands before the host.",
)
RECORDING_NETWORKS = Setting(
    "RECORDING_NETWORKS",
    "",
    "Networks (comma-separated `address/length`) that may be fetched from although they are not public.",
)
RECORDING_MAX_BYTES = Setting(
    "RECORDING_MAX_BYTES", str(2 * KIB * KIB * KIB), "Largest recording taken, in bytes (1024 to 39 GB)."
)
ARCHIVE_BUDGET_SECONDS = Setting(
    "ARCHIVE_BUDGET_SECONDS",
    "240",
    "Seconds after which an unfinished copy of a recording is put off; below the function's timeout (5 to 3600).",
)
SWEEP_BUDGET_SECONDS = Setting(
    "SWEEP_BUDGET_SECONDS", "90", "Seconds after which a sweep leaves the rest to the next one (5 to 600)."
)
ALICOM_QUEUES = Setting(
    "ALICOM_QUEUES",
    "",
    "The vendor's queues that `poll` empties: comma-separated `MessageType:QueueName`; empty: none.",
)
ALICOM_ENDPOINT = Setting(
    "ALICOM_ENDPOINT",
    "https://1943695596114318.mns.cn-hangzhou.aliyuncs.com",
    "Address of the MNS service of Alibaba's own account, which holds those queues.",
)
ALICOM_API_ENDPOINT = Setting(
    "ALICOM_API_ENDPOINT",
    "https://dybaseapi.aliyuncs.com",
    "Address of the API that gives temporary keys to those queues.",
)
POLL_CONSUMERS = Setting("POLL_CONSUMERS", "8", "How many threads receive and store at a time (1 to 50).")
POLL_WAIT_SECONDS = Setting(
    "POLL_WAIT_SECONDS", "5", "Seconds to wait for a message before a queue counts as empty (0 to 30)."
)
POLL_BUDGET_SECONDS = Setting(
    "POLL_BUDGET_SECONDS", "50", "Seconds after which `poll` receives nothing more; the next tick goes on (5 to 600)."
)
DECIDE_BUDGET_MS = Setting(
    "DECIDE_BUDGET_MS",
    "300",
    "Milliseconds for a question; the safe answer is given if the rule book cannot be read in time (50 to 5000).",
)
DECIDE_CACHE_SECONDS = Setting(
    "DECIDE_CACHE_SECONDS", "3", "Seconds for which `decide` caches what it read in the rule book (0 to 60)."
)
DECIDE_CLOSE_TONE = Setting(
    "DECIDE_CLOSE_TONE", "", "Tone file that is played when a call is closed because no rule matches; empty: none."
)
HUAWEI_CONTROL_FORM = Setting(
    "HUAWEI_CONTROL_FORM",
    "object",
    "How `connectInfo` and `closeInfo` are written: `object`, or `array` for a list of one.",
)
LOG_LEVEL = Setting("LOG_LEVEL", "info", "`info`: a line per batch; `warning`: only what needs a person.")

ALL = (
    ALIYUN_PUSH_TOKENS,
    HUAWEI_APPS,
    HUAWEI_AUTH,
    HUAWEI_MAX_AGE_HOURS,
    MNS_ENDPOINT,
    RECEIPTS_QUEUE,
    RECEIPTS_DEAD_QUEUE,
    MAX_BODY_BYTES,
    ACK_BUDGET_MS,
    TABLESTORE_ENDPOINT,
    TABLESTORE_INSTANCE,
    TABLESTORE_REGION,
    TABLESTORE_CODEC,
    TABLE_PREFIX,
    STORE_BUDGET_SECONDS,
    OSS_ENDPOINT,
    OSS_BUCKET,
    OSS_REGION,
    OSS_ENCRYPTION,
    RECORDINGS_QUEUE,
    RECORDINGS_DEAD_QUEUE,
    ALIYUN_RECORDING_DAYS,
    ALIYUN_URL_DELAY_SECONDS,
    HUAWEI_RECORDING_DAYS,
    PLS_ENDPOINT,
    PLS_REGION,
    ALIYUN_GONE_CODES,
    HUAWEI_API_ENDPOINT,
    RECORDING_HOSTS,
    RECORDING_NETWORKS,
    RECORDING_MAX_BYTES,
    ARCHIVE_BUDGET_SECONDS,
    SWEEP_BUDGET_SECONDS,
    ALICOM_QUEUES,
    ALICOM_ENDPOINT,
    ALICOM_API_ENDPOINT,
    POLL_CONSUMERS,
    POLL_WAIT_SECONDS,
    POLL_BUDGET_SECONDS,
    DECIDE_BUDGET_MS,
    DECIDE_CACHE_SECONDS,
    DECIDE_CLOSE_TONE,
    HUAWEI_CONTROL_FORM,
    LOG_LEVEL,
)


def log_level(env: Mapping[str, str]) -> str:
    """`info` or `warning`. Raises SettingError."""
    return choice(env, LOG_LEVEL, ("info", "warning"))


class StoreSettings(NamedTuple):
    """What every function that stores rows needs."""

    endpoint: str
    instance: str
    region: str | None
    codec: str
    table_prefix: str
    budget_seconds: float

    @classmethod
    def read(cls, env: Mapping[str, str]) -> StoreSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is missing or wrong."""
        return cls(
            endpoint=address(env, TABLESTORE_ENDPOINT),
            instance=text(env, TABLESTORE_INSTANCE),
            region=text(env, TABLESTORE_REGION) or None,
            codec=choice(env, TABLESTORE_CODEC, ("auto", "python", "native")),
            table_prefix=prefix(env, TABLE_PREFIX),
            budget_seconds=whole(env, STORE_BUDGET_SECONDS, 1, 600),
        )


class QueueSettings(NamedTuple):
    """The queue of recordings to be archived."""

    endpoint: str
    name: str

    @classmethod
    def read(cls, env: Mapping[str, str]) -> QueueSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is missing or wrong."""
        return cls(endpoint=address(env, MNS_ENDPOINT), name=text(env, RECORDINGS_QUEUE))


class BucketSettings(NamedTuple):
    """Where objects are kept. `encryption` is None for none of the service's."""

    endpoint: str
    bucket: str
    region: str
    encryption: str | None

    @classmethod
    def read(cls, env: Mapping[str, str]) -> BucketSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is missing or wrong."""
        endpoint = address(env, OSS_ENDPOINT)
        encryption = choice(env, OSS_ENCRYPTION, ("aes256", "kms", "none"))
        return cls(
            endpoint=endpoint,
            bucket=_bucket(env),
            region=_region(env, endpoint),
            encryption=None if encryption == "none" else encryption.upper(),
        )


def _bucket(env: Mapping[str, str]) -> str:
    name = text(env, OSS_BUCKET)
    short, long = 3, 63
    if not (short <= len(name) <= long and _is_label(name)):
        raise SettingError(OSS_BUCKET.name, "must be 3 to 63 small letters, digits and hyphens, none at either end")
    return name


def _region(env: Mapping[str, str], endpoint: str) -> str:
    """The region that is set, else the one in `oss-<region>[-internal].aliyuncs.com`."""
    region = text(env, OSS_REGION)
    if region:
        if not _is_label(region):
            raise SettingError(OSS_REGION.name, "may hold small letters, digits and hyphens only")
        return region
    host = endpoint.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    name, _, domain = host.partition(".")
    region = name.removeprefix("oss-").removesuffix("-internal")
    if not (name.startswith("oss-") and domain == "aliyuncs.com" and _is_label(region)):
        raise SettingError(OSS_REGION.name, f"is not set, and the host name in {OSS_ENDPOINT.name} does not tell it")
    return region


def _is_label(name: str) -> bool:
    """Whether it is made of small letters, digits and hyphens, with no hyphen at either end."""
    letters = name.replace("-", "")
    return letters.isascii() and letters.isalnum() and letters == letters.lower() and name == name.strip("-")


def text(env: Mapping[str, str], setting: Setting) -> str:
    """The setting's text without blanks around it; an empty variable counts as one that is not set."""
    value = (env.get(setting.name) or "").strip()
    if value:
        return value
    if setting.default is None:
        raise SettingError(setting.name, f"is not set. {setting.meaning}")
    return setting.default


def address(env: Mapping[str, str], setting: Setting) -> str:
    """An http(s) address with a host, without a trailing slash."""
    value = text(env, setting).rstrip("/")
    scheme, mark, rest = value.partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        raise SettingError(setting.name, f"must begin with http:// or https://. {setting.meaning}")
    value = f"{scheme.lower()}://{rest}"
    if not _is_address(value):
        raise SettingError(setting.name, f"must hold a host, and a port only as a number. {setting.meaning}")
    return value


def _is_address(value: str) -> bool:
    """Whether it names a host, and nothing in it would be read differently on the way."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    # `urlsplit` drops tabs and line breaks without a word.
    plain = value.isascii() and value.isprintable() and " " not in value
    return plain and bool(parts.hostname) and port != 0


def whole(env: Mapping[str, str], setting: Setting, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    value = text(env, setting)
    digits = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
    if not (digits and low <= int(value) <= high):
        raise SettingError(setting.name, f"must be a whole number from {low} to {high}. {setting.meaning}")
    return int(value)


def choice(env: Mapping[str, str], setting: Setting, words: tuple[str, ...]) -> str:
    """One of `words`, whatever its case."""
    value = text(env, setting).lower()
    if value not in words:
        raise SettingError(setting.name, f"must be one of {', '.join(words)}. {setting.meaning}")
    return value


def prefix(env: Mapping[str, str], setting: Setting) -> str:
    """The beginning of a table name: letters, digits and underscores, not a digit first."""
    value = text(env, setting)
    if value and not (value.isascii() and value.isidentifier()):
        raise SettingError(setting.name, f"may hold letters, digits and underscores only. {setting.meaning}")
    return value
