"""The fetch guard: opens a URL that came from outside only where the operator allows it. Standard library only."""
