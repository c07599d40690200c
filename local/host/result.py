"""What an invocation came to."""

from __future__ import annotations

import json
import uuid
from typing import NamedTuple

# The error types of the platform, as `X-Fc-Error-Type` and the request log name them.
UNHANDLED = "UnhandledInvocationError"
TIMEOUT = "FunctionTimeoutError"


class Result(NamedTuple):
    """The outcome of one invocation.

    Attributes:
        request_id: what the function saw as `context.request_id`.
        payload: the bytes the handler returned, or the platform's error report
            `{"errorMessage", "errorType"[, "stackTrace"]}` as JSON.
        error_type: None if all went well, else the platform's error type.
        milliseconds: wall time, a cold start included.
        cold: whether an instance had to be started for it.
    """

    request_id: str
    payload: bytes
    error_type: str | None
    milliseconds: float
    cold: bool

    @property
    def ok(self) -> bool:
        """Whether the handler returned."""
        return self.error_type is None


class FunctionError(Exception):
    """An invocation, or the start of an instance, that failed: `kind` is the platform's error type."""

    def __init__(self, kind: str, report: bytes) -> None:
        super().__init__(kind)
        self.kind = kind
        self.report = report

    @classmethod
    def of_platform(cls, kind: str, message: str) -> FunctionError:
        """An error that the platform, not the function's code, words."""
        return cls(kind, json.dumps({"errorMessage": message, "errorType": kind}).encode())


def new_request_id() -> str:
    """An id as the platform gives one to every invocation."""
    return f"1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]}"
