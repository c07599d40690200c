"""What a row of the rule book says: of calls, of texts.

The limits are the platform's: Huawei Cloud PrivateNumber, answers of the X mode to call events and to texts.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from receipts.deciding.numbers import is_global, normal
from receipts.errors import ReceiptsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from receipts.domain.row import Value

EVERYBODY = "*"
"""The party of the row that answers for whoever has no row."""

MOST_TONE = 128
MOST_USER_DATA = 256
MOST_MINUTES = 1440
_NO_MINUTES = f"is not a whole number from 0 to {MOST_MINUTES}"
# What pydantic calls an error, and what an operator reads.
_WORDS = {
    "literal_error": "is not {expected}",
    "string_too_long": "is longer than {max_length} characters",
    "string_type": "is not a text",
    "bool_parsing": "is not true or false",
    "bool_type": "is not true or false",
    "int_parsing": _NO_MINUTES,
    "int_parsing_size": _NO_MINUTES,
    "int_from_float": _NO_MINUTES,
    "int_type": _NO_MINUTES,
    "greater_than_equal": _NO_MINUTES,
    "less_than_equal": _NO_MINUTES,
}


class BadRule(ReceiptsError):
    """A row that says nothing that can be done.

    Attributes:
        problems: columns, each with what is wrong with it, without its value; the column is empty where it is
            the row as a whole.
    """

    advice = "mend the row with `receipts bindings set`"

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{column}: {what}" if column else what for column, what in problems))
        self.problems = problems


def _some(value: Any) -> Any:
    """A text without blanks around it; an empty one counts as none."""
    return (value.strip() or None) if isinstance(value, str) else value


def _word(value: Any) -> Any:
    value = _some(value)
    return value.lower() if isinstance(value, str) else value


def _number(value: Any) -> str | None:
    if _some(value) is None:
        return None
    number = normal(value)
    if not is_global(number):
        raise ValueError("is not a number in the global form, such as +86 and what is dialled without the 0")
    return number


def _user_data(text: str | None) -> str | None:
    if text is not None:
        if "{" in text or "}" in text:
            raise ValueError("holds a brace, which the platform does not take")
        if len(sent_user_data(text)) > MOST_USER_DATA:
            raise ValueError(f"is longer than {MOST_USER_DATA} characters, in Base64 where it is not ASCII")
    return text


def sent_user_data(text: str) -> str:
    """The text as it is sent: in Base64 of its UTF-8 where the platform would not take it."""
    return text if text.isascii() and text.isprintable() else base64.b64encode(text.encode()).decode()


Number = Annotated[str | None, BeforeValidator(_number)]
# The limit stands inside the union: outside of it, None would be checked against it as well.
Tone = Annotated[Annotated[str, Field(max_length=MOST_TONE)] | None, BeforeValidator(_some)]
Minutes = Annotated[Annotated[int, Field(ge=0, le=MOST_MINUTES)] | None, BeforeValidator(_some)]
Flag = Annotated[bool | None, BeforeValidator(_word)]
UserData = Annotated[str | None, BeforeValidator(_some), AfterValidator(_user_data)]


class _Part(BaseModel):
    # A row may hold what an operator notes there; the command refuses unknown columns itself.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def columns(self) -> dict[str, Value]:
        """Column name to value; a field that is None has no column."""
        told = {name: value for name, value in self.__dict__.items() if value is not None}
        return {name: str(value).lower() if isinstance(value, bool) else value for name, value in told.items()}


_PartT = TypeVar("_PartT", bound=_Part)


class CallRule(_Part):
    """What happens to a call. Numbers in the form of `receipts.deciding.numbers`, tones as the platform's file names.

    `display_number`: what the callee sees instead of X. `max_minutes`: 0 for no limit. `record_tone` tells the
    parties that they are recorded: without it carriers block recorded calls. `user_data` comes back in later
    receipts of the call.
    """

    call: Annotated[Literal["connect", "close"], BeforeValidator(_word)]
    callee: Number = None
    display_number: Number = None
    max_minutes: Minutes = None
    wait_tone: Tone = None
    record: Flag = None
    record_tone: Tone = None
    last_minute_tone: Tone = None
    user_data: UserData = None
    close_tone: Tone = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.call == "connect" and self.callee is None:
            raise ValueError("call: connect needs a callee")
        if self.record and self.record_tone is None:
            raise ValueError("record: needs a record_tone, or the carrier blocks the call")
        if self.last_minute_tone is not None and not self.max_minutes:
            raise ValueError("last_minute_tone: needs max_minutes")
        return self


class TextRule(_Part):
    """What happens to a text: `forward` it to `text_receiver`, or `discard` it."""

    text: Annotated[Literal["forward", "discard"], BeforeValidator(_word)]
    text_receiver: Number = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.text == "forward" and self.text_receiver is None:
            raise ValueError("text: forward needs a text_receiver")
        return self


def call_rule(row: Mapping[str, Any] | None) -> CallRule | None:
    """What the row says of calls; None where it says nothing. Raises BadRule."""
    return None if _silent(row, "call") else _read(CallRule, row)


def text_rule(row: Mapping[str, Any] | None) -> TextRule | None:
    """What the row says of texts; None where it says nothing. Raises BadRule."""
    return None if _silent(row, "text") else _read(TextRule, row)


def _silent(row: Mapping[str, Any] | None, column: str) -> bool:
    return row is None or _some(row.get(column)) is None


def _read(model: type[_PartT], row: Any) -> _PartT:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise BadRule([_told(each) for each in error.errors(include_url=False, include_input=False)]) from None


def _told(problem: Any) -> tuple[str, str]:
    """The column and what is wrong, in few words and without the value."""
    if not problem["loc"]:
        column, _, what = str(problem["ctx"]["error"]).partition(": ")
        return column, what
    if problem["type"] == "value_error":
        return str(problem["loc"][0]), str(problem["ctx"]["error"])
    form = _WORDS.get(problem["type"], "is not what it should be")
    return str(problem["loc"][0]), form.format(**problem.get("ctx", {}))
