"""Signatures: what the unmodified SDK signs, or a hand that knows how, is accepted; anything else is not."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import oss2
import pytest

from local.cloud.access import AccessKey
from local.cloud.oss import OssServer
from tests.local.oss.support import VERSIONS, ask, client_of, refused, signature_v1
from tests.local.support import KEY, send

if TYPE_CHECKING:
    from local.cloud.clock import ShiftedClock

ODD_KEYS = ["plain.mp3", "a b+c/中文&=?#%20.amr", "./x/../y", "~!*'()[]{}|^`\"<>\\"]
TOKEN = "CAIS+token/=="


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize("key", ODD_KEYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_signs_every_key(server: OssServer, version: str, key: str, token: str) -> None:
    """Object, sub-resource and query are signed over the decoded key, with and without a security token."""
    with client_of(server, version, token=token) as client:
        client.put_object(key, b"x", headers={"Content-Type": "audio/amr", "x-oss-meta-call": "c 1"})
        assert client.get_object(key).read() == b"x"
        assert client.get_object_acl(key).acl == "default"
        assert [found.key for found in oss2.ObjectIteratorV2(client, prefix=key[:3])] == [key]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_sender_is_refused(server: OssServer, version: str) -> None:
    """Key id and secret must be right, and nothing is stored otherwise."""
    with client_of(server, version, key=AccessKey("unknown", KEY.secret)) as client, refused("InvalidAccessKeyId", 403):
        client.put_object("a", b"x")
    with client_of(server, version, key=AccessKey(KEY.key_id, "w")) as client, refused("SignatureDoesNotMatch", 403):
        client.put_object("a", b"x")
    assert server.keys("recordings") == []


@pytest.mark.parametrize("shift", [-1000, 1000])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_clock_that_is_far_off_is_refused(server: OssServer, clock: ShiftedClock, version: str, shift: int) -> None:
    """A quarter of an hour is the most; a little less passes."""
    with client_of(server, version) as client:
        clock.shift = shift * 0.8
        client.put_object("a", b"x")
        clock.shift = shift
        with refused("RequestTimeTooSkewed", 403):
            client.get_object("a")


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_signed_url_works_until_it_expires(server: OssServer, clock: ShiftedClock, version: str, token: str) -> None:
    """Without any header; put with the content type that was signed, then read, then refused."""
    typed = {"Content-Type": "audio/mpeg"}
    with client_of(server, version, token=token) as client:
        put = client.sign_url("PUT", "a b/中.mp3", 60, headers=typed)
        get = client.sign_url("GET", "a b/中.mp3", 60)
        assert client.put_object_with_url(put, b"hello", headers=typed).status == 200
        assert client.get_object_with_url(get).read() == b"hello"
        assert server.headers("recordings", "a b/中.mp3")["content-type"] == "audio/mpeg"
        clock.shift = 62
        with refused("AccessDenied", 403):
            client.get_object_with_url(get)
        with refused("AccessDenied", 403):
            client.put_object_with_url(put, b"other", headers=typed)
    assert server.object("recordings", "a b/中.mp3") == b"hello"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_signed_url_is_for_what_was_signed(server: OssServer, version: str) -> None:
    """Another key, another method, another header or a longer life are refused."""
    with client_of(server, version) as client:
        client.put_object("a", b"x")
        url = client.sign_url("GET", "a", 60).removeprefix(server.endpoint)
    assert send(server, "GET", url).status == 200
    assert send(server, "GET", url.replace("/a?", "/b?")).code == "SignatureDoesNotMatch"
    assert send(server, "PUT", url).code == "SignatureDoesNotMatch"
    assert send(server, "GET", url, headers={"x-oss-meta-a": "b"}).code == "SignatureDoesNotMatch"
    longer = url.replace("x-oss-expires=60", "x-oss-expires=99").replace("Expires=1", "Expires=2")
    assert send(server, "GET", longer).code == "SignatureDoesNotMatch"


def test_a_request_without_a_signature_is_refused(server: OssServer) -> None:
    """Nothing here is public."""
    answer = send(server, "GET", "/recordings/a")
    assert (answer.status, answer.code) == (403, "AccessDenied")


def test_what_was_changed_on_the_way_is_refused(server: OssServer) -> None:
    """Content type, digest, an own header and the resource are signed; other headers are not."""
    headers = {"Date": formatdate(usegmt=True), "Content-Type": "audio/amr", "x-oss-meta-a": "1"}
    headers["Authorization"] = f"OSS {KEY.key_id}:{signature_v1('PUT', '/recordings/a', headers)}"
    for changed in [{"Content-Type": "text/html"}, {"x-oss-meta-a": "2"}, {"x-oss-acl": "private"}]:
        answer = send(server, "PUT", "/recordings/a", b"x", headers | changed)
        assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")
    assert send(server, "PUT", "/recordings/a?acl", b"x", headers).code == "SignatureDoesNotMatch"
    assert send(server, "PUT", "/recordings/a", b"x", headers | {"X-Trace": "1"}).status == 200


@pytest.mark.parametrize(
    ("authorization", "status", "code"),
    [
        ("OSS nonsense", 400, "InvalidArgument"),
        ("OSS :", 400, "InvalidArgument"),
        ("OSS2 AccessKeyId:x,Signature:y", 400, "InvalidArgument"),
        ("Bearer x", 400, "InvalidArgument"),
        ("OSS4-HMAC-SHA256 nonsense", 403, "AccessDenied"),
        ("OSS LTAIexample:x", 403, "AccessDenied"),  # without a date
    ],
)
def test_nonsense_is_no_signature(server: OssServer, authorization: str, status: int, code: str) -> None:
    """It is said what is wrong with it."""
    answer = send(server, "GET", "/recordings/a", headers={"Authorization": authorization})
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    "query",
    [
        "OSSAccessKeyId=LTAIexample&Expires=soon&Signature=x",
        "OSSAccessKeyId=LTAIexample&Signature=x",
        "x-oss-signature-version=OSS4-HMAC-SHA256",
        "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20260101T000000Z&x-oss-expires=604801",
        "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20260101T000000Z&x-oss-expires=0",
    ],
)
def test_nonsense_is_no_signed_url(server: OssServer, query: str) -> None:
    """Nor does a life of more than a week make one."""
    assert send(server, "GET", f"/recordings/a?{query}").code in ("AccessDenied", "InvalidArgument")


def test_the_vendors_example_of_version_1_is_accepted() -> None:
    """The worked example of the vendor's page, which knows nothing of this SDK."""
    then = datetime(2005, 11, 17, 18, 49, 58, tzinfo=timezone.utc).timestamp()
    headers = {
        "Content-Md5": "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=",
        "Content-Type": "text/html",
        "Date": "Thu, 17 Nov 2005 18:49:58 GMT",
        "X-OSS-Meta-Author": "foo@bar.com",
        "X-OSS-Magic": "abracadabra",
        "Authorization": "OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA=",
    }
    key = AccessKey("44CF9590006BF252F707", "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV")
    with OssServer(key=key, clock=lambda: then) as server:
        # Its digest is not one of any body, so that is what is left to complain about.
        assert send(server, "PUT", "/oss-example/nelson", b"", headers).code == "InvalidDigest"


