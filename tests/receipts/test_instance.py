"""What an instance of a function keeps."""

from __future__ import annotations

import pytest

from receipts.credentials import Credentials
from receipts.instance import Instance

KEYS, RENEWED = Credentials("k", "s", "token-1"), Credentials("k", "s", "token-2")


def test_a_service_is_kept_for_its_keys() -> None:
    """Until the role's keys change; then it is still there, as something of it may be taken over or closed."""
    instance: Instance[list[str]] = Instance()
    assert not instance.made
    assert not instance.made_for(KEYS)
    service = ["first"]
    instance.keep(service, KEYS)
    assert instance.service is service
    assert instance.made
    assert [instance.made_for(keys) for keys in (KEYS, RENEWED)] == [True, False]
    instance.keep(["other"], RENEWED)
    assert instance.service == ["other"]
    assert [instance.made_for(keys) for keys in (KEYS, RENEWED)] == [False, True]


def test_a_service_that_keeps_no_keys() -> None:
    """Is there for every request, and made for no keys."""
    instance: Instance[str] = Instance()
    instance.keep("service")
    assert (instance.made, instance.service, instance.made_for(KEYS)) == (True, "service", False)


def test_law_least_surprise_there_is_no_service_before_it_is_made() -> None:
    """Asking for it says what was left out."""
    with pytest.raises(LookupError, match="not initialized"):
        _ = Instance[str]().service


def test_only_the_first_request_is_the_first() -> None:
    """Whether there is a service or not."""
    instance: Instance[str] = Instance()
    assert [instance.first_request() for _ in range(3)] == [True, False, False]
