"""A store on loopback, as the tests of `store` have it."""

from tests.store.conftest import server_with_tables, store

__all__ = ["server_with_tables", "store"]
