"""The XML of requests and answers."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from local.cloud.mns.errors import MnsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAMESPACE = "http://mns.aliyuncs.com/doc/v1/"
_PREFIX = f"{{{NAMESPACE}}}"
# A bare carriage return would be read back as a line feed.
_LINE_ENDS = {"\r": "&#13;"}


class _NoDoctype(ET.TreeBuilder):
    """Without a document type there are no entities, and without those nothing that blows up or reads files."""

    def doctype(self, *_declaration: str | None) -> None:
        """Refuse: the parser calls this before it reads a single declaration."""
        raise MnsError("MalformedXML")


def parse(body: bytes, root: str) -> ET.Element:
    """The root element of a request's body.

    Raises:
        MnsError: MalformedXML; InvalidArgument when the root is not `root` in the service's namespace.
    """
    try:
        parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see _NoDoctype
        parser.feed(body)
        element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:  # the last two: encodings it does not know
        raise MnsError("MalformedXML") from error
    if not isinstance(element, ET.Element) or element.tag != _PREFIX + root:
        raise _invalid(root)
    return element


def children(element: ET.Element, name: str) -> list[ET.Element]:
    """The children of `element`, every one of which must be called `name`."""
    if any(child.tag != _PREFIX + name for child in element):
        raise _invalid(name)
    return list(element)


def fields(element: ET.Element, allowed: Iterable[str]) -> dict[str, str]:
    """The children of `element` as name and text; each at most once, none but those `allowed`."""
    known = {_PREFIX + name for name in allowed}
    found: dict[str, str] = {}
    for child in element:
        name = child.tag.removeprefix(_PREFIX)
        if child.tag not in known or name in found or len(child):
            raise _invalid(name)
        found[name] = child.text or ""
    return found


def tagged(name: str, content: Mapping[str, object]) -> str:
    """An element `name` with one child of text for each entry."""
    inner = "".join(f"<{key}>{escape(str(text), _LINE_ENDS)}</{key}>" for key, text in content.items())
    return f"<{name}>{inner}</{name}>"


def document(root: str, inner: str) -> bytes:
    """A whole answer: `root` in the service's namespace around `inner`, which is XML already."""
    return f'<?xml version="1.0" ?><{root} xmlns="{NAMESPACE}">{inner}</{root}>'.encode()


def single(root: str, content: Mapping[str, object]) -> bytes:
    """A whole answer that is one flat element."""
    return document(root, tagged(root, content).removeprefix(f"<{root}>").removesuffix(f"</{root}>"))


def _invalid(element: str) -> MnsError:
    return MnsError(
        "InvalidArgument",
        f"The XML you provided did not validate against our published schema, cause by Element {element!r}.",
    )
