"""The rule book's clients: a new one whenever it asks, and only the one in use is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from receipts.credentials import Credentials
from receipts.deciding.connecting import Clients
from receipts.deciding.rule_book import key
from receipts.settings import StoreSettings
from receipts.store import schema
from receipts.store.lookup import Lookup
from tests.deciding.support import BUDGET, A, X, put
from tests.store.support import INSTANCE, KEY

if TYPE_CHECKING:
    from tests.store.support import Store


def clients_of(store: Store) -> Clients:
    """The clients of a rule book that reads this store."""
    settings = StoreSettings(store.server.endpoint, INSTANCE, None, "python", "", 60)
    return Clients(settings, Credentials(KEY.key_id, KEY.secret), BUDGET)


def connections(client: Any) -> int:
    """How many places a client holds connections to."""
    return len(client.connection.pool.pools)


def test_a_hung_client_is_left_to_whoever_waits_for_it(store: Store) -> None:
    """Each asking makes a client that reads; closing closes the newest, not the one before."""
    put(store, X, A, call="close")
    clients = clients_of(store)
    made = []
    for _ in range(2):
        (found,) = clients.rows().read([Lookup(schema.BINDINGS, key(X, A))])
        assert found.columns is not None
        assert found.columns["call"] == "close"
        made.append(clients.newest)
    first, second = made
    assert [connections(first), connections(second)] == [1, 1]
    clients.close()
    assert [connections(first), connections(second)] == [1, 0]
    first.connection.pool.clear()


def test_closing_before_there_is_a_client() -> None:
    """Is nothing: no client is made before somebody asks for rows."""
    clients = Clients(StoreSettings("http://127.0.0.1:9", "i", None, "python", "", 60), Credentials("k", "s"), 1.0)
    clients.close()
    assert clients.newest is None
