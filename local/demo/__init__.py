"""`make demo`: a day of receipts pushed through the whole, and what came of it."""
