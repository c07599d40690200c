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
    of several that are sent, the first one with a value counts. Unknown fields are kept as extras, unknown values
    of an enumeration are kept as they are.
    """

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {}
    _spellings: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Work out the accepted spellings once per model."""
        cls._spellings = tuple(
            (field, (squeezed(field), *map(squeezed, cls.synonyms.get(field, ())))) for field in cls.model_fields
        )

    @model_validator(mode="before")
    @classmethod
    def _by_any_spelling(cls, data: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, str] = {}
        for name in data:
            # Of two spellings of one name the first that has a value counts.
            short = squeezed(name)
            if sent.get(short) is None or data[sent[short]] is None:
                sent[short] = name
        fields: dict[str, Any] = {}
        for field, spellings in cls._spellings:
            names = [sent.pop(spelling) for spelling in spellings if spelling in sent]
            fields[field] = next((data[name] for name in names if data[name] is not None), None)
        extras = {name: data[name] for name in sent.values() if name not in fields}
        return {**extras, **{field: value for field, value in fields.items() if value is not None}}

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


def _told(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    told = [
        f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems[:MOST_ERRORS_TOLD]
    ]
    more = len(problems) - len(told)
    return "; ".join([*told, f"and {more} more"] if more else told)
