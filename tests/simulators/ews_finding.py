"""FindItem: a calendar view, which expands series, or a filtered listing of what lies in a folder.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_fields import URIS
from .ews_ids import hidden
from .ews_paging import MOST, page
from .ews_reading import shown
from .ews_restriction import matches
from .ews_shape import Shape
from .ews_time import parse
from .ews_values import value_of
from .ews_views import View, expanded
from .ews_world import Folder
from .ews_xml import Element, add, children, find, local

Work = Callable[[], list[Element]]
WIDEST = timedelta(days=731)  # two years


def find_items(call: Call) -> Iterator[Work]:
    """Return the items of folders."""
    shape = Shape.of(call.required("ItemShape"), everything=False)
    depth = call.attribute("Traversal", ("Shallow", "SoftDeleted", "Associated"))
    for reference in call.folders("ParentFolderIds"):
        yield partial(_find, call, reference, shape, depth)


def _find(call: Call, reference: Element, shape: Shape, depth: str) -> list[Element]:
    folder = call.folder(reference)
    listing = call.part("CalendarView")
    views = _in_view(call, folder, listing) if listing is not None else _listed(call, folder)
    if depth != "Shallow":
        views = []
    rows = page(views, call.part("IndexedPageItemView"))
    root = rows.element("m:RootFolder")
    items = add(root, "t:Items")
    for view in rows.rows:
        items.append(shown(call, view, shape))
    return [root]


def _in_view(call: Call, folder: Folder, listing: Element) -> list[View]:
    """Return what lies between two instants, occurrences one by one."""
    if call.part("Restriction") is not None or call.part("SortOrder") is not None:
        raise EwsError("ErrorInvalidOperation", "A calendar view has neither filter nor order.")
    start, end = (parse(listing.get(name, ""), call.zone) for name in ("StartDate", "EndDate"))
    if end < start:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
    if end - start > WIDEST:
        raise EwsError("ErrorCalendarViewRangeTooBig")
    visible = (one for one in list(folder.items.values()) if not hidden(call, View(one)))
    found = [view for item in visible for view in expanded(item, start, end)]
    found.sort(key=lambda view: (view.start, view.id))
    most = listing.get("MaxEntriesReturned")
    if most is None and len(found) > MOST:  # a view has no pages
        raise EwsError("ErrorExceededFindCountLimit")
    return found[: min(int(most or MOST), MOST)]


def _listed(call: Call, folder: Folder) -> list[View]:
    """Return singles and series that pass the filter."""
    views = [View(one) for one in folder.items.values()]
    restriction = call.part("Restriction")
    if restriction is not None:
        test = children(restriction)[0]
        views = [one for one in views if matches(call, test, one)]
    views = [one for one in views if not hidden(call, one)]
    views.sort(key=lambda view: view.version, reverse=True)
    for order in reversed(children(call.part("SortOrder"))):
        _sort(views, order)
    return views


def _sort(views: list[View], order: Element) -> None:
    path = find(order, "t:FieldURI")
    field = URIS.get(path.get("FieldURI", "")) if path is not None else None
    if local(order) != "FieldOrder" or field is None:
        raise SoapFault("ErrorSchemaValidation", "The order is not understood.")
    name = field.name
    views.sort(key=lambda view: _comparable(view, name), reverse=order.get("Order") != "Ascending")


def _comparable(view: View, name: str) -> tuple[bool, object]:
    value = value_of(view, name)
    return (value is not None, value if value is not None else 0)
