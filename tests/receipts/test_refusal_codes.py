"""A service's code says why it refuses, however it is decorated."""

from __future__ import annotations

import pytest

from receipts.refusal_codes import BUSY, CLOCK, DENIED, KEY, SECRET, denied, is_one_of


@pytest.mark.parametrize(
    "code",
    [
        *("AccessDenied", "OTSNoPermissionAccess", "Forbidden.RAM", "NoPermission"),
        *("RAM_PERMISSION_DENY", "isp.RAM_PERMISSION_DENY", "isv.RAM_PERMISSION_DENY", "OTSUnauthorized"),
    ],
)
def test_every_service_says_denied_in_its_way(code: str) -> None:
    """Queue, bucket, store, API and gateway each have a code for it, and some of them put a word before or behind."""
    assert denied(code)


@pytest.mark.parametrize("code", ["", "isv.", "NoSuchBucket", "SignatureDoesNotMatch", "OTSServerBusy", "notForbidden"])
def test_other_refusals_are_not_denied(code: str) -> None:
    """Only rights are meant: who is told of a right looks for it."""
    assert not denied(code)


def test_no_word_means_two_things() -> None:
    """The kinds tell different things to do, so that no code may be of two."""
    kinds = (CLOCK, KEY, SECRET, DENIED, BUSY)
    for kind in kinds:
        for word in kind:
            assert [other for other in kinds if is_one_of(word, other)] == [kind]
