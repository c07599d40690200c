"""A file is handed out to those who have a good link, and to nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.files.support import element, get

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.files import FileHost
    from tests.local.support import FakeClock

NAME = "1000450000123456_demo.mp3"
relaxed = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_a_link_looks_as_the_buckets_do(host: FileHost, clock: FakeClock) -> None:
    """With the end of its life, the key and the signature in the query."""
    link = urlsplit(host.url(NAME))
    assert f"{link.scheme}://{link.netloc}" == host.endpoint
    assert link.path == f"/{NAME}"
    query = parse_qs(link.query)
    assert list(query) == ["Expires", "OSSAccessKeyId", "Signature"]
    assert query["Expires"] == [str(int(clock.now) + 7200)]
    assert re.fullmatch(r"[A-Za-z0-9+/]{27}=", query["Signature"][0])


def test_a_link_runs_out(host: FileHost, clock: FakeClock) -> None:
    """After two hours, with an error in XML that says since when; a new link is good again."""
    host.put(NAME, 10)
    link = host.url(NAME)
    clock.now += 7200
    assert get(link).status == 200
    clock.now += 1
    answer = get(link)
    assert (answer.status, answer.headers["content-type"]) == (403, "application/xml")
    assert (element(answer, "Code"), element(answer, "Message")) == ("AccessDenied", "Request has expired.")
    assert element(answer, "Expires") == "2027-01-15T10:00:00.000Z"
    assert element(answer, "ServerTime") == "2027-01-15T10:00:01.000Z"
    assert get(host.url(NAME)).status == 200


def test_the_life_of_a_link_can_be_set(host: FileHost, clock: FakeClock) -> None:
    """In seconds."""
    host.put(NAME, 10)
    link = host.url(NAME, 5)
    clock.now += 5
    assert get(link).status == 200
    clock.now += 1
    assert get(link).status == 403


def test_a_link_may_come_before_its_file(host: FileHost) -> None:
    """404 with an error in XML, until the file is there."""
    link = host.url(NAME)
    answer = get(link)
    assert (answer.status, element(answer, "Code"), element(answer, "Key")) == (404, "NoSuchKey", NAME)
    assert element(answer, "RequestId") == answer.headers["x-oss-request-id"]
    assert element(answer, "HostId") == host.endpoint.removeprefix("http://")
    host.put(NAME, 10)
    assert get(link).status == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda link: link.partition("?")[0], "AccessDenied"),
        (lambda link: re.sub(r"Expires=\d", "Expires=9", link), "SignatureDoesNotMatch"),
        (lambda link: re.sub(r"Expires=\d+", "Expires=soon", link), "AccessDenied"),
        (lambda link: re.sub(r"Expires=\d+", "Expires=" + "9" * 30, link), "AccessDenied"),
        (lambda link: re.sub("OSSAccessKeyId=.", "OSSAccessKeyId=x", link), "InvalidAccessKeyId"),
        (lambda link: re.sub("Signature=.*", "Signature=%C3%A9", link), "SignatureDoesNotMatch"),
        (lambda link: re.sub("Signature=.*", "", link), "AccessDenied"),
        (lambda link: link.replace(NAME, "another.mp3"), "SignatureDoesNotMatch"),
    ],
)
def test_a_link_that_was_changed_is_refused(host: FileHost, change: Callable[[str], str], code: str) -> None:
    """Whether the file is there or not: who has no link learns nothing."""
    for name in (NAME, "another.mp3"):
        host.put(name, 10)
    answer = get(change(host.url(NAME)))
    assert (answer.status, element(answer, "Code")) == (403, code)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE"])
def test_a_link_is_for_get_alone(host: FileHost, method: str) -> None:
    """As the bucket's are, whose signature has the method in it: a client cannot ask for the size first."""
    host.put(NAME, 10)
    assert get(host.url(NAME), method).status == 403


@relaxed
@given(name=st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda n: not n.startswith("/")))
def test_any_name_will_do(host: FileHost, name: str) -> None:
    """Blanks, slashes, question marks, Chinese: the link leads there."""
    host.put(name, name.encode())
    assert get(host.url(name)).body == name.encode()


@relaxed
@given(path=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40))
def test_any_address_gets_an_error_in_xml(host: FileHost, path: str) -> None:
    """Well-formed, whatever was in the address."""
    answer = get(f"{host.endpoint}/{path}")
    assert (answer.status, element(answer, "Code")) == (403, "AccessDenied")


def test_a_name_that_xml_cannot_say_is_replaced(host: FileHost) -> None:
    """The error stays well-formed."""
    assert element(get(host.url("a\0b\x1f<&>\ufffe.mp3")), "Key") == "a?b?<&>?.mp3"
