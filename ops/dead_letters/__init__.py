"""`receipts dead-letters`: look at what could not become a row, and mend it."""
