"""What Function Compute counts and what it takes for that: the one place with a price in it.

Source: Alibaba Cloud's page "Function Compute: pay-as-you-go billing methods", the model of compute units (CU) that
holds since 2024-08-27, and its Chinese price list. Read in November 2026. Not confirmed: whether the first 512 MB of
disk are free (told both ways here), and whether the newer elastic modes count otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "Alibaba Cloud, Function Compute, “pay-as-you-go billing methods” (compute units, since 2024-08-27)"
READ = "2026-11"

UNITS_PER_10000_INVOCATIONS = 75
UNITS_PER_VCPU_SECOND = 1.0
# Of an instance that is kept warm and has nothing to do.
UNITS_PER_IDLE_VCPU_SECOND = 0.0
UNITS_PER_GB_SECOND = 0.15
UNITS_PER_DISK_GB_SECOND = 0.05


class Tier(NamedTuple):
    """A price that holds up to so many units a month; None for all beyond."""

    up_to: int | None
    yuan_per_unit: float


MILLION = 1_000_000
# List prices on the mainland; promotions are left aside.
TIERS = (Tier(200 * MILLION, 0.000110), Tier(1_000 * MILLION, 0.000100), Tier(None, 0.000090))
