"""Pages of a listing.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/indexedpageitemview
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .ews_errors import SoapFault
from .ews_xml import Element, flag, new

MOST = 1_000  # rows in one answer, as the throttling policy of a fresh server has it


@dataclass(frozen=True)
class Page:
    """Some rows of many."""

    rows: list[Any]
    total: int
    next: int
    last: bool

    def element(self, name: str) -> Element:
        """Return the element that holds the rows."""
        attributes = {
            "TotalItemsInView": str(self.total),
            "IncludesLastItemInRange": flag(self.last),
        }
        if not self.last:
            attributes["IndexedPagingOffset"] = str(self.next)
        return new(name, None, **attributes)


def page(rows: list[Any], view: Element | None) -> Page:
    """Return the rows that an indexed view asks for; all without one, as far as allowed."""
    start, most = 0, MOST
    if view is not None:
        if view.get("BasePoint") not in ("Beginning", "End"):
            raise SoapFault("ErrorSchemaValidation", "BasePoint is missing.")
        start = int(view.get("Offset", "0"))
        most = min(int(view.get("MaxEntriesReturned", MOST)), MOST)
    end = min(start + most, len(rows))
    return Page(rows[start:end], len(rows), end, end >= len(rows))
