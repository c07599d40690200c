"""B2: the CPU of a warm `receive` per push of 50 receipts."""

from __future__ import annotations

import http.client
import importlib
import json
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks import workload
from benchmarks.budget import Budget, Measured
from benchmarks.loopback import Cloud, cloud, in_fresh_process
from benchmarks.rounds import Compared, compared, cpu_of, log_thrown_away

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 600
ACCEPTED = 200
BUDGET = Budget(
    "B2",
    "a warm `receive` handles one push of 50 receipts, CPU",
    "json.loads of the same body and one POST of it over a kept-alive http.client connection, CPU",
    bound=1.2,
    at_most=True,
)
HOW = (
    "One process does both in turn, against the loopback queue service in another; CPU is user + system time of the "
    "process, all threads; the ratio is the median of those of {rounds} rounds of one push each. "
    "`receive` parses the platform's event, authenticates, packs the envelope, signs, sends it "
    "and writes its log line (to the null device here). The floor's POST carries the body itself, unsigned (the "
    "service refuses it, which costs its sender no less than being accepted)."
)


def measure() -> Iterator[Measured]:
    """Measure B2."""
    with cloud() as services:
        result = in_fresh_process(_compare, services)
    figures = (("receive", f"{result.ours * 1e6:.0f} µs"), ("floor", f"{result.floor * 1e6:.0f} µs"))
    yield Measured(BUDGET, result.ratio, figures, HOW.format(rounds=ROUNDS))


def _compare(services: Cloud) -> Compared:
    os.environ.update(services.environment())
    receive = importlib.import_module("functions.receive.index")
    body = workload.large_push()
    event = workload.push_event(body)
    context = SimpleNamespace(request_id="1-6b0f0000-000000000001")
    connection = http.client.HTTPConnection(urlsplit(services.mns_endpoint).netloc)

    def ours() -> None:
        if receive.handler(event, context)["statusCode"] != ACCEPTED:
            raise RuntimeError("the push was not acknowledged")

    def floor() -> None:
        json.loads(body)
        connection.request("POST", "/queues/receipts/messages", body, {"Content-Type": "application/json"})
        connection.getresponse().read()

    with log_thrown_away():
        return compared(ROUNDS, lambda: cpu_of(ours), lambda: cpu_of(floor))
