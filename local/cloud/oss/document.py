"""The XML of requests and answers: without a namespace, unlike S3's."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from local.cloud.oss.errors import OssError

LARGEST = 2 << 20
"""Bytes of XML that a request may bring: ten thousand parts fit."""
# A bare carriage return would be read back as a line feed.
_LINE_ENDS = {"\r": "&#13;"}
# What XML has no way to write; keys with these are listed with encoding-type=url.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _NoDoctype(ET.TreeBuilder):
    """Without a document type there are no entities, and without those nothing that blows up or reads files."""

    def doctype(self, *_declaration: str | None) -> None:
        """Refuse: the parser calls this before it reads a single declaration."""
        raise OssError("MalformedXML")


def parse(body: bytes, root: str) -> ET.Element:
    """The root element of a request's body.

    Raises:
        OssError: MalformedXML, also when the root is not `root`.
    """
    try:
        parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see _NoDoctype
        parser.feed(body)
        element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:  # the last two: encodings it does not know
        raise OssError("MalformedXML") from error
    if not isinstance(element, ET.Element) or element.tag != root:
        raise OssError("MalformedXML")
    return element


def tag(name: str, content: object) -> str:
    """An element of text."""
    return f"<{name}>{escape(_UNWRITABLE.sub('�', str(content)), _LINE_ENDS)}</{name}>"


def group(name: str, *inner: str) -> str:
    """An element around others, which are XML already."""
    return f"<{name}>{''.join(inner)}</{name}>"


def document(root: str, *inner: str) -> bytes:
    """A whole answer."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{group(root, *inner)}'.encode()
