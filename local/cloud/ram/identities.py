"""The keys of one account: which there are, and what the holder of each may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.access import AccessKey
from local.cloud.ram.policy import Question, allowed
from template.variables import DEFAULT_REGION, PLACEHOLDER_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.ram.policy import Policy


class Asked(NamedTuple):
    """A question that was answered: who, what, and whether it was let."""

    key_id: str
    action: str
    resource: str
    allowed: bool


class Identities:
    """The account's own key, which may do everything, and those of its roles. For any number of threads.

    Args:
        root: the account's own key.
        account: its number, for the names of resources.
        region: where everything stands, likewise.
    """

    def __init__(self, root: AccessKey, *, account: str = PLACEHOLDER_ACCOUNT, region: str = DEFAULT_REGION) -> None:
        self.account = account
        self.region = region
        self._keys = {root.key_id: root}
        self._tokens: dict[str, str] = {}
        self._policies: dict[str, tuple[Policy, ...]] = {}
        self._listener: Callable[[Asked], None] = lambda _asked: None

    def attach(self, key: AccessKey, *policies: Policy, token: str = "") -> None:
        """Let there be `key`, which may do what these policies say; in place of what it might before.

        `token`: the security token without which it is no key, for a temporary one.
        """
        self._policies[key.key_id] = policies
        self._tokens[key.key_id] = token
        self._keys[key.key_id] = key

    def listen(self, listener: Callable[[Asked], None]) -> None:
        """Tell `listener` of every question from now on that is asked for a key with policies."""
        self._listener = listener

    def key(self, key_id: str, token: str | None = None) -> AccessKey | None:
        """The key of that id, or None; `token` is what came with it, which only a temporary key is looked at for."""
        own = self._tokens.get(key_id)
        return None if own and own != token else self._keys.get(key_id)

    def permits(self, key_id: str, action: str, resource: str, **context: str) -> bool:
        """Whether the holder of a key may do it.

        Args:
            key_id: of a key there is.
            action: `<service>:<API>`.
            resource: the name after the account, or `*` where the service knows no resources.
            context: the condition keys of the request, with `_` for `:`.
        """
        policies = self._policies.get(key_id)
        if policies is None:
            return True
        service = action.partition(":")[0]
        name = resource if resource == "*" else f"acs:{service}:{self.region}:{self.account}:{resource}"
        question = Question(action, name, {key.replace("_", ":", 1): value for key, value in context.items()})
        may = allowed(policies, question)
        self._listener(Asked(key_id, action, name, may))
        return may


def identities_of(key: AccessKey | Identities) -> Identities:
    """Those of an account whose only key is `key`; identities are themselves."""
    return Identities(key) if isinstance(key, AccessKey) else key
