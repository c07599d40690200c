"""Names with wildcards, as policies write them: `*` for any text, `?` for one character, nothing else."""

from __future__ import annotations

import re

# acs, service, region, account, and what the service makes of the rest.
_PARTS = 5


class Pattern:
    """One pattern.

    Args:
        text: as the policy has it.
        any_case: whether capitals do not matter.
    """

    def __init__(self, text: str, *, any_case: bool = False) -> None:
        self.text = text
        escaped = re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
        self._expression = re.compile(escaped, re.DOTALL | (re.IGNORECASE if any_case else 0))

    def matches(self, name: str) -> bool:
        """Whether the whole of `name` is as the pattern says."""
        return self._expression.fullmatch(name) is not None


class ResourcePattern:
    """A resource, `acs:<service>:<region>:<account>:<name>`: its parts match one by one; `*` alone is everything."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts = [Pattern(part) for part in text.split(":", _PARTS - 1)]

    @property
    def well_formed(self) -> bool:
        """Whether it names a resource at all."""
        return self.text == "*" or (len(self._parts) == _PARTS and self.text.startswith("acs:"))

    def matches(self, resource: str) -> bool:
        """Whether it names `resource`."""
        if self.text == "*":
            return True
        parts = resource.split(":", _PARTS - 1)
        return len(parts) == len(self._parts) and all(
            pattern.matches(part) for pattern, part in zip(self._parts, parts, strict=True)
        )
