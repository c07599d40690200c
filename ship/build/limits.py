"""How large what ships may grow before somebody has to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

MB = 1_000_000
# A tenth above what each was when somebody looked last. The platform's own limit is said to be 500 MB.
LAYER_MB = {"python3.12": 83.0, "python3.10": 64.0}
# A function's folder is a page of steps; what is shared belongs into the layer.
FUNCTION_MB = 0.05


def check_sizes(runtime: str, layer: int, functions: Mapping[str, int]) -> None:
    """Raise Problem if the layer or a function is larger than it may be; sizes in bytes."""
    if layer > LAYER_MB[runtime] * MB:
        raise Problem(
            f"the layer has {layer / MB:.1f} MB, above the limit of {LAYER_MB[runtime]:.1f} MB for {runtime}: see in "
            "the table what grew; leave it out in ship/build/omissions.py, or raise the limit in ship/build/limits.py"
        )
    for name, size in functions.items():
        if size > FUNCTION_MB * MB:
            raise Problem(
                f"the folder of {name} has {size / MB:.2f} MB, above the limit of {FUNCTION_MB} MB: move what is "
                "shared to shared/receipts, or raise the limit in ship/build/limits.py"
            )
