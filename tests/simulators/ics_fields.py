"""What a VEVENT says besides time, as fields of a Google event.

https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from icalendar import Event as Component

from .google_schema import _ADDRESS as ADDRESS
from .google_time import UTC, show_utc

RESPONSES = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
VISIBILITIES = {"PUBLIC": "public", "PRIVATE": "private", "CONFIDENTIAL": "confidential"}
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)


def fields(component: Component) -> dict[str, Any]:
    """Return everything but times and ids."""
    found: dict[str, Any] = {
        "summary": text(component, "SUMMARY"),
        "location": text(component, "LOCATION"),
        "description": description(component),
        "status": "tentative" if text(component, "STATUS").upper() == "TENTATIVE" else "",
        "transparency": "transparent" if text(component, "TRANSP").upper() == "TRANSPARENT" else "",
        "visibility": VISIBILITIES.get(text(component, "CLASS").upper(), ""),
        "hangoutLink": text(component, "X-GOOGLE-CONFERENCE"),
        "sequence": sequence(component),
        "created": stamp(component, "CREATED"),
        "updated": stamp(component, "LAST-MODIFIED"),
        "organizer": person(component.get("ORGANIZER")),
        "attendees": attendees(component),
        "reminders": reminders(component),
        "source": source(component),
    }
    return {name: value for name, value in found.items() if value}


def text(component: Component, name: str) -> str:
    """Return a text property; the first where there are several."""
    value = component.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def description(component: Component) -> str:
    """Return the text; the HTML alternative where there is one, because Google shows HTML."""
    html = text(component, "X-ALT-DESC")
    if not html:
        return text(component, "DESCRIPTION")
    html = re.sub(r"\\+n", "\n", html).replace("\\,", ",").replace("\\;", ";")
    body = _BODY.search(html)
    return (body[1] if body else html).strip()


def sequence(component: Component) -> int:
    """Return SEQUENCE where it is a number that Google takes."""
    value = text(component, "SEQUENCE")
    return int(value) if value.isdecimal() else 0


def stamp(component: Component, name: str) -> str:
    """Return a time stamp; one without zone is taken as UTC."""
    moment = getattr(component.get(name), "dt", None)
    if not isinstance(moment, datetime):
        return ""
    return show_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def person(value: Any) -> dict[str, Any]:
    """Return an address with its name; nothing where it is no e-mail address."""
    value = value[0] if isinstance(value, list) and value else value
    email = re.sub("^mailto:", "", str(value or "").strip(), flags=re.IGNORECASE).lower()
    if not ADDRESS.match(email):
        return {}
    name = str(value.params.get("CN", "")).strip()
    return {"email": email, "displayName": name} if name and name != email else {"email": email}


def attendees(component: Component) -> list[dict[str, Any]]:
    """Return the guests that have an address."""
    given = component.get("ATTENDEE", [])
    found = []
    for one in given if isinstance(given, list) else [given]:
        guest = person(one)
        if guest:
            found.append({**guest, **_participation(one.params)})
    return found


def _participation(params: Any) -> dict[str, Any]:
    status = RESPONSES.get(str(params.get("PARTSTAT", "")).upper(), "needsAction")
    found: dict[str, Any] = {"responseStatus": status}
    if str(params.get("ROLE", "")).upper() in ("OPT-PARTICIPANT", "NON-PARTICIPANT"):
        found["optional"] = True
    if str(params.get("CUTYPE", "")).upper() in ("RESOURCE", "ROOM"):
        found["resource"] = True
    return found


def reminders(component: Component) -> dict[str, Any]:
    """Return the alarms that Google can hold: five, before the start, at most four weeks."""
    found = []
    for alarm in component.walk("VALARM"):
        trigger = getattr(alarm.get("TRIGGER"), "dt", None)
        action = text(alarm, "ACTION").upper()
        if isinstance(trigger, timedelta) and action in ("DISPLAY", "AUDIO", "EMAIL"):
            minutes = int(-trigger.total_seconds() // 60)
            method = "email" if action == "EMAIL" else "popup"
            if 0 <= minutes <= 40_320 and {"method": method, "minutes": minutes} not in found:
                found.append({"method": method, "minutes": minutes})
    return {"useDefault": False, "overrides": found[:5]} if found else {}


def source(component: Component) -> dict[str, str]:
    """Return the web page that the event came from."""
    url = text(component, "URL")
    return (
        {"url": url, "title": text(component, "SUMMARY")[:200] or url}
        if url.startswith("http")
        else {}
    )
