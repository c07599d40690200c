"""The TableStore client as this project needs it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import urllib3

from receipts.errors import SettingError
from receipts.settings import TABLESTORE_CODEC
from receipts.store.sdk import LOGGER, NATIVE_ENCODER_AVAILABLE, tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.credentials import Credentials
    from receipts.settings import StoreSettings

CONNECT_SECONDS = 2.0
READ_SECONDS = 15.0
CODECS = {"auto": (True, True), "native": (True, False), "python": (False, False)}


def client(settings: StoreSettings, credentials: Credentials, seconds: float | None = None) -> Any:
    """An `OTSClient` that waits seconds, not a minute, and leaves every retry to whoever asks.

    The SDK's own policy sleeps up to 54 seconds on throttling, never retries a failed row of a batch, and lets
    network errors through as they are. `seconds`: how long it waits for a connection and for each piece of an
    answer; None for what a batch can wait.
    """
    connect, read = (CONNECT_SECONDS, READ_SECONDS) if seconds is None else (seconds, seconds)
    native, fallback = CODECS[settings.codec]
    if settings.codec == "native" and not NATIVE_ENCODER_AVAILABLE:
        raise SettingError(TABLESTORE_CODEC.name, "the native codec does not load on this Python and platform")
    return tablestore.OTSClient(
        settings.endpoint,
        credentials.key_id,
        credentials.secret,
        settings.instance,
        sts_token=credentials.token or None,
        region=settings.region,
        logger_name=LOGGER,
        retry_policy=tablestore.NoRetryPolicy(),
        socket_timeout=urllib3.Timeout(connect=connect, read=read),
        enable_native=native,
        native_fallback=fallback,
    )


@contextmanager
def opened(settings: StoreSettings, credentials: Credentials, seconds: float | None = None) -> Iterator[Any]:
    """As `client`, with its connections closed at the end: for commands, while a function keeps its client."""
    opened_client = client(settings, credentials, seconds)
    try:
        yield opened_client
    finally:
        opened_client.connection.pool.clear()
