"""The journal: how a push travels through the queue. Standard library only, because `receive` writes it."""
