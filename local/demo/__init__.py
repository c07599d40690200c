"""`make demo`: a day of receipts, pushed and queued, through the whole, and what came of it."""
