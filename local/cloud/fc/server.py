"""The loopback server of invocations."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from local.cloud.faults import Faults
from local.cloud.fc.access import Access
from local.cloud.fc.functions import Functions
from local.cloud.fc.service import FcService
from local.cloud.http import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local.cloud.access import AccessKey
    from local.cloud.fc.functions import Runner
    from template.functions import Function

SERVICE = "receipts"


class FcServer(LoopbackServer):
    """The functions of one account, on 127.0.0.1, by the paths and signatures of 3.0 and of 2.0.

    Args:
        runner: the host of the functions; it must run for as long as this does.
        functions: which there are.
        key: the key that callers sign with.
        token: the security token that must come with it; empty for a permanent key.
        service: what the one service of 2.0 is called.
        faults: what is to go wrong.
        port: 0 for any free one.
        stamps: epoch seconds that the time stamps of requests are judged by.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        runner: Runner,
        functions: Iterable[Function],
        *,
        key: AccessKey,
        token: str = "",
        service: str = SERVICE,
        faults: Faults | None = None,
        port: int = 0,
        stamps: Callable[[], float] = time.time,
    ) -> None:
        answering = FcService(Functions(functions, service), runner, Access(key, token), stamps)
        super().__init__(answering, faults or Faults(), port=port)
