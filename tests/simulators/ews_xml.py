"""Reading and writing the XML of Exchange Web Services, and nothing that XML can do beside."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

Element = Any  # lxml has no types of its own
SPACES = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
    "e": "http://schemas.microsoft.com/exchange/services/2006/errors",
}

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NotXml(ValueError):
    """The text is no XML, or XML that wants more than to be read."""


def parse(text: bytes) -> Element:
    """Read a document; one that declares its own entities is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise NotXml(str(error)) from None
    if root.getroottree().docinfo.doctype:
        raise NotXml("For security reasons DTD is prohibited in this XML document.")
    return root


@cache
def tag(name: str) -> str:
    """Return the full name of ``t:Subject``; a bare name belongs to no namespace."""
    prefix, _, local = name.rpartition(":")
    return f"{{{SPACES[prefix]}}}{local}" if prefix else local


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname


def new(name: str, text: str | None = None, **attributes: str) -> Element:
    """Return a new element."""
    element = etree.Element(tag(name), attributes, nsmap=SPACES)
    if text is not None:
        element.text = _printable(text)
    return element


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """Append a new element."""
    element = etree.SubElement(parent, tag(name), attributes)
    if text is not None:
        element.text = _printable(text)
    return element


def children(parent: Element | None) -> list[Element]:
    """Return the elements in an element; none of nothing."""
    if parent is None:
        return []
    return [one for one in parent if isinstance(one.tag, str)]


def find(parent: Element, *path: str) -> Element | None:
    """Return the first element on a path of names."""
    return parent.find("/".join(tag(name) for name in path))


def text(parent: Element, *path: str, default: str = "") -> str:
    """Return the text of the first element on a path."""
    found = find(parent, *path)
    return default if found is None else (found.text or "")


def show(element: Element) -> bytes:
    """Return the document."""
    etree.cleanup_namespaces(element, keep_ns_prefixes=["s"])
    return etree.tostring(element, xml_declaration=True, encoding="utf-8")


def flag(value: bool) -> str:
    """Return a truth value as Exchange writes it."""
    return "true" if value else "false"


def _printable(value: str) -> str:
    """Leave out what XML cannot carry."""
    return CONTROL.sub("", value)
