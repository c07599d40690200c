"""What to do about the errors that Serverless Devs and the platform tell most."""

from __future__ import annotations

import re

from receipts.refusal_codes import DENIED, KEY, SECRET

# In this order: the first one that fits.
_ADVICE = (
    (
        r"ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|component was not found",
        "Serverless Devs reaches neither its component fc3 nor the cloud: look at the network",
    ),
    (
        "|".join((*KEY, *SECRET, "Not found access")),
        "look at the keys of Serverless Devs: `s config get -a default`",
    ),
    (
        "|".join((*DENIED, "not authorized")),
        "the keys of Serverless Devs lack a right: docs/deploying.md lists what they need",
    ),
)


def explained(reason: str) -> str:
    """The reason, and what to do about it where that is known; empty for none."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, reason):
            return f"{reason} ({advice})"
    return reason
