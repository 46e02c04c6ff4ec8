"""Windows' names of time zones and IANA's, by Unicode's table (CLDR, windowsZones)."""

from __future__ import annotations

from functools import lru_cache

from babel.core import get_global  # Odoo's own; exchangelib has the same table, and takes seconds

from odoo.addons.synced_meetings.sync.reading import is_zone

# Unicode never renames; these are the names that the zones have today.
RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Etc/UTC": "UTC",
    "Europe/Kiev": "Europe/Kyiv",
}
UTC_NAMES = ("tzone://Microsoft/Utc", "Etc/UTC", "Coordinated Universal Time")


def iana(name: object, default: str = "") -> str:
    """Return the IANA zone that Microsoft means; ``default`` for a custom zone or none at all."""
    if not isinstance(name, str):
        return default
    if name in UTC_NAMES:
        return "UTC"
    found = _to_iana().get(name, name)
    return found if is_zone(found) else default


def microsoft(zone: str) -> str:
    """Return a zone as Microsoft takes it: Windows' name where that means exactly this zone."""
    return _to_windows().get(zone, zone) or "UTC"


@lru_cache(maxsize=1)
def _to_iana() -> dict[str, str]:
    table: dict[str, str] = get_global("windows_zone_mapping")
    return {name: _renamed(zone) for name, zone in table.items()}


@lru_cache(maxsize=1)
def _to_windows() -> dict[str, str]:
    return {zone: name for name, zone in _to_iana().items()}


def _renamed(zone: str) -> str:
    today = RENAMED.get(zone, zone)
    return today if is_zone(today) else zone
