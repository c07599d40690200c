"""The store of these tests is the one of the store tests."""

from __future__ import annotations

from tests.store.conftest import any_codec, server_with_tables, store

__all__ = ["any_codec", "server_with_tables", "store"]
