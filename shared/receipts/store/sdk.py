"""The one door to the TableStore SDK: `from receipts.store.sdk import tablestore`.

Its loggers are silenced before it is imported: it warns on import where its native codec does not load, and later
would log what it could not encode, which is personal data. What goes wrong is raised, and logged by the function.
"""

import logging

LOGGER = "tablestore.client"
# The second one by its own level, not only by its parent's: the SDK looks at that to decide whether to write every
# request out as text for a debug line.
for name in ("tablestore", LOGGER):
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)

import tablestore  # noqa: E402 - after its loggers are silent
from tablestore.encoder import NATIVE_ENCODER_AVAILABLE  # noqa: E402 - the same

__all__ = ["LOGGER", "NATIVE_ENCODER_AVAILABLE", "tablestore"]
