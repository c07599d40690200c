"""What an invocation is to be like, and what it came to, wherever the function ran."""

from __future__ import annotations

from typing import NamedTuple


class How(NamedTuple):
    """How a deployed function is invoked.

    Attributes:
        qualifier: version or alias; None for the platform's default, LATEST.
        asynchronous: accepted now, carried out later, with the platform's repetitions.
        timeout: seconds to wait for the answer.
    """

    qualifier: str | None
    asynchronous: bool
    timeout: float


class Outcome(NamedTuple):
    """What an invocation came to.

    Attributes:
        request_id: what the function saw as `context.request_id`, and what its log lines carry.
        answer: what the function returned, or the platform's report of its error.
        error_type: None if the function returned, else what the platform calls the error.
        milliseconds: what the platform measured, a cold start included; None if it does not say.
        log: what the function printed; of a deployed function the last 4 KB.
        accepted: it runs later, so that there is no answer.
    """

    request_id: str
    answer: bytes
    error_type: str | None = None
    milliseconds: float | None = None
    log: str = ""
    accepted: bool = False
