"""The floor of a cold start: load what one signed POST needs, and make one POST of a push's body.

Called with the address (host:port) and the path to post to, and the file that holds the body.
"""

import base64  # noqa: F401 - loading it is what is measured
import hashlib  # noqa: F401
import hmac  # noqa: F401
import http.client
import json  # noqa: F401
import sys

address, path, file = sys.argv[1:]
with open(file, "rb") as opened:  # noqa: PTH123 - pathlib is not part of the floor
    body = opened.read()
connection = http.client.HTTPConnection(address)
connection.request("POST", path, body, {"Content-Type": "application/json"})
connection.getresponse().read()
