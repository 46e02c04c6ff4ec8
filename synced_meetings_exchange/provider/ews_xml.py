"""XML of Exchange Web Services: making elements, and reading answers with suspicion.

Items are read and written as XML, not as exchangelib's item classes: those fail a whole answer on
one strange time zone, keep extended properties on a class that all databases of a process share,
and read an answer byte by byte.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-xml-elements-in-exchange
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from exchangelib.util import MNS, SOAPNS, TNS
from lxml import etree

Element = Any  # lxml is untyped
SPACES = {"s": SOAPNS, "m": MNS, "t": TNS}
# What XML 1.0 cannot hold; Exchange writes it where a text of somebody's mail had it.
REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotSoap(Exception):
    """The answer is no SOAP, or wants more than to be read."""


def new(name: str, *content: Element | str | None, **attributes: str) -> Element:
    """Return ``<t:Name …>`` with these texts and elements in it; None is nothing."""
    prefix, _, local = name.partition(":")
    element = etree.Element(f"{{{SPACES[prefix]}}}{local}", attributes, nsmap=SPACES)
    for one in content:
        if isinstance(one, str):
            element.text = UNWRITABLE.sub("", one)
        elif one is not None:
            element.append(one)
    return element


def parse(content: bytes) -> Element:
    """Return the root of an answer. Raises `NotSoap`."""
    try:
        return _parsed(content)
    except etree.XMLSyntaxError:
        pass
    try:
        return _parsed(CONTROL.sub(b"", REFERENCE.sub(_reference, content)))
    except etree.XMLSyntaxError:
        raise NotSoap("not well-formed") from None


def _parsed(content: bytes) -> Element:
    # Never lxml's own recovery: of an answer that was cut short, nothing may be believed.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise NotSoap("document type")  # pages have one, and attacks
    return root


def _reference(found: re.Match[bytes]) -> bytes:
    digits = found[1]
    code = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    legal = code in (9, 10, 13) or 31 < code < 0xD800 or 0xDFFF < code < 0xFFFE or code > 0xFFFF
    return found[0] if legal and code < 0x110000 else b""


def find(element: Element | None, *path: str) -> Element | None:
    """Return the first element at a path such as ``"t:Organizer", "t:Mailbox"``."""
    for name in path:
        if element is None:
            return None
        prefix, _, local = name.partition(":")
        element = element.find(f"{{{SPACES[prefix]}}}{local}")
    return element


def text(element: Element | None, *path: str) -> str | None:
    """Return the text at a path, "" of an empty element, None of one that is not there."""
    found = find(element, *path)
    return None if found is None else (found.text or "")


def children(element: Element | None, *path: str) -> Iterator[Element]:
    """Yield the elements inside the one at a path."""
    found = find(element, *path)
    if found is not None:
        yield from (one for one in found if isinstance(one.tag, str))


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def source(element: Element) -> str:
    """Return an element as text, as the quarantine shows it."""
    return str(etree.tostring(element, encoding="unicode"))
