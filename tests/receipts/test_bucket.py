"""The bucket's client: what the service takes, gives and refuses, and the vendor's SDK as a second signer."""

from __future__ import annotations

import hashlib
import itertools
import socket
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from oss2.credentials import StaticCredentialsProvider

from local.cloud.faults import Fault
from local.cloud.oss.errors import OssError
from receipts.credentials import Credentials
from receipts.deadline import Deadline
from receipts.errors import BucketMisconfigured, BucketUnavailable
from receipts.journal.bucket import Bucket
from receipts.journal.exchange import Answer, Service
from receipts.journal.oss_signature import Request, signed
from tests.store.buckets import REGION, settings_of, with_bucket
from tests.store.support import BUCKET, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud.oss import OssServer

KEYS = Credentials(KEY.key_id, KEY.secret)
KEY_NAME = "oversize/2026/11/20/0123456789abcdef0123456789abcdef"
BODY = b"what no message holds" * 100_000


@pytest.fixture(scope="module")
def shared() -> Iterator[OssServer]:
    """The module's server."""
    with with_bucket() as server:
        yield server


@pytest.fixture
def server(shared: OssServer) -> Iterator[OssServer]:
    """The same without faults and objects."""
    yield shared
    shared.faults.clear()
    bucket = Bucket(settings_of(shared), time.time)
    for key in shared.keys(BUCKET):
        bucket.remove(key, KEYS, soon())
    bucket.close()
    shared.faults.calls.clear()


@pytest.fixture
def bucket(server: OssServer) -> Iterator[Bucket]:
    """The client."""
    made = Bucket(settings_of(server), time.time)
    yield made
    made.close()


def soon(seconds: float = 10.0) -> Deadline:
    """A deadline that a test does not meet."""
    return Deadline(seconds, time.monotonic)


def test_an_object_is_put_given_and_removed(bucket: Bucket, server: OssServer) -> None:
    """Its bytes come back, more than a queue's answer may have, over one connection; then it is gone."""
    bucket.put(KEY_NAME, BODY, KEYS, soon())
    assert len(BODY) > 2_000_000
    assert server.object(BUCKET, KEY_NAME) == BODY
    assert bucket.get(KEY_NAME, len(BODY), KEYS, soon()) == BODY
    for _ in range(2):
        bucket.remove(KEY_NAME, KEYS, soon())
    assert bucket.get(KEY_NAME, 1, KEYS, soon()) is None
    assert server.keys(BUCKET) == []


@pytest.mark.parametrize("encryption", ["AES256", "KMS", None])
def test_an_object_is_private_and_encrypted_as_set(server: OssServer, encryption: str | None) -> None:
    """Whatever the bucket's own rules are."""
    bucket = Bucket(settings_of(server, encryption=encryption), time.time)
    bucket.put(KEY_NAME, b"x", KEYS, soon())
    headers = server.headers(BUCKET, KEY_NAME)
    assert headers["x-oss-object-acl"] == "private"
    assert headers.get("x-oss-server-side-encryption") == encryption
    bucket.close()


def test_the_same_object_again_is_done_and_not_written_again(bucket: Bucket, server: OssServer) -> None:
    """An answer that got lost costs nothing: what is there under the key of these bytes are these bytes."""
    bucket.put(KEY_NAME, b"first", KEYS, soon())
    bucket.put(KEY_NAME, b"second", KEYS, soon())
    assert server.object(BUCKET, KEY_NAME) == b"first"


def test_an_answer_lost_with_its_connection_is_mended(bucket: Bucket, server: OssServer) -> None:
    """The service closes idle connections; the put that met this is sent again."""
    bucket.put(KEY_NAME + "0", b"x", KEYS, soon())
    server.faults.plan(Fault(close_after=True), on="PutObject")
    bucket.put(KEY_NAME, b"x", KEYS, soon())
    assert server.keys(BUCKET) == [KEY_NAME, KEY_NAME + "0"]


