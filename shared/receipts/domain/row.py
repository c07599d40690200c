"""A row's columns as a model."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

# BINARY is a bytearray: the SDK reads it as one, and sends `bytes` as text.
Value = str | int | bytearray


class Row(BaseModel):
    """The columns of one row besides its key, `facts` and `revision`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def columns(self) -> dict[str, Value]:
        """Column name to value; a field that is None has no column."""
        return {name: value for name, value in self.__dict__.items() if value is not None}
