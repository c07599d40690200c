"""What running it costs: measured work, the functions' sizes, a table of prices, and stated assumptions."""

import receipts.store.sdk  # noqa: F401 - before the SDK's messages are imported, its loggers fall silent
