"""Only requests that the holder of the key signed, just now and for the first time, are carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.cloud.access import AccessKey
from local.cloud.pls import PlsServer
from local.cloud.rpc.errors import RpcError
from tests.local.pls.support import QUESTION, ask, client_of, send, signed, temporary_client, timestamp
from tests.local.support import KEY

if TYPE_CHECKING:
    from local.cloud.clock import ShiftedClock
    from local.cloud.files import FileHost

WRONG_SECRET = AccessKey(KEY.key_id, "another")
AWKWARD = "a b+c*d~e/f%20&g=h?'(),;:@\n号码"


def test_a_wrong_secret_is_refused(server: PlsServer) -> None:
    """With status 400 and what the gateway has signed, after a colon."""
    answer = send(server, signed("GET", key=WRONG_SECRET))
    assert (answer.status, answer.code) == (400, "SignatureDoesNotMatch")
    assert answer.content["Message"].split(":")[1].startswith("GET&%2F&AccessKeyId%3D")


@pytest.mark.parametrize(("method", "form"), [("GET", False), ("POST", False), ("POST", True)])
def test_a_wrong_secret_of_the_sdk_is_refused(server: PlsServer, method: str, *, form: bool) -> None:
    """However it sends its parameters."""
    with pytest.raises(ServerException) as caught:
        ask(server, client=client_of(WRONG_SECRET), method=method, form=form)
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, "SignatureDoesNotMatch")


def test_an_unknown_key_is_refused(server: PlsServer) -> None:
    """By its name."""
    with pytest.raises(ServerException) as caught:
        ask(server, client=client_of(AccessKey("LTAIunknown", KEY.secret)))
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (404, "InvalidAccessKeyId.NotFound")


@pytest.mark.parametrize("offset", [-902, 902])
def test_the_sdk_of_another_time_is_refused(server: PlsServer, clock: ShiftedClock, offset: float) -> None:
    """More than fifteen minutes before or behind the server's time."""
    clock.shift = offset
    with pytest.raises(ServerException) as caught:
        ask(server)
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, "InvalidTimeStamp.Expired")


@pytest.mark.parametrize("offset", [-880, 880])
def test_a_clock_may_be_somewhat_off(server: PlsServer, clock: ShiftedClock, offset: float) -> None:
    """Within fifteen minutes all is well."""
    clock.shift = offset
    assert ask(server)["Code"] == "OK"


@pytest.mark.parametrize(("method", "form"), [("GET", False), ("POST", False), ("POST", True)])
def test_whatever_a_parameter_holds_is_encoded_alike_on_both_sides(
    server: PlsServer, method: str, *, form: bool
) -> None:
    """Blanks, stars, tildes, slashes, Chinese, an empty one: in the address and in a form."""
    question = {**QUESTION, "OutId": AWKWARD, "Empty": "", "a.b-c": "*"}
    assert ask(server, question, method=method, form=form)["Code"] == "OK"


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="utf-8"), min_size=1), value=st.text(st.characters(codec="utf-8")))
def test_any_text_is_encoded_alike_on_both_sides(server: PlsServer, name: str, value: str) -> None:
    """Names and values from all of Unicode."""
    assert ask(server, {f"x{name}": value, **QUESTION})["Code"] == "OK"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"AccessKeyId": None}, 400, "MissingAccessKeyId"),
        ({"Timestamp": None}, 400, "MissingTimestamp"),
        ({"SignatureMethod": None}, 400, "MissingSignatureMethod"),
        ({"SignatureVersion": None}, 400, "MissingSignatureVersion"),
        ({"SignatureNonce": None}, 400, "MissingSignatureNonce"),
        ({"SignatureNonce": ""}, 400, "MissingSignatureNonce"),
        ({"SignatureMethod": "HMAC-SHA256"}, 400, "InvalidSignatureMethod"),
        ({"SignatureVersion": "2.0"}, 400, "InvalidSignatureVersion"),
        ({"Timestamp": "2026-11-20 14:05:03"}, 400, "InvalidTimeStamp.Format"),
        ({"Timestamp": "2026-13-20T14:05:03Z"}, 400, "InvalidTimeStamp.Format"),
        ({"Timestamp": "0000-00-00T00:00:00Z"}, 400, "InvalidTimeStamp.Format"),
        ({"Timestamp": "2020-01-01T00:00:00Z"}, 400, "InvalidTimeStamp.Expired"),
        ({"Timestamp": "9999-12-31T23:59:59Z"}, 400, "InvalidTimeStamp.Expired"),
    ],
)
def test_each_part_of_the_signature_is_looked_at(
    server: PlsServer, changes: dict[str, str | None], status: int, code: str
) -> None:
    """What is missing or has the wrong form is refused by its name."""
    answer = send(server, signed("GET", changes))
    assert (answer.status, answer.code) == (status, code)


