"""Refuses what the service can do and this one cannot, rather than pass over it in silence."""

from __future__ import annotations

from typing import Any

from local.cloud.tablestore.errors import invalid


def refuse_fields(request: Any, *names: str) -> None:
    """Refuse a request that sets one of these optional fields.

    Raises:
        RefusedError: OTSParameterInvalid naming the field.
    """
    for name in names:
        field = request.DESCRIPTOR.fields_by_name[name]
        value = getattr(request, name)
        # An empty token or transaction id is how some encoders say "none".
        if value if field.label == field.LABEL_REPEATED or isinstance(value, str | bytes) else request.HasField(name):
            raise invalid(f"{name} is not served by the loopback.")
