"""What a refusal means is told by its code; a service's own words are looked at, and never repeated."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from ops.doctor import refusals
from ops.doctor.probing import Reached, reached
from ops.doctor.refusals import Refusal

SETTINGS = "OSS_ENDPOINT, OSS_BUCKET, OSS_REGION"
ELSEWHERE = "The bucket you are attempting to access must be addressed using the specified endpoint."
NUMBER = "17000000001"


@pytest.mark.parametrize(
    ("refusal", "found", "do"),
    [
        (Refusal("AccessDenied", ELSEWHERE, 403), "another region", "Correct the region in OSS_ENDPOINT"),
        (Refusal("SignatureDoesNotMatch", "Invalid signing region", 403), "another region", "Correct the region"),
        (Refusal("AccessDenied", "You have no right to access this object.", 403), "may not do that", "the right"),
        (Refusal("OTSNoPermissionAccess", "", 403), "may not do that", "docs/permissions.md"),
        (Refusal("OTSAuthFailed", "The instance is not found.", 403), "no such instance", "TABLESTORE_INSTANCE"),
        (Refusal("OTSAuthFailed", "Signature mismatch.", 403), "secret is another", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        (Refusal("OTSAuthFailed", "The AccessKeyID does not exist.", 403), "does not know the key", "_KEY_ID"),
        (Refusal("OTSAuthFailed", "Mismatch between system time and x-ots-date", 403), "another time", "clock"),
        (Refusal("RequestTimeTooSkewed", "", 403), "another time", "clock"),
        (Refusal("TimeExpired", "", 408), "another time", "clock"),
        (Refusal("InvalidTimeStamp.Expired"), "another time", "clock"),
        (Refusal("SecurityTokenExpired", "", 403), "does not know the key", "ALIBABA_CLOUD_SECURITY_TOKEN"),
        (Refusal("isp.RAM_PERMISSION_DENY"), "may not do that", "docs/permissions.md"),
        (Refusal("Throttling.User"), "busy or ill", "Try again"),
        (Refusal("Anything", "", 502), "busy or ill", "Try again"),
        (Refusal("Anything", "", 400), "it answers Anything", "Look at OSS_ENDPOINT"),
    ],
)
def test_each_kind_of_refusal_has_its_own_advice(refusal: Refusal, found: str, do: str) -> None:
    """A wrong key, a wrong secret, no right, another region, a wrong clock and a bad day are six different things."""
    told = refusals.advice(refusal._replace(words=f"{refusal.words} {NUMBER}"), SETTINGS)
    assert refusal.code in told[0]
    assert found in told[0]
    assert do in told[1]
    assert NUMBER not in " ".join(told)


def test_what_nobody_foresaw_is_told_without_its_message() -> None:
    """Its kind and place are: what a library says may hold what was asked."""
    with pytest.raises(ValueError, match="invalid literal") as met:
        int(f"x{NUMBER}")
    line = refusals.line("OSS", SETTINGS, met.value)
    assert line.state == "wrong"
    assert "ValueError at test_refusals.py" in line.found
    assert NUMBER not in line.found + line.do


def test_a_date_beyond_all_calendars_is_no_defect() -> None:
    """Whatever answers may tell any time: then it tells none, and is reached all the same."""
    said = b"HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 99999999999999 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as threads:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        found = threads.submit(reached, address, "OSS_ENDPOINT", 10.0, lambda: 0.0)
        with server.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(said)
        assert found.result() == Reached(None)
