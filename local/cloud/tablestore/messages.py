"""Decodes protobuf messages that somebody else made."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from local.cloud.tablestore.errors import invalid


def decode(kind: Any, data: bytes) -> Any:
    """A message of this class.

    Raises:
        RefusedError: OTSParameterInvalid: not such a message, or a required field is missing.
    """
    try:
        message = kind.FromString(data)
    except DecodeError:
        raise invalid("Parse PBMessage from RawString failed.") from None
    # Not every implementation of protobuf looks at required fields by itself.
    if not message.IsInitialized():
        raise invalid("Parse PBMessage from RawString failed.")
    return message
