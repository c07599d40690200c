"""The shapes of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.http import Response
from local.cloud.oss.document import document, group, tag
from template.variables import PLACEHOLDER_ACCOUNT

if TYPE_CHECKING:
    from datetime import datetime

OWNER_ID = PLACEHOLDER_ACCOUNT
LOCATION = "oss-loopback"
"""Where all buckets are."""


def empty(status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer without a body."""
    return Response(status, headers or {}, b"")


def xml(body: bytes, status: int = 200) -> Response:
    """An answer that is a document."""
    return Response(status, {"content-type": "application/xml"}, body)


def tree(root: str, *inner: str) -> Response:
    """An answer that is a document around `inner`, which is XML already."""
    return xml(document(root, *inner))


def stamp(time: datetime) -> str:
    """A time as XML has it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def yes_or_no(value: bool) -> str:  # noqa: FBT001 - it is the value
    """A truth as XML has it."""
    return "true" if value else "false"


def owner_tag() -> str:
    """Whose all buckets and objects are."""
    return group("Owner", tag("ID", OWNER_ID), tag("DisplayName", OWNER_ID))
