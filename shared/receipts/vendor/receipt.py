"""What every vendor receipt model shares: spelling that drifts, fields that nobody documented."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from receipts.errors import InvalidReceipt

if TYPE_CHECKING:
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
        fields: dict[str, Any] = {}
        for field, names, known in _plan(cls, tuple(data)):
            value = data[names[0]] if len(names) == 1 else _first_with_a_value([data[name] for name in names])
            if value is not None or not known:
                fields[field] = value
        return fields

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


@lru_cache(maxsize=512)
def _plan(model: type[VendorReceipt], names: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Which of these names tell each field, the preferred one first, and whether the model knows the field.

    Worked out once per set of names. Preferred is the documented spelling, then the others by name: not by their
    order in the receipt, which is lost when it is stored. A name that no field goes by is a field of its own.
    """
    ranked: dict[str, list[tuple[int, bool, str]]] = {}
    for name in names:
        field, place = model.spellings.get(squeezed(name), (name, 0))
        ranked.setdefault(field, []).append((place, name != field, name))
    known = model.model_fields.keys()
    return tuple((field, tuple(name for *_, name in sorted(found)), field in known) for field, found in ranked.items())


def _first_with_a_value(values: list[Any]) -> Any:
    """The first that says something; a blank only where nothing does."""
    told = [value for value in values if value is not None]
    said = [value for value in told if not (isinstance(value, str) and (not value or value.isspace()))]
    return next(iter(said or told), None)


def _told(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    told = [
        f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems[:MOST_ERRORS_TOLD]
    ]
    more = len(problems) - len(told)
    return "; ".join([*told, f"and {more} more"] if more else told)
