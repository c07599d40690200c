"""What provisioning tells of each thing it looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ops.provisioning.looks import Look

MADE, SET, THERE, DIFFERENT = "made", "put right", "there already", "DIFFERENT"
WOULD_MAKE, WOULD_SET = "would be made", "would be put right"


class Step(NamedTuple):
    """What was found or made.

    Attributes:
        kind: what it is.
        name: which one.
        state: one of MADE, SET, THERE, DIFFERENT, or of WOULD_MAKE and WOULD_SET, if nothing is to be changed.
        advice: what differed, what follows and what to do, if anything.
        stays: something wrong is left for a person.
    """

    kind: str
    name: str
    state: str
    advice: str = ""
    stays: bool = False


def taken(look: Look, *, dry: bool) -> Step:
    """Mend what was found, unless `dry`, and tell of it. Raises the SDKs' errors on a refusal."""
    told = " ".join(part for part in (look.found, look.do) if part)
    if look.mend is not None:
        if not dry:
            look.mend()
        made, right = (WOULD_MAKE, WOULD_SET) if dry else (MADE, SET)
        return Step(look.kind, look.name, made if look.missing else right, told)
    return Step(look.kind, look.name, DIFFERENT if look.found else THERE, told, stays=look.grave)