@pytest.mark.parametrize(
    ("date", "more", "additional", "signature"),
    [
        ("20231216T162057Z", {}, "", "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"),
        (
            "20231217T034736Z",
            {"x-oss-security-token": "token"},
            "",
            "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea",
        ),
        (
            "20231216T172512Z",
            {},
            "AdditionalHeaders=abc;zabc,",
            "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
        ),
    ],
)
def test_the_vendors_examples_of_version_4_are_accepted(
    date: str, more: dict[str, str], additional: str, signature: str
) -> None:
    """The vectors that the vendor's SDKs of other languages are tested with; the one of its page is wrong."""
    then = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    headers = {
        "x-oss-head1": "value",
        "abc": "value",
        "ZAbc": "value",
        "XYZ": "value",
        "content-type": "text/plain",
        "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
        "x-oss-date": date,
        "Authorization": f"OSS4-HMAC-SHA256 Credential=ak/{date[:8]}/cn-hangzhou/oss/aliyun_v4_request,"
        f"{additional}Signature={signature}",
    }
    target = "/bucket/1234%2B-/123/1.txt?param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2&%7Cparam2&param2"
    with OssServer(key=AccessKey("ak", "sk"), clock=lambda: then) as server:
        assert send(server, "PUT", target, b"", headers | more).code == "NoSuchBucket"
        assert send(server, "PUT", f"{target}=x", b"", headers | more).code == "SignatureDoesNotMatch"


def test_the_other_signed_url_parameters_are_not_signed_away(server: OssServer, bucket: Any) -> None:
    """A parameter that was added to a version 4 URL is noticed."""
    bucket.put_object("a", b"x")
    url = bucket.sign_url("GET", "a", 60, params={"x-oss-traffic-limit": "819200"}).removeprefix(server.endpoint)
    assert send(server, "GET", url).status == 200
    assert send(server, "GET", f"{url}&x=1").code == "SignatureDoesNotMatch"


def test_a_hand_can_sign(server: OssServer) -> None:
    """What `receive` needs: one PUT without any SDK."""
    assert ask(server, "PUT", "/recordings/a", b"hello").status == 200
    assert server.object("recordings", "a") == b"hello"
