"""The verifier of Huawei's signatures: who has the secret comes in, nobody else, whatever the headers hold."""

from __future__ import annotations

import calendar
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.golden.huawei import APP_KEY, APP_SECRET, signature
from receipts.edge import huawei_auth
from receipts.edge.huawei_auth import verify
from receipts.errors import Refusal
from tests.receipts.support import PROPERTY, caught, everything_said

OTHER_KEY, OTHER_SECRET = "a2DemoAppKey0000000000000002", "otherSecret9876543210"
APPS = {APP_KEY: APP_SECRET.encode(), OTHER_KEY: OTHER_SECRET.encode()}
NONCE, CREATED = "66c92b11ff8a425fb8d4ccfe0ed9ed1f", "2026-11-22T02:30:24Z"
NOW = float(calendar.timegm((2026, 11, 22, 2, 30, 24)))
HOUR = 3600.0
# Worked out by hand from the documented formulas, not by code of this project.
VECTORS = {
    "x-aksk": "prlH85NR2aezTyeytCWevJjfKV+YjsG8WAJwTqwRcX8=",
    "x-wsse": "vGw6QvB0cXPuQRiYWHhz/CRD/zfSgSV72bUgHnGTG3w=",
}
WRONG = "the signature is not made with an app key and its secret in HUAWEI_APPS"
STALE = "the time in the signature is not within HUAWEI_MAX_AGE_HOURS of now"
UNREADABLE = "the signature lacks one of Username, PasswordDigest, Nonce, Created, or is too long"


def token(digest: str, *, key: str = APP_KEY, nonce: str = NONCE, created: str = CREATED, comma: str = ",") -> str:
    """The value of either header."""
    fields = {"Username": key, "PasswordDigest": digest, "Nonce": nonce, "Created": created}
    return "UsernameToken " + comma.join(f'{name}="{value}"' for name, value in fields.items())


def signed(scheme: str = "AKSK", **more: Any) -> dict[str, str]:
    """Headers with their names as the edge gives them."""
    told = {"nonce": NONCE, "created": CREATED, **more}
    return {name.lower(): value for name, value in signature(scheme=scheme, **told).items()}


def refused(headers: dict[str, str], apps: dict[str, bytes] = APPS, now: float = NOW) -> tuple[int, str] | None:
    """Status and words of the refusal; None if the headers prove a secret."""
    error = caught(Refusal, verify, headers, apps, now, HOUR)
    return (error.status, str(error)) if error else None


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("comma", [",", ", ", " ,  ", ";", " "])
def test_the_vectors_are_right(name: str, comma: str) -> None:
    """Each documented formula, with and without blanks between the fields."""
    assert refused({name: token(VECTORS[name], comma=comma)}) is None


@pytest.mark.parametrize("name", VECTORS)
def test_every_part_of_the_vector_is_looked_at(name: str) -> None:
    """Another digest, key, nonce or time, or the other header's digest, is none of ours."""
    (other,) = VECTORS.keys() - {name}
    digest = VECTORS[name]
    for wrong in (
        token(VECTORS[other]),
        token(digest[:-1]),
        token(digest.lower()),
        token(digest, key=OTHER_KEY),
        token(digest, key=APP_KEY.lower()),
        token(digest, nonce=NONCE[:-1] + "e"),
        token(digest, created=CREATED.replace("24Z", "25Z")),
    ):
        assert refused({name: wrong}) == (403, WRONG)


@pytest.mark.parametrize("scheme", ["AKSK", "WSSE"])
def test_each_application_has_its_own_secret(scheme: str) -> None:
    """A secret vouches for its own app key alone, and an app key that is not known for nothing."""
    headers = signed(scheme, secret=OTHER_SECRET)
    assert refused(headers) == (403, WRONG)
    name = f"x-{scheme.lower()}"
    assert refused({name: headers[name].replace(APP_KEY, OTHER_KEY)}) is None
    for secret in (APP_SECRET, OTHER_SECRET):
        stranger = signed(scheme, secret=secret)[name].replace(APP_KEY, "a3DemoAppKey0000000000000003")
        assert refused({name: stranger}) == (403, WRONG)


