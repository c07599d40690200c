"""The RAM policies in `policies/`: read, and filled in with the names of one environment."""
