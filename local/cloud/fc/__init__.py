"""The invocation of functions, as Function Compute 3.0 and 2.0 take it over the network."""

from local.cloud.fc.server import FcServer

__all__ = ["FcServer"]
