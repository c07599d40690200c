"""A policy document (RAM, version 1), and whether it allows something.

What no statement allows is denied, and a statement that denies wins over every one that allows. Actions are compared
whatever their capitals, resources to the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from local.cloud.ram.patterns import Pattern, ResourcePattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_REQUIRED = {"Effect", "Action", "Resource"}
_KNOWN = {*_REQUIRED, "Condition"}
# Of the many operators, the one that the policies of this project use.
_LIKE = "StringLike"


class PolicyError(ValueError):
    """A document that is no policy, or one that is not understood here; the message names the place."""


class Question(NamedTuple):
    """What somebody wants to do.

    Attributes:
        action: `<service>:<API>`.
        resource: `acs:<service>:<region>:<account>:<the rest>`, without wildcards.
        context: the condition keys of the request, like `oss:Prefix`.
    """

    action: str
    resource: str
    context: Mapping[str, str]


class Statement(NamedTuple):
    """One statement of a document."""

    allows: bool
    actions: tuple[Pattern, ...]
    resources: tuple[ResourcePattern, ...]
    conditions: tuple[tuple[str, tuple[Pattern, ...]], ...]

    def speaks_of(self, question: Question) -> bool:
        """Whether the statement is about what is asked."""
        return (
            any(action.matches(question.action) for action in self.actions)
            and any(resource.matches(question.resource) for resource in self.resources)
            and all(_holds(question, key, patterns) for key, patterns in self.conditions)
        )


class Policy(NamedTuple):
    """What a document says."""

    statements: tuple[Statement, ...]

    @classmethod
    def read(cls, document: Any) -> Policy:
        """A policy from its parsed JSON. Raises PolicyError."""
        if not isinstance(document, dict) or document.keys() != {"Version", "Statement"} or document["Version"] != "1":
            raise PolicyError('a policy has "Version": "1" and a "Statement"')
        if not isinstance(document["Statement"], list):
            raise PolicyError('"Statement" is a list')
        return cls(tuple(_statement(one, at) for at, one in enumerate(document["Statement"], 1)))


def allowed(policies: Iterable[Policy], question: Question) -> bool:
    """Whether these policies together let it be done."""
    spoken = [
        statement.allows for policy in policies for statement in policy.statements if statement.speaks_of(question)
    ]
    return bool(spoken) and all(spoken)


def _statement(document: Any, at: int) -> Statement:
    if not isinstance(document, dict) or not _REQUIRED <= document.keys() <= _KNOWN:
        raise PolicyError(f"statement {at}: Effect, Action and Resource are needed, Condition may be there")
    if document["Effect"] not in ("Allow", "Deny"):
        raise PolicyError(f"statement {at}: Effect is Allow or Deny")
    actions, resources = (_texts(document[key], f"statement {at}: {key}") for key in ("Action", "Resource"))
    if not all(action == "*" or action.count(":") == 1 for action in actions):
        raise PolicyError(f"statement {at}: an action is <service>:<API>")
    patterns = tuple(map(ResourcePattern, resources))
    if not all(pattern.well_formed for pattern in patterns):
        raise PolicyError(f"statement {at}: a resource is acs:<service>:<region>:<account>:<name>")
    return Statement(
        document["Effect"] == "Allow",
        tuple(Pattern(action, any_case=True) for action in actions),
        patterns,
        _conditions(document.get("Condition", {}), at),
    )


def _conditions(document: Any, at: int) -> tuple[tuple[str, tuple[Pattern, ...]], ...]:
    if not isinstance(document, dict) or not document.keys() <= {_LIKE}:
        raise PolicyError(f"statement {at}: of conditions, only {_LIKE} is understood here")
    likes = document.get(_LIKE, {})
    if not isinstance(likes, dict):
        raise PolicyError(f"statement {at}: {_LIKE} has condition keys with their patterns")
    return tuple(
        (key, tuple(Pattern(text) for text in _texts(texts, f"statement {at}: {key}"))) for key, texts in likes.items()
    )


def _texts(value: Any, place: str) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise PolicyError(f"{place} is a text or a list of texts")
    return texts


def _holds(question: Question, key: str, patterns: tuple[Pattern, ...]) -> bool:
    value = question.context.get(key)
    return value is not None and any(pattern.matches(value) for pattern in patterns)
