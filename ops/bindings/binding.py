"""One row of the rule book as an operator writes it: validated whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.deciding.numbers import is_global, normal
from receipts.deciding.rule_book import key
from receipts.deciding.rules import EVERYBODY, BadRule, CallRule, TextRule, call_rule, text_rule
from receipts.store import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from receipts.store.pending import Columns
    from receipts.store.schema import Key, Table

NUMBER_X, PARTY = schema.BINDINGS.keys
OF_CALLS, OF_TEXTS = tuple(CallRule.model_fields), tuple(TextRule.model_fields)
RULES = (*OF_CALLS, *OF_TEXTS)
COLUMNS = (NUMBER_X, PARTY, *RULES)
DISPLAY = "display_number"

Problems = list[tuple[str, str]]


class Binding(NamedTuple):
    """A row: its key in the one form of numbers, and what it says."""

    number_x: str
    party: str
    rules: Columns

    @property
    def table(self) -> Table:
        """The rule book."""
        return schema.BINDINGS

    @property
    def key(self) -> Key:
        """The row's key."""
        return key(self.number_x, self.party)

    @property
    def reads(self) -> tuple[str, ...]:
        """All of it."""
        return ()

    @property
    def shows_another(self) -> bool:
        """Whether the callee would see another number than X."""
        return self.rules.get(DISPLAY, self.number_x) != self.number_x

    def merged(self, stored: Columns | None) -> Columns | None:
        """The row anew; columns that are no rules stay as they are. None if it says so already."""
        others = {name: value for name, value in (stored or {}).items() if name not in RULES}
        row = {**others, **self.rules}
        return None if row == stored else row


def binding_of(told: Mapping[str, Any], *, insist: bool) -> Binding:
    """The row that the columns make; blank ones count as absent.

    Args:
        told: columns and values, as written.
        insist: take a `display_number` other than X.

    Raises:
        BadRule: with everything that is wrong with it.
    """
    number_x, problems = _number_x(told.get(NUMBER_X))
    party, wrong = _party(told.get(PARTY))
    problems += wrong
    rules: Columns = {}
    for read, first, rest in ((call_rule, *_apart(OF_CALLS)), (text_rule, *_apart(OF_TEXTS))):
        part, wrong = _part(read, first, rest, told)
        rules |= part
        problems += wrong
    if not (rules or problems):
        problems.append(("", "it says nothing: give `call` or `text`"))
    made = Binding(number_x, party, rules)
    if number_x and made.shows_another and not insist:
        problems.append((DISPLAY, "is not number_x, and carriers block such calls; --insist takes it all the same"))
    if problems:
        raise BadRule(problems)
    return made


def _apart(columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The column that says what to do, and those that say how."""
    return columns[0], columns[1:]


def _number_x(written: Any) -> tuple[str, Problems]:
    number = normal(written)
    if is_global(number):
        return number, []
    return "", [(NUMBER_X, "is no number, such as +86 and what is dialled without the 0")]


def _party(written: Any) -> tuple[str, Problems]:
    if isinstance(written, str) and written.strip() == EVERYBODY:
        return EVERYBODY, []
    party = normal(written)
    return party, [] if party else [(PARTY, f"is neither a number nor {EVERYBODY}, which is everybody")]


def _part(
    read: Callable[[Mapping[str, Any]], CallRule | TextRule | None],
    first: str,
    rest: tuple[str, ...],
    told: Mapping[str, Any],
) -> tuple[Columns, Problems]:
    try:
        rule = read(told)
    except BadRule as error:
        return {}, error.problems
    if rule is not None:
        return dict(rule.columns()), []
    idle = [name for name in rest if str(told.get(name) or "").strip()]
    return {}, [(first, f"is blank, and {idle[0]} is not")] if idle else []
