"""B6: does `ingest` cost more, or hold more, once it has stored a million receipts?"""

import receipts.store.sdk  # noqa: F401 - before the SDK's messages are imported, its loggers fall silent
