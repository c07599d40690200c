"""What every vendor receipt model shares: spelling that drifts, fields that nobody documented."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from receipts.errors import InvalidReceipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Self

MOST_ERRORS_TOLD = 3


@lru_cache(maxsize=1024)
def squeezed(name: str) -> str:
    """`sub_id`, `subId`, `SubID` and `sub-id` are one name: `subid`."""
    return name.replace("_", "").replace("-", "").lower()


class VendorReceipt(BaseModel):
    """A receipt as one vendor documents it, read with tolerance.

    A field is found under its own name and under each of `synonyms`, whatever the case, underscores and hyphens;
    of several that are sent, the one with a value counts, the documented name first. Unknown fields are kept as
    extras, unknown values of an enumeration are kept as they are.
    """

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {}
    # Squeezed spelling -> the field that it means, and its place among the field's spellings.
    spellings: ClassVar[dict[str, tuple[str, int]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Work out the accepted spellings once per model."""
        cls.spellings = {}
        for field in cls.model_fields:
            for place, spelling in enumerate((field, *cls.synonyms.get(field, ()))):
                cls.spellings.setdefault(squeezed(spelling), (field, place))

    @model_validator(mode="before")
    @classmethod
    def _by_any_spelling(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            # The model says what is wrong with it.
            return data
        fields, doubled = _plan(cls, tuple(data))
        told = dict(zip(fields, data.values(), strict=True))
        for field, names in doubled:
            told[field] = _first_with_a_value(data[name] for name in names)
        if None not in told.values():
            return told
        return {name: value for name, value in told.items() if value is not None or name not in cls.model_fields}

    @classmethod
    def read(cls, receipt: dict[str, Any]) -> Self:
        """The receipt as this model.

        Raises:
            InvalidReceipt: a required field is missing or a field cannot be understood. The message names the
                fields and what is wrong with them, never their values.
        """
        try:
            return cls.model_validate(receipt)
        except ValidationError as error:
            raise InvalidReceipt(_told(error)) from None


class _Plan(NamedTuple):
    """The field that each name tells, in their order; and the fields told by several, with those names."""

    fields: tuple[str, ...]
    doubled: tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=512)
def _plan(model: type[VendorReceipt], names: tuple[str, ...]) -> _Plan:
    """How these names are read, worked out once per set of names.

    The preferred name first. Preferred is the documented spelling, then the others by name: not by their
    order in the receipt, which is lost when it is stored. A name that no field goes by is a field of its own.
    """
    ranked: dict[str, list[tuple[int, bool, str]]] = {}
    fields = []
    for name in names:
        field, place = model.spellings.get(squeezed(name), (name, 0))
        fields.append(field)
        ranked.setdefault(field, []).append((place, name != field, name))
    doubled = ((field, tuple(name for *_, name in sorted(found))) for field, found in ranked.items() if len(found) > 1)
    return _Plan(tuple(fields), tuple(doubled))


def _first_with_a_value(values: Iterable[Any]) -> Any:
    """The first that says something; a blank only where nothing does."""
    blank = None
    for value in values:
        if isinstance(value, str) and (not value or value.isspace()):
            blank = value if blank is None else blank
        elif value is not None:
            return value
    return blank


def _told(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    told = [
        f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems[:MOST_ERRORS_TOLD]
    ]
    more = len(problems) - len(told)
    return "; ".join([*told, f"and {more} more"] if more else told)
