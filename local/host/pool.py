"""The instances of one function: warm ones are reused, new ones come under concurrency, dead ones go."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from local.host.instance import Instance
from local.host.result import FunctionError, Result, new_request_id

if TYPE_CHECKING:
    from local.host.instance import Surroundings
    from template.functions import Function


class PoolClosedError(RuntimeError):
    """The host was stopped; nothing was invoked."""


class Pool:
    """Invokes one function, from any number of threads.

    An instance serves one invocation at a time. With every instance busy a further one is started, up to
    the limit; beyond it a caller waits (the platform would answer 429 there, and asynchronous callers
    repeat). The instance that was used last is used first, so that the rest can be idle.
    """

    def __init__(self, function: Function, surroundings: Surroundings, *, limit: int) -> None:
        self.function = function
        self._surroundings = surroundings
        self._limit = function.max_instances or limit
        self._free = threading.Condition()
        self._idle: list[Instance] = []
        self._busy: set[Instance] = set()
        self._closed = False

    def warm(self) -> None:
        """Start the minimum of instances; one that fails to start is tried again at the next invocation."""
        with self._free:
            started = [self._spawn() for _ in range(min(self.function.min_instances, self._limit))]
        for instance in started:
            with contextlib.suppress(FunctionError):
                instance.initialize()
            self._give_back(instance)

    def invoke(self, event: bytes, request_id: str | None = None) -> Result:
        """Run the function once and say what came of it.

        Args:
            event: what the handler gets.
            request_id: what the function sees as such; None for a new one.

        Raises:
            PoolClosedError: the pool was stopped before an instance was free.
        """
        request_id = request_id or new_request_id()
        begun = time.monotonic()
        instance, cold = self._take()
        kind = None
        try:
            if cold:
                instance.initialize()
            payload = instance.invoke(request_id, event)
        except FunctionError as error:
            kind, payload = error.kind, error.report
        finally:
            self._give_back(instance)
        return Result(request_id, payload, kind, (time.monotonic() - begun) * 1000, cold)

    def pids(self) -> list[int]:
        """The process ids of the instances that run."""
        with self._free:
            return [instance.pid for instance in [*self._idle, *self._busy] if instance.alive]

    def kill(self) -> int:
        """SIGKILL every instance, busy or not, and return how many there were."""
        with self._free:
            idle, self._idle = self._idle, []
            for instance in self._busy:
                instance.strike()
            for instance in idle:
                instance.kill()
            return len(idle) + len(self._busy)

    def stop(self) -> None:
        """End every instance: idle ones by their pre-stop hook, busy ones at once."""
        with self._free:
            self._closed = True
            idle, self._idle = self._idle, []
            for instance in self._busy:
                instance.strike()
            self._free.notify_all()
        for instance in idle:
            instance.stop()
        with self._free:
            self._free.wait_for(lambda: not self._busy)

    def _take(self) -> tuple[Instance, bool]:
        """A warm instance, or one that is to be initialized first (True)."""
        with self._free:
            while not self._closed:
                while self._idle:
                    instance = self._idle.pop()
                    if instance.alive:
                        self._busy.add(instance)
                        return instance, False
                    instance.kill()
                if len(self._busy) < self._limit:
                    return self._spawn(), True
                self._free.wait()
        raise PoolClosedError(f"{self.function.name} is stopped")

    def _spawn(self) -> Instance:
        instance = Instance(self.function, self._surroundings)
        self._busy.add(instance)
        return instance

    def _give_back(self, instance: Instance) -> None:
        with self._free:
            self._busy.discard(instance)
            if self._closed or not instance.alive:
                instance.kill()
            else:
                self._idle.append(instance)
            self._free.notify_all()