def test_temporary_keys_sign_with_their_token(bucket: Bucket, server: OssServer) -> None:
    """The platform's keys are temporary; the token is part of what is signed."""
    bucket.put(KEY_NAME, b"x", KEYS._replace(token="a-token+/="), soon())
    assert server.keys(BUCKET) == [KEY_NAME]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": "another"}, "SignatureDoesNotMatch"),
        ({"key_id": "LTAIother"}, "InvalidAccessKeyId"),
    ],
)
def test_wrong_keys_are_refused_with_the_code(
    bucket: Bucket, server: OssServer, change: dict[str, str], code: str
) -> None:
    """No retry mends it; the error names the code, no key and no object."""
    keys, words = KEYS._replace(**change), rf"^the bucket answered 403 {code}$"
    with pytest.raises(BucketMisconfigured, match=words):
        bucket.put(KEY_NAME, b"x", keys, soon())
    with pytest.raises(BucketMisconfigured, match=words):
        bucket.get(KEY_NAME, 1, keys, soon())
    with pytest.raises(BucketMisconfigured, match=words):
        bucket.remove(KEY_NAME, keys, soon())
    assert server.keys(BUCKET) == []


def test_a_bucket_that_is_not_there_is_a_setting_to_fix(server: OssServer) -> None:
    """Not taken for an object that is gone."""
    bucket = Bucket(settings_of(server, bucket="another"), time.time)
    with pytest.raises(BucketMisconfigured, match=r"^the bucket answered 404 NoSuchBucket$"):
        bucket.get(KEY_NAME, 1, KEYS, soon())
    bucket.close()


def test_a_clock_that_is_wrong_is_told(server: OssServer) -> None:
    """The signature is of its time: the clock is passed in."""
    bucket = Bucket(settings_of(server), lambda: time.time() - 3600)
    with pytest.raises(BucketMisconfigured, match="RequestTimeTooSkewed"):
        bucket.put(KEY_NAME, b"x", KEYS, soon())
    bucket.close()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503, code="ServiceUnavailable"),
        Fault(status=500),
        Fault(status=429, code="TooManyRequests"),
        Fault(status=400, code="RequestTimeout"),
        Fault(close_before=True),
    ],
)
def test_what_passes_is_unavailable(bucket: Bucket, server: OssServer, fault: Fault) -> None:
    """Worth another try."""
    server.faults.plan(fault, times=2)
    with pytest.raises(BucketUnavailable, match=r"^the bucket (did not answer|answered) "):
        bucket.put(KEY_NAME, b"x", KEYS, soon())


def test_a_bucket_that_hangs_ends_at_the_deadline(bucket: Bucket, server: OssServer) -> None:
    """Whichever call it is."""
    server.faults.plan(Fault(hang=30.0), times=None)
    started = time.monotonic()
    with pytest.raises(BucketUnavailable, match="TimeoutError"):
        bucket.put(KEY_NAME, BODY, KEYS, soon(0.1))
    assert time.monotonic() - started < 5


