"""A host with two tiny functions, and the endpoint before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.fc import FcServer
from tests.local.host.conftest import make, start
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local.host.support import MakeFunction, StartHost

__all__ = ["make", "start"]

ECHO = """
    def handler(event, context):
        print("seen", len(event))
        return event
"""


@pytest.fixture
def server(make: MakeFunction, start: StartHost) -> Iterator[FcServer]:
    """`echo`, which gives back what it gets, deployed as `receipts-echo`."""
    function = make(ECHO, "echo", function_name="receipts-echo")
    with FcServer(start(function), [function], key=KEY) as serving:
        yield serving
