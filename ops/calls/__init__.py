"""`receipts calls`: what became of a call, and which calls there were."""
