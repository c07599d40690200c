"""The parameters of an RPC-style request: those of the query and those of a form, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from local.cloud.http import Request

_FORM = "application/x-www-form-urlencoded"


def read_parameters(request: Request) -> dict[str, str]:
    """Every parameter by its name, the form before the query, empty ones too; never fails.

    What is not UTF-8 is read as U+FFFD, so that its signature cannot be right.
    """
    _, _, query = request.target.partition("?")
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    if request.method == "POST" and request.headers.get("content-type", "").partition(";")[0].strip() == _FORM:
        parameters |= parse_qsl(request.body.decode("latin-1"), keep_blank_values=True)
    return parameters
