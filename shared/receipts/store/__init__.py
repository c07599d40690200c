"""Rows in TableStore: their tables and keys, and how they are joined into without losing or doubling anything."""
