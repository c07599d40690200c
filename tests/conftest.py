"""For every test: the SDK's loggers fall silent before a test module imports it."""

import receipts.store.sdk  # noqa: F401 - imported for its effect
