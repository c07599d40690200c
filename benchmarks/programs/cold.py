"""A cold start of `receive`: load the function, initialise it, have it acknowledge one push.

Called with the file that holds the event. Fails when the push is not acknowledged.
"""

import sys

import index  # type: ignore[import-not-found]  # its folder is on this process's path only


class _Context:
    """All that the function asks of its context here."""

    request_id = "cold-start"


with open(sys.argv[1], "rb") as opened:  # noqa: PTH123 - pathlib is not part of what is measured
    event = opened.read()
index.initialize(_Context)
sys.exit(index.handler(event, _Context)["statusCode"] != 200)
