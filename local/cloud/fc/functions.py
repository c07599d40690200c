"""Which functions there are, under which names, and what runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from local.cloud.fc.call import LATEST
from local.cloud.fc.errors import FcError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future

    from local.cloud.fc.call import Call
    from local.host.result import Result
    from template.functions import Function


class Runner(Protocol):
    """What runs functions: the local host."""

    def invoke(self, name: str, event: bytes, request_id: str | None = None) -> Result:
        """Run it and wait."""

    def submit(self, name: str, event: bytes, request_id: str | None = None) -> Future[Result]:
        """Run it later."""

    def log(self, name: str) -> str:
        """All that it has printed."""


class Functions:
    """The names under which the functions of a template are known.

    Args:
        functions: those of the template.
        service: the one service of 2.0, in which they are called by the names of their resources. In 3.0, which has
            no services, they are called by their `functionName`.
    """

    def __init__(self, functions: Iterable[Function], service: str) -> None:
        functions = list(functions)
        self._service = service
        self._old = {function.name for function in functions}
        self._new = {function.deployed_name: function.name for function in functions}

    def find(self, call: Call) -> str:
        """What the runner calls the function.

        Raises:
            FcError: ServiceNotFound, FunctionNotFound, VersionNotFound or AliasNotFound.
        """
        if call.service not in (None, self._service):
            raise FcError("ServiceNotFound", f"service '{call.service}' does not exist")
        name = self._new.get(call.function) if call.service is None else call.function
        if name not in self._old:
            raise FcError("FunctionNotFound", f"function '{call.function}' does not exist")
        if call.qualifier != LATEST:
            kind = "Version" if call.qualifier.isdigit() else "Alias"
            raise FcError(f"{kind}NotFound", f"{kind.lower()} '{call.qualifier}' does not exist")
        return name
