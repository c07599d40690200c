"""What an instance of a function keeps from one request to the next: settings and clients, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from receipts.credentials import Credentials

Service = TypeVar("Service")


class Instance(Generic[Service]):
    """The service of one instance. Not for two requests at once.

    The platform loads a function's module once per instance, calls `initialize`, then the handler for one request
    after the other (`template.yml` leaves `instanceConcurrency` at its default, 1). Only the module is the same at
    every request, so this is made there, and needs no lock. Nothing is lost with it: an instance may end at any time.
    """

    def __init__(self) -> None:
        self._service: Service | None = None
        self._keys: Credentials | None = None
        self._asked = False

    @property
    def made(self) -> bool:
        """Whether there is a service."""
        return self._service is not None

    def made_for(self, keys: Credentials) -> bool:
        """Whether there is a service, and its clients sign with these keys: the platform renews those of a role."""
        return self.made and self._keys == keys

    @property
    def service(self) -> Service:
        """The service. Raises LookupError before there is one."""
        if self._service is None:
            raise LookupError("the function is not initialized")
        return self._service

    def keep(self, service: Service, keys: Credentials | None = None) -> None:
        """Keep this service in place of the one before. `keys`: what its clients sign with, if they keep them."""
        self._service, self._keys = service, keys

    def first_request(self) -> bool:
        """Whether this is asked for the first time: whoever waits for this request waits for a cold start."""
        first, self._asked = not self._asked, True
        return first
