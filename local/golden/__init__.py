"""The golden events: what the folders of `events/` hold, made from the bodies in `events/bodies`.

The bodies are written by hand; everything that merely wraps them (an HTTP trigger's event, a journal envelope, a
CloudEvent, a topic's notification) is made here, so that a change to a body reaches every file.
`python -m local.golden` rewrites the files that are made. Nothing here uses the product's code: the files are
what that code is held against.
"""

from local.golden.catalogue import EVENTS, derived

__all__ = ["EVENTS", "derived"]
