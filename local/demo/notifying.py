"""Huawei's side: notifications pushed by a signed application, as real HTTP requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.stack import Stack

# The hours between its tries pass within seconds.
TIME_SCALE = 0.001


class Notified(NamedTuple):
    """What came of one notification: whether it was taken, and the tries."""

    taken: bool
    tries: int


def notify(stack: Stack, notifications: Sequence[bytes]) -> Iterator[Notified]:
    """Push each in turn."""
    pusher = stack.huawei_pusher(time_scale=TIME_SCALE)
    url = f"{stack.host.url('receive')}/huawei"
    for body in notifications:
        pushed = pusher.push(url, body)
        yield Notified(pushed.taken, len(pushed.statuses))


def untold(notified: Sequence[Notified]) -> list[str]:
    """One line with how many notifications were not taken; empty when all were."""
    lost = sum(not one.taken for one in notified)
    return [f"{lost} notifications of Huawei were not taken"] if lost else []
