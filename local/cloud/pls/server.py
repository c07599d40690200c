"""The loopback server of the number-protection API."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.pls.public_links import PublicLinks
from local.cloud.pls.questions import RecordingCodes
from local.cloud.pls.record_links import RecordLinks
from local.cloud.pls.recordings import Recordings
from local.cloud.rpc.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.access import AccessKey
    from local.cloud.pls.questions import Link
    from local.cloud.ram import Identities
    from local.cloud.rpc.signature import Keyring


class PlsServer(LoopbackServer):
    """One account's recordings and the APIs that give links to them, on 127.0.0.1.

    A fault with status 200 is an API's refusal (`isv.FLOW_LIMIT`, `isp.RAM_PERMISSION_DENY`, `isp.SYSTEM_ERROR`),
    with another status the gateway's.

    Args:
        key: the key that callers sign with, all keys of the account with their rights, or who decides about keys
            and security tokens.
        link: makes the links: a file host's `url`.
        faults: what is to go wrong.
        port: 0 for any free one.
        clock: epoch seconds that the callers' time stamps are held against.
        codes: what the APIs say when there is no link; None for the defaults.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        *,
        key: AccessKey | Identities | Keyring,
        link: Link,
        faults: Faults | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        codes: RecordingCodes | None = None,
    ) -> None:
        self.recordings = Recordings()
        apis = [api(self.recordings, link, codes or RecordingCodes()) for api in (RecordLinks, PublicLinks)]
        super().__init__(Gateway(apis, key, clock), faults or Faults(), port=port)
