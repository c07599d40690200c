"""The formula: from invocations and billed seconds to compute units, and from these to money."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.cost import factors


class Size(NamedTuple):
    """What one instance of a function has: shares of a core, and GB."""

    vcpu: float
    memory_gb: float
    disk_gb: float


def units(invocations: float, seconds: float, size: Size, *, disk: bool = False) -> float:
    """Compute units of so many invocations that take so many billed seconds in all.

    Args:
        invocations: how many.
        seconds: of all of them together, as the platform bills an instance that is at work.
        size: of the instance.
        disk: whether the disk is charged (whether 512 MB are free is not confirmed).
    """
    return (
        invocations * factors.UNITS_PER_10000_INVOCATIONS / 10_000
        + seconds * size.vcpu * factors.UNITS_PER_VCPU_SECOND
        + _held(seconds, size, disk=disk)
    )


def idle_units(seconds: float, size: Size, *, disk: bool = False) -> float:
    """Compute units of an instance that is kept warm for so many seconds and does nothing."""
    return seconds * size.vcpu * factors.UNITS_PER_IDLE_VCPU_SECOND + _held(seconds, size, disk=disk)


def yuan(units_of_month: float) -> float:
    """The list price of a month's units, tier by tier."""
    total, below = 0.0, 0.0
    for tier in factors.TIERS:
        end = units_of_month if tier.up_to is None else min(units_of_month, tier.up_to)
        total += max(0.0, end - below) * tier.yuan_per_unit
        below = end
    return total


def billed_seconds(cpu_seconds: float, requests: float, size: Size, request_seconds: float) -> float:
    """How long an instance is at work: its CPU time at its share of a core, then waiting for answers.

    An instance of 0.35 vCPU needs 1/0.35 s for a second of CPU time; the CPU is billed while it waits, too.
    """
    return cpu_seconds / min(1.0, size.vcpu) + requests * request_seconds


def _held(seconds: float, size: Size, *, disk: bool) -> float:
    held = seconds * size.memory_gb * factors.UNITS_PER_GB_SECOND
    return held + seconds * size.disk_gb * factors.UNITS_PER_DISK_GB_SECOND * disk
