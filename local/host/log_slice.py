"""The part of a function's log that belongs to one invocation."""

from __future__ import annotations


def slice_of(log: str, request_id: str) -> str:
    """What was logged from the start mark of the invocation to its end mark; all of `log` where there is no mark.

    An instance that cannot start never gets to the mark: what it said instead is all that there is.
    """
    begin = log.find(f"FC Invoke Start RequestId: {request_id}")
    mark = f"FC Invoke End RequestId: {request_id}\n"
    end = log.find(mark, max(begin, 0))
    return log[max(begin, 0) : end + len(mark) if end >= 0 else None]
