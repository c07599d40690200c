"""What is missing: recordings, ends of calls, whole hours; and what waits as a dead letter."""
