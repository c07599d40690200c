"""Huawei's side of a world of recordings: its API beside the vendor's files, and recordings announced as its are."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from local.cloud.huawei import HuaweiServer
from receipts.fetching.network import SystemNetwork
from receipts.huawei.record_links import LIMITS, RecordLinks
from receipts.recordings.settings import HuaweiLinkSettings
from tests.huawei.made_up import APP, envelope, fee, record
from tests.recordings.support import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from receipts.fetching.limits import Limits
    from receipts.recordings.announcement import Source
    from receipts.recordings.archive import ArchiveTools

APP_KEY, SECRET = APP, "demoSecret0123456789ABCDEF"
APPS = {APP_KEY: SECRET}
# The file's name is the vendor's, and may hold a number.
NAME, DOMAIN = "26112210300613900000001.wav", "ostor.example.com"
# What a call record tells of its recording.
SOURCE: Source = {"file_name": NAME, "record_domain": DOMAIN, "app_key": APP_KEY}


@contextlib.contextmanager
def links_of(
    endpoint: str,
    apps: Mapping[str, str] = APPS,
    clock: Callable[[], float] = time.time,
    limits: Limits = LIMITS,
) -> Iterator[RecordLinks]:
    """The product's way to links."""
    secrets = {key: secret.encode() for key, secret in apps.items()}
    settings = HuaweiLinkSettings(endpoint, secrets, "127.0.0.0/8")
    yield RecordLinks(settings, SystemNetwork(), clock, lambda: uuid.uuid4().hex, limits)


class HuaweiWorld(World):
    """A world with the API of the second vendor; both keep their files on one host.

    Attributes:
        huawei: the API that gives links.
    """

    def __init__(self, running: contextlib.ExitStack) -> None:
        super().__init__(running)
        server = HuaweiServer(apps=APPS, link=self.files.url, recordings_clock=self.clock)
        self.huawei = running.enter_context(server)
        self.huawei_links = running.enter_context(links_of(server.endpoint))

    @property
    def tools(self) -> ArchiveTools:
        """What a function would archive with."""
        tools = super().tools
        links = {**tools.means.links, "huawei": self.huawei_links}
        return tools._replace(means=tools.means._replace(links=links))

    def environment(self, **more: str) -> dict[str, str]:
        """What a function is told about this world."""
        mine = {"HUAWEI_API_ENDPOINT": self.huawei.endpoint, "HUAWEI_APPS": json.dumps(APPS)}
        return super().environment(**(mine | more))

    def keep(self, name: str, size: int = 20_000) -> None:
        """Have a recording of that name, and its call record pushed now."""
        self.files.put(name, size)
        self.huawei.recordings.add(APP_KEY, name, DOMAIN, name)

    def tell(self, icid: str, **fields: Any) -> str:
        """Push a call record of a recorded call; `fields` beside or in place of its own. Returns the recording's id."""
        told = {"icid": icid, "sessionId": f"session-{icid}", "recordObjectName": NAME, "recordDomain": DOMAIN}
        self.take_in([envelope(fee(record(**told | fields)), self.clock.milliseconds())])
        return f"huawei:{icid}"
