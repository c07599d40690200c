"""The host: every function of a template, with its triggers, on this machine."""

from __future__ import annotations

import random as random_module
import sys
import threading
import time
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from local.host.async_queue import AsyncQueue
from local.host.events import TopicMessage, queue_event, timer_event, topic_event
from local.host.http_front import HttpFront
from local.host.instance import Surroundings
from local.host.pool import Pool
from local.host.queue_pump import Pace, QueuePump
from local.host.queue_source import MnsSource
from local.host.timer import run_timer
from template.functions import HttpTrigger, QueueTrigger, TimerTrigger, TopicTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from local.cloud.access import AccessKey
    from local.host.queue_source import HeldMessage
    from local.host.result import Result
    from template.functions import Function


class MnsAccess(NamedTuple):
    """Where the queues are, and the key to them."""

    endpoint: str
    key: AccessKey


class Host:
    """Runs functions as the platform does; a context manager, or `start` and `stop`.

    Args:
        functions: as `template.reading.read_functions` gives them.
        layer_paths: folders that stand in for the layers.
        python: the interpreter that runs the functions, with its options; this one unless told otherwise.
        environment: what the platform adds to every instance (`ALIBABA_CLOUD_*` credentials).
        environments: likewise, to those of one function, by its name: the credentials of a role of its own.
        log_dir: `<function>.log` is written here; made if missing.
        mns: the queues' service. Without it queue triggers rest.
        account_id: the account that everything belongs to.
        ports: a port for the URL of a function by name; a free one for the others.
        max_instances: of one function, where the template sets no limit.
        time_scale: real seconds per second of the platform's in retries and batch windows. Function timeouts
            are never scaled.
        timer_scale: the same, between the ticks of timers; below 1 they run ahead of the wall clock.
        timers: False leaves timer triggers to `tick`.
        parse_json_bodies: see `local.host.events.queue_event`.
        random: the spread of retry delays.
        grace_seconds: how long `stop` lets queue deliveries end by themselves.
        clock: epoch seconds that the queues' service goes by, and that `tick` and `publish` stamp with. Timers
            that fire by themselves go by the wall clock, as fast as `timer_scale` says.

    Raises:
        FileNotFoundError: a function's code folder does not exist.
    """

    def __init__(  # noqa: PLR0913 - keyword defaults: what most callers leave alone
        self,
        functions: Sequence[Function],
        *,
        layer_paths: Sequence[Path] = (),
        python: Sequence[str] = (sys.executable,),
        environment: Mapping[str, str] | None = None,
        environments: Mapping[str, Mapping[str, str]] | None = None,
        log_dir: Path,
        mns: MnsAccess | None = None,
        account_id: str = "1234567890123456",
        ports: Mapping[str, int] | None = None,
        max_instances: int = 8,
        time_scale: float = 1.0,
        timer_scale: float = 1.0,
        timers: bool = True,
        parse_json_bodies: bool = False,
        random: random_module.Random | None = None,
        grace_seconds: float = 3.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        for function in functions:
            if not function.code.is_dir():
                raise FileNotFoundError(function.code)
        log_dir.mkdir(parents=True, exist_ok=True)
        self._log_dir = log_dir
        self._mns = mns
        self._account_id = account_id
        self._timers = timers
        self._timer_scale = timer_scale
        self._parse_json_bodies = parse_json_bodies
        self._grace_seconds = grace_seconds
        self._clock = clock
        surroundings = Surroundings(tuple(layer_paths), dict(environment or {}), account_id, log_dir, tuple(python))
        self._pools = {
            function.name: Pool(
                function, surroundings.adding((environments or {}).get(function.name, {})), limit=max_instances
            )
            for function in functions
        }
        self._stopping = threading.Event()
        self._pace = Pace(self._stopping.wait, time_scale, random or random_module.Random(), clock)
        self._async = {name: AsyncQueue(pool, self._pace) for name, pool in self._pools.items()}
        self._fronts = {
            function.name: HttpFront(
                function.name,
                trigger,
                self._pools[function.name].invoke,
                account_id=account_id,
                port=(ports or {}).get(function.name, 0),
            )
            for function, trigger in self._triggers(HttpTrigger)
        }
        self._threads: list[threading.Thread] = []

    def start(self) -> Self:
        """Start the minimum of instances, then the triggers."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything. Messages in hand go back to their queue; no process or thread stays behind."""
        self._stopping.set()
        for front in self._fronts.values():
            front.stop()
        # A delivery that is under way may end well; after the grace it is cut.
        deadline = time.monotonic() + self._grace_seconds
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        for pool in self._pools.values():
            pool.stop()
        for thread in self._threads:
            thread.join()
        for queue in self._async.values():
            queue.stop()
        for front in self._fronts.values():
            front.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, name: str) -> str:
        """Where a function with an HTTP trigger is served, without a trailing slash."""
        return self._fronts[name].url

    def urls(self) -> dict[str, str]:
        """The URL of every function that has one."""
        return {name: front.url for name, front in self._fronts.items()}

    def invoke(self, name: str, event: bytes, request_id: str | None = None) -> Result:
        """Invoke a function synchronously with these bytes as its event."""
        return self._pools[name].invoke(event, request_id)

    def submit(self, name: str, event: bytes, request_id: str | None = None) -> Future[Result]:
        """Invoke it asynchronously; the future gives the result after the platform's repetitions."""
        return self._async[name].submit(event, request_id)

    def tick(self, name: str) -> Result:
        """Fire the function's timer now; the result after the platform's repetitions."""
        trigger = self._trigger(name, TimerTrigger)
        event = timer_event(trigger, datetime.fromtimestamp(self._clock(), timezone.utc))
        return self._async[name].submit(event).result()

    def publish(self, name: str, message: str, attributes: Mapping[str, str] | None = None) -> Result:
        """Deliver a topic message to the function; the result after the platform's repetitions."""
        published = TopicMessage(message, dict(attributes or {}), uuid.uuid4().hex.upper(), int(self._clock() * 1000))
        event = topic_event(self._trigger(name, TopicTrigger), published, account_id=self._account_id)
        return self._async[name].submit(event).result()

    def kill(self, name: str) -> int:
        """SIGKILL every instance of a function, also in the middle of its work; how many there were."""
        return self._pools[name].kill()

    def instances(self, name: str) -> list[int]:
        """The process ids of a function's instances."""
        return self._pools[name].pids()

    def log(self, name: str) -> str:
        """All that the function's instances have printed and logged."""
        path = self._log_dir / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _start(self) -> None:
        for pool in self._pools.values():
            pool.warm()
        for front in self._fronts.values():
            front.start()
        for function, queue in self._triggers(QueueTrigger):
            if queue.enabled and self._mns:
                self._spawn(f"queue {queue.queue}", self._pump(function, queue, self._mns).run)
        for function, timer in self._triggers(TimerTrigger):
            if timer.enabled and self._timers:
                self._spawn(f"timer {timer.name}", self._timer(function, timer))

    def _triggers(self, kind: type[Any]) -> list[tuple[Function, Any]]:
        return [
            (pool.function, trigger)
            for pool in self._pools.values()
            for trigger in pool.function.triggers
            if isinstance(trigger, kind)
        ]

    def _trigger(self, name: str, kind: type[Any]) -> Any:
        return next(trigger for trigger in self._pools[name].function.triggers if isinstance(trigger, kind))

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _pump(self, function: Function, trigger: QueueTrigger, mns: MnsAccess) -> QueuePump:
        def event(message: HeldMessage) -> dict[str, Any]:
            return queue_event(
                trigger,
                message,
                account_id=self._account_id,
                function=function.name,
                parse_json_bodies=self._parse_json_bodies,
            )

        source = MnsSource(mns.endpoint, mns.key.key_id, mns.key.secret, trigger.queue)
        return QueuePump(trigger, source, self._pools[function.name].invoke, event, self._pace)

    def _timer(self, function: Function, trigger: TimerTrigger) -> Callable[[], None]:
        scale, started = self._timer_scale, datetime.now(timezone.utc)
        return lambda: run_timer(
            trigger,
            self._async[function.name].submit,
            clock=lambda: started + (datetime.now(timezone.utc) - started) / scale,
            wait=lambda seconds: self._stopping.wait(seconds * scale),
        )
