"""Access control as the cloud's RAM does it: who a key belongs to, and what its policies let it do.

Only what the policies of this project need is understood; anything else in a document is refused, never ignored.
"""

from local.cloud.ram.identities import Asked, Identities, identities_of
from local.cloud.ram.policy import Policy, PolicyError

__all__ = ["Asked", "Identities", "Policy", "PolicyError", "identities_of"]
