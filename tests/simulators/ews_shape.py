"""Items as XML: exactly the properties that were asked for.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/itemshape
"""

from __future__ import annotations

from dataclasses import dataclass

from . import ews_extended as extended
from .ews_errors import SoapFault
from .ews_fields import DEFAULT_SHAPE, FIELDS, URIS
from .ews_values import write
from .ews_views import View
from .ews_xml import Element, add, children, find, local, new, text

OTHERS = (
    *("message", "meeting", "meetingRequest", "task", "contacts", "distributionlist"),
    *("postitem", "conversation", "persona", "folder"),
)


@dataclass(frozen=True)
class Shape:
    """What a client wants to know of items."""

    names: tuple[str, ...]
    extended: tuple[Element, ...] = ()
    body: str = "Best"

    @classmethod
    def of(cls, element: Element, everything: bool = True) -> Shape:
        """Read an ItemShape; ``everything`` False leaves out what only GetItem returns."""
        base = text(element, "t:BaseShape")
        if base not in ("IdOnly", "Default", "AllProperties"):
            raise SoapFault("ErrorSchemaValidation", f"no such BaseShape: {base}")
        asked = {"Default": set(DEFAULT_SHAPE), "AllProperties": set(FIELDS)}.get(base, set())
        more = []
        for path in children(find(element, "t:AdditionalProperties")):
            if local(path) == "ExtendedFieldURI":
                more.append(path)
            elif local(path) == "FieldURI" and (name := _name(path.get("FieldURI", ""))):
                asked.add(name)
        names = [
            field.name
            for field in FIELDS.values()
            if field.name in asked and (everything or field.findable)
        ]
        return cls(tuple(names), tuple(more), text(element, "t:BodyType") or "Best")

    def show(self, view: View, rights: str = "Owner") -> Element:
        """Return an item."""
        shown = new("t:CalendarItem")
        add(shown, "t:ItemId", None, Id=view.id, ChangeKey=view.key)
        for name in self.names:
            write(shown, name, view, self.body, rights)
        for uri in self.extended:
            extended.write(shown, uri, view)
        return shown


def _name(uri: str) -> str:
    """Return the name of a property; other classes of items have properties of their own."""
    if uri in URIS:
        return URIS[uri].name
    if uri.partition(":")[0] in OTHERS:
        return ""
    raise SoapFault("ErrorSchemaValidation", f"The FieldURI {uri!r} is not in the schema.")


def brief(view: View) -> Element:
    """Return an item's id and change key."""
    shown = new("t:CalendarItem")
    add(shown, "t:ItemId", None, Id=view.id, ChangeKey=view.key)
    return shown
