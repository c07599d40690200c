"""`receipts invoke`: one function, one event, and what came of it."""