def test_without_a_header_it_is_401_and_without_applications_403() -> None:
    """What is missing is told apart from what is wrong; the scheme alone is no signature."""
    assert refused({}) == (401, "neither X-AKSK nor X-WSSE is there")
    assert refused({"authorization": signed()["authorization"]}) == (401, "neither X-AKSK nor X-WSSE is there")
    for headers in ({}, signed()):
        assert refused(headers, {}) == (403, "HUAWEI_APPS is not set: nothing of Huawei's is taken in")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "UsernameToken",
        token(""),
        token(VECTORS["x-aksk"], nonce=""),
        token(VECTORS["x-aksk"], created=""),
        token(VECTORS["x-aksk"], key=""),
        token(VECTORS["x-aksk"]).replace("Nonce", "Once"),
        token(VECTORS["x-aksk"]).replace('"', "'"),
        token(VECTORS["x-aksk"]) + " " * 1024,
        token("A" * 10_000_000),
        '="' * 500,
        'a="' * 340,
    ],
    ids=lambda header: header[:20] + str(len(header)),
)
def test_a_header_that_cannot_be_read_is_refused(header: str) -> None:
    """A field that is missing or empty, another form, a length that no signature has."""
    assert refused({"x-aksk": header}) == (403, UNREADABLE)


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (HOUR, True), (-HOUR, True), (HOUR + 1, False), (-HOUR - 1, False), (1e12, False)]
)
def test_a_signature_holds_for_a_while_either_way(seconds: float, *, fresh: bool) -> None:
    """The window includes its ends; the time it is compared with is the caller's."""
    for scheme in ("AKSK", "WSSE"):
        assert refused(signed(scheme), now=NOW + seconds) == (None if fresh else (403, STALE))


@pytest.mark.parametrize(
    "created",
    [
        *("2026-11-22 02:30:24", "2026-11-22T02:30:24", "2026-11-22T02:30:24+00:00", "2026-11-22T02:30:24.0Z"),
        *("2026-13-22T02:30:24Z", "2026-11-22T24:30:24Z", "0000-11-22T02:30:24Z", "２０２６-11-22T02:30:24Z"),
        *("2026-11-22T02:30:24Z ", "2026-11-22T02:30:24Z\n", "1795168800", "now", "9" * 400),
    ],
)
def test_a_time_that_is_none_counts_as_old(created: str) -> None:
    """Even of somebody with the secret: nobody could say until when it holds."""
    assert refused(signed(created=created)) == (403, STALE)


def test_a_nonce_may_come_twice() -> None:
    """A retry may repeat it: refusing that would lose a receipt, and a receipt that comes twice changes nothing."""
    headers = signed()
    assert [refused(headers), refused(headers)] == [None, None]


@pytest.mark.parametrize("half", ["\ud800", "a\ud800\ud800"])
def test_half_characters_are_wrong_and_nothing_else(half: str) -> None:
    """JSON can write them, UTF-8 cannot: neither field ends in another error, and a right one stays right."""
    for name, digest in VECTORS.items():
        for wrong in (token(half), token(digest, nonce=half), token(digest, key=half), token(digest, created=half)):
            assert refused({name: wrong}) == (403, WRONG)
        assert refused({name: token(digest) + half}) is None


