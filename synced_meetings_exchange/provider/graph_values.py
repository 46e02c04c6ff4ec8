"""Times as Graph writes them, read with suspicion: see the core's `reading`.

https://learn.microsoft.com/graph/api/resources/datetimetimezone
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.reading import FIRST, FIRST_DAY, LAST, LAST_DAY, rejected
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.rules import UTC, instant_of, local

from .zones import iana

Json = Mapping[str, Any]
HALF_DAY = timedelta(hours=12)


def instant(point: object, missing: str) -> datetime:
    """Return a dateTimeTimeZone as a UTC instant of whole seconds."""
    wall, zone = _wall(point, missing)
    try:
        moment = instant_of(wall, zone)
    except OverflowError:
        raise rejected("bad_time", point) from None
    if not FIRST <= moment <= LAST:
        raise rejected("bad_time", point)
    return moment


def day(point: object, zone: str, missing: str) -> date:
    """Return the date that an all-day event's end means.

    Graph lets dates float; were they moved to another zone, midnight is looked for in ``zone``.
    """
    wall, own = _wall(point, missing)
    if wall.time() != datetime.min.time():
        wall = local(instant_of(wall, own), zone) + HALF_DAY
    if not FIRST_DAY <= wall.date() <= LAST_DAY:
        raise rejected("bad_time", point)
    return wall.date()


def original(value: object, allday: bool, zone: str) -> str:
    """Return the recurrence id for ``originalStart``, of a series of whole days as a date."""
    try:
        start = instant({"dateTime": value, "timeZone": "UTC"}, "bad_recurrence_id")
    except Rejected:
        raise rejected("bad_recurrence_id", value) from None
    if not allday:
        return recurrence_id(start)
    if start.time() == datetime.min.time():
        return recurrence_id(start.date())
    return recurrence_id((local(start, zone) + HALF_DAY).date())


def stamp(moment: datetime) -> str:
    """Return an instant as it stands in an address."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _wall(point: object, missing: str) -> tuple[datetime, str]:
    if not isinstance(point, dict) or point.get("dateTime") is None:
        raise rejected(missing if not point or isinstance(point, dict) else "bad_time", point)
    written, named = point["dateTime"], point.get("timeZone", "UTC")
    if not isinstance(written, str) or written[10:11] != "T":
        raise rejected("bad_time", written)
    zone = iana(named)
    if not zone:
        raise rejected("bad_zone", named)
    try:  # seven digits behind the second are more than Python reads
        wall = datetime.fromisoformat(written.removesuffix("Z").partition(".")[0])
    except ValueError:
        raise rejected("bad_time", written) from None
    if wall.tzinfo:
        raise rejected("bad_time", written)
    return wall, zone
