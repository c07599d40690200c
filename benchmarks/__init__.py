"""Measurements as ratios against a floor of the same run: see docs/benchmarks.md."""
