"""Servers on 127.0.0.1 that speak the cloud's own wire formats to the unmodified vendor SDKs."""
