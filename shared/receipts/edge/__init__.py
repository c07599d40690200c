"""The HTTP edge: from the platform's event to the answer. Standard library only."""
