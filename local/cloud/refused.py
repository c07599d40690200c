"""What a service says no with: an error code, its HTTP status and its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class ServiceError(Exception):
    """One refusal.

    Attributes:
        code: the service's error code.
        status: the HTTP status that goes with it.
        message: what the service says about it.
    """

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.message = message


class PublishedError(ServiceError):
    """A refusal whose code says the rest, unless it is given a `message` or a `status` of its own.

    Attributes:
        known: each published code of the service with its HTTP status and its text.
    """

    known: ClassVar[Mapping[str, tuple[int, str]]]

    def __init__(self, code: str, message: str = "", *, status: int | None = None) -> None:
        # A code that is not published has the status that it is given, and no text.
        usual, text = (status, code) if status and code not in self.known else self.known[code]
        super().__init__(code, status or usual, message or text)

    @classmethod
    def text_of(cls, code: str) -> str:
        """What the service says with `code`; for a code it has not, the code itself."""
        return cls.known[code][1] if code in cls.known else code