def test_a_signature_is_required(server: PlsServer) -> None:
    """Also a request that has all the rest."""
    parameters = signed("GET")
    del parameters["Signature"]
    assert send(server, parameters).code == "MissingSignature"


@pytest.mark.parametrize("change", [{"CallId": "another"}, {"More": ""}, {"Signature": "é"}])
def test_what_was_changed_after_signing_is_refused(server: PlsServer, change: dict[str, str]) -> None:
    """Another value, one more parameter, or a signature that is none."""
    assert send(server, signed("GET") | change).code == "SignatureDoesNotMatch"


def test_the_method_is_signed(server: PlsServer) -> None:
    """A GET is no POST."""
    assert send(server, signed("GET"), "POST").code == "SignatureDoesNotMatch"


def test_a_request_works_once(server: PlsServer) -> None:
    """The second time its nonce was used."""
    parameters = signed("GET")
    assert send(server, parameters).code == "OK"
    again = send(server, parameters)
    assert (again.status, again.code) == (400, "SignatureNonceUsed")
    assert send(server, signed("GET", {"SignatureNonce": parameters["SignatureNonce"]})).code == "SignatureNonceUsed"


def test_a_forged_request_does_not_use_up_a_nonce(server: PlsServer) -> None:
    """Or anybody could have the holder's requests refused."""
    parameters = signed("GET")
    assert send(server, parameters | {"Signature": "AAAA"}).code == "SignatureDoesNotMatch"
    assert send(server, parameters).code == "OK"


def test_a_nonce_is_remembered_as_long_as_its_request_is_good(server: PlsServer, clock: ShiftedClock) -> None:
    """A request stamped early is good for almost half an hour; after that, its nonce is free."""
    early = signed("GET", {"Timestamp": timestamp(890)})
    assert send(server, early).code == "OK"
    clock.shift = 1780
    assert send(server, early).code == "SignatureNonceUsed"
    clock.shift = 1810
    free = signed("GET", {"Timestamp": timestamp(1810), "SignatureNonce": early["SignatureNonce"]})
    assert send(server, free).code == "OK"


def test_a_security_token_beside_a_permanent_key_is_signed_and_no_more(server: PlsServer) -> None:
    """A server with one key does not ask for a token and does not mind one."""
    client = temporary_client(KEY, "CAIS+made/up==")
    assert ask(server, client=client)["Code"] == "OK"
    assert send(server, signed("GET", {"SecurityToken": "x"}) | {"SecurityToken": "y"}).code == "SignatureDoesNotMatch"


def test_another_keyring_can_ask_for_a_security_token(host: FileHost) -> None:
    """Who may call is decided by one object that sees the key id and the token."""

    class Tokens:
        def secret(self, key_id: str, security_token: str | None) -> str:
            if key_id != "STS.Nexample":
                raise RpcError("InvalidAccessKeyId.NotFound")
            if security_token is None:
                raise RpcError("MissingSecurityToken")
            if security_token != "CAIS-made-up":
                raise RpcError("InvalidSecurityToken.MismatchWithAccessKey")
            return "temporary"

    key = AccessKey("STS.Nexample", "temporary")
    with PlsServer(key=Tokens(), link=host.url) as server:
        good = temporary_client(key, "CAIS-made-up")
        assert ask(server, client=good)["Code"] == "isv.RECORD_NOT_EXIST"
        for client, code in (
            (temporary_client(key, "stale"), "InvalidSecurityToken.MismatchWithAccessKey"),
            (client_of(key), "MissingSecurityToken"),
            (client_of(), "InvalidAccessKeyId.NotFound"),
        ):
            with pytest.raises(ServerException) as caught:
                ask(server, client=client)
            assert caught.value.get_error_code() == code