def test_nobody_there_is_unavailable(server: OssServer) -> None:
    """Nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bucket = Bucket(settings_of(server, endpoint=f"http://127.0.0.1:{free.getsockname()[1]}"), time.time)
        with pytest.raises(BucketUnavailable, match="ConnectionRefusedError"):
            bucket.put(KEY_NAME, b"x", KEYS, soon())


def test_a_line_break_in_a_key_pair_sends_nothing(bucket: Bucket, server: OssServer) -> None:
    """A credential cannot add headers."""
    with pytest.raises(ValueError, match="line break"):
        bucket.put(KEY_NAME, b"x", KEYS._replace(token="a\r\nx: y"), soon())
    assert server.keys(BUCKET) == []


@pytest.mark.parametrize(
    ("endpoint", "host", "target"),
    [
        ("https://oss-cn-hangzhou.aliyuncs.com", f"{BUCKET}.oss-cn-hangzhou.aliyuncs.com", f"/{KEY_NAME}"),
        ("http://oss.example.com:8080", f"{BUCKET}.oss.example.com:8080", f"/{KEY_NAME}"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", f"/{BUCKET}/{KEY_NAME}"),
        ("http://localhost:8080", "localhost:8080", f"/{BUCKET}/{KEY_NAME}"),
        ("http://[::1]:8080", "[::1]:8080", f"/{BUCKET}/{KEY_NAME}"),
    ],
)
def test_the_bucket_stands_in_the_host_name_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, server: OssServer, endpoint: str, host: str, target: str
) -> None:
    """The service serves no bucket in the path of its own host names; an address has no room for it in front."""
    sent = []

    def note(_: Service, request: bytes, *__: object) -> Answer:
        sent.append(request.decode().split("\r\n"))
        return Answer(204, b"", keeps=True)

    monkeypatch.setattr(Service, "exchange", note)
    Bucket(settings_of(server, endpoint=endpoint), time.time).remove(KEY_NAME, KEYS, soon())
    assert sent[0][:2] == [f"DELETE {target} HTTP/1.1", f"host: {host}"]


@pytest.mark.parametrize("token", ["", "a-token"])
@pytest.mark.parametrize("key", [KEY_NAME, "dead-letters/号 +%/x~_.-"])
def test_the_signature_is_that_of_the_vendors_sdk(monkeypatch: pytest.MonkeyPatch, token: str, key: str) -> None:
    """The SDK signs the same request at the same moment alike: a signer that knows nothing of ours."""
    headers = {
        "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==",
        "content-type": "application/octet-stream",
        "x-oss-forbid-overwrite": "true",
    }
    seconds = 1795168800.0

    class Clock(datetime):
        """Stands still."""

        @classmethod
        def utcnow(cls) -> Any:
            """The moment."""
            return cls.fromtimestamp(seconds, timezone.utc)

    monkeypatch.setattr(oss2.auth, "datetime", Clock)
    theirs = oss2.http.Request("PUT", "http://x", headers=dict(headers), region=REGION, product="oss")
    for name in set(theirs.headers) - set(headers):
        del theirs.headers[name]
    provider = StaticCredentialsProvider(KEY.key_id, KEY.secret, token)
    oss2.ProviderAuthV4(provider)._sign_request(theirs, BUCKET, key)
    ours = signed(Request("PUT", f"/{BUCKET}/{key}", headers), KEYS._replace(token=token), REGION, seconds)
    assert ours == {name.lower(): value for name, value in theirs.headers.items()}


def test_every_part_of_a_request_is_signed(server: OssServer) -> None:
    """Another method, key, header, region or moment gives another signature."""
    request = Request("PUT", f"/{BUCKET}/a", {"x-oss-object-acl": "private"})
    variants = [
        (request, REGION, 1.0),
        (request._replace(method="GET"), REGION, 1.0),
        (request._replace(path=f"/{BUCKET}/b"), REGION, 1.0),
        (request._replace(headers={"x-oss-object-acl": "public-read"}), REGION, 1.0),
        (request, "cn-beijing", 1.0),
        (request, REGION, 2.0),
    ]
    made = [signed(one, KEYS, region, at)["authorization"].rpartition("=")[2] for one, region, at in variants]
    assert all(first != second for first, second in itertools.combinations(made, 2))
    assert all(len(one) == len(hashlib.sha256().hexdigest()) for one in made)


def test_what_was_damaged_on_the_way_is_not_stored(
    monkeypatch: pytest.MonkeyPatch, bucket: Bucket, server: OssServer
) -> None:
    """The digest goes along."""
    exchange = Service.exchange

    def damaged(service: Service, request: bytes, *arguments: Any) -> Answer:
        return exchange(service, request[:-1] + b"?", *arguments)

    monkeypatch.setattr(Service, "exchange", damaged)
    with pytest.raises(BucketMisconfigured, match="InvalidDigest"):
        bucket.put(KEY_NAME, b"whole", KEYS, soon())
    monkeypatch.undo()
    with pytest.raises(OssError):
        server.object(BUCKET, KEY_NAME)
