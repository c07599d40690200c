"""The events that the platform's triggers hand to a function."""
