"""From a queue message to rows: parse, fold, join, and keep what cannot be stored as dead letters."""
