"""What a budget promises, and what was measured of it."""

from __future__ import annotations

from typing import NamedTuple


class Budget(NamedTuple):
    """A promise about a ratio of two things measured in one run, or about how much one exceeds the other.

    Attributes:
        name: such as `B1`.
        ours: what is measured, in words.
        floor: what it is held against, in words.
        bound: the ratio, or the excess, that must be kept.
        at_most: the bound is a ceiling; else it is the least that must be reached.
        unit: of the bound and of what is measured: `x` for a ratio.
    """

    name: str
    ours: str
    floor: str
    bound: float
    at_most: bool
    unit: str = "x"

    def held(self, ratio: float) -> bool:
        """Whether the measured ratio keeps the promise."""
        return ratio <= self.bound if self.at_most else ratio >= self.bound

    @property
    def promise(self) -> str:
        """The bound as it is read: `<= 1.30 x`."""
        return f"{'<=' if self.at_most else '>='} {self.told(self.bound)}"

    def told(self, figure: float) -> str:
        """A figure as it is read: `1.12 x`."""
        return f"{figure:.2f} {self.unit}"


class Measured(NamedTuple):
    """A budget with its measured ratio.

    Attributes:
        budget: what was promised.
        ratio: ours over the floor, the way round that the budget is written in; or by how much ours exceeds it.
        figures: what the ratio came from: name and value with its unit.
        how: how it was measured, and what the figure does not say.
    """

    budget: Budget
    ratio: float
    figures: tuple[tuple[str, str], ...]
    how: str

    @property
    def held(self) -> bool:
        """Whether the budget holds."""
        return self.budget.held(self.ratio)