@pytest.mark.parametrize("right", ["AKSK", "WSSE"])
def test_of_two_headers_one_that_is_right_is_enough(right: str) -> None:
    """Each takes the secret; whoever lacks it might as well leave the other away."""
    (wrong,) = {"AKSK", "WSSE"} - {right}
    assert refused(signed(right) | signed(wrong)) is None
    for nonsense in ("", "nonsense", token("nonsense"), signed(wrong, secret="none")[f"x-{wrong.lower()}"]):
        assert refused(signed(right) | {f"x-{wrong.lower()}": nonsense}) is None
    assert refused(signed(right, secret="none") | signed(wrong, secret="none")) == (403, WRONG)
    assert refused({"x-aksk": "", "x-wsse": token(VECTORS["x-aksk"])}) == (403, UNREADABLE)


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("key", [APP_KEY, OTHER_KEY, "unknown", "\ud800"])
def test_an_unknown_app_key_costs_the_same_work(name: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One digest and one comparison in constant time, for a key that is known, for one that is not, right or wrong."""
    work = []

    def compared(one: bytes, other: bytes) -> bool:
        work.append((type(one), len(one), type(other)))
        return hmac.compare_digest(one, other)

    def digested(secret: bytes, signed_: bytes, algorithm: str) -> bytes:
        secrets.append(secret)
        return hmac.digest(secret, signed_, algorithm)

    class Watched:
        compare_digest = staticmethod(compared)
        digest = staticmethod(digested)

    secrets: list[bytes] = []
    monkeypatch.setattr(huawei_auth, "hmac", Watched)
    answer = refused({name: token(VECTORS[name], key=key)})
    assert work == [(bytes, 44, bytes)]
    assert all(secret in APPS.values() for secret in secrets)
    assert answer == (None if key == APP_KEY else (403, WRONG))


ANY_NAME = st.sampled_from(["x-aksk", "x-wsse", "authorization", "x-other"])
MADE_WITH = st.sampled_from(["", "\0", "demoSecret", APP_KEY, APP_SECRET.lower(), APP_SECRET + " ", OTHER_KEY])
DIGESTS = st.one_of(
    st.text(),
    st.sampled_from(["", "=", *VECTORS.values()]),
    st.builds(
        lambda scheme, secret, created: signed(scheme, secret=secret, created=created)[f"x-{scheme.lower()}"].split(
            '"'
        )[3],
        st.sampled_from(["AKSK", "WSSE"]),
        MADE_WITH,
        st.sampled_from([CREATED, "", "x"]),
    ),
)
TOKENS = st.builds(
    token,
    DIGESTS,
    key=st.sampled_from([APP_KEY, OTHER_KEY, "", "unknown"]) | st.text(),
    # The very nonce of the vectors is left out: its digest is known to who has seen it.
    nonce=st.sampled_from(["", NONCE[1:], NONCE + "2", "0"]) | st.text(),
    created=st.sampled_from([CREATED, CREATED[1:], NONCE[-1] + CREATED, NONCE + CREATED, ""]) | st.text(),
    comma=st.sampled_from([",", ", ", ""]),
)


@given(st.dictionaries(ANY_NAME, TOKENS | st.text(), max_size=4), st.floats() | st.just(NOW))
@PROPERTY
def test_no_headers_pass_without_the_secret(headers: dict[str, str], now: float) -> None:
    """Whatever is made up or taken apart: 401 or 403, no other error, and no word of it comes back."""
    error = caught(Refusal, verify, headers, APPS, now, HOUR)
    assert error is not None
    assert error.status == (403 if {"x-aksk", "x-wsse"} & headers.keys() else 401)
    assert str(error) in {"neither X-AKSK nor X-WSSE is there", WRONG, UNREADABLE}
    assert not any(secret in everything_said(error) for secret in (APP_SECRET, OTHER_SECRET))


@given(st.integers(0, len(NONCE + CREATED)))
@PROPERTY
def test_the_border_between_nonce_and_time_cannot_be_moved(place: int) -> None:
    """Both are signed in one run: who has seen a signature gets no other nonce and no other time out of it."""
    run = NONCE + CREATED
    for name, digest in VECTORS.items():
        header = token(digest, nonce=run[:place], created=run[place:])
        assert (refused({name: header}) is None) == (place == len(NONCE))


def test_law_privacy_a_refusal_repeats_nothing() -> None:
    """Neither what was sent nor what is known stands in it."""
    nonce = "13900000001"
    for headers in ({"x-aksk": nonce}, signed(nonce=nonce, secret=nonce), signed(nonce=nonce, created=nonce)):
        error = caught(Refusal, verify, headers, APPS, NOW, HOUR)
        assert error is not None
        said = everything_said(error)
        assert not any(one in said for one in (nonce, APP_KEY, APP_SECRET, OTHER_SECRET, headers["x-aksk"]))
