"""The OData parts of a query, as far as Outlook's calendar takes them.

https://learn.microsoft.com/en-us/graph/query-parameters
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .graph_errors import bad
from .graph_fields import property_key
from .graph_places import Place
from .graph_time import parse
from .graph_world import Event
from .server import Request

Test = Callable[[Place], bool]
_ANY = re.compile(
    r"singleValueExtendedProperties/any\(\s*(\w+)\s*:\s*\1/id eq '((?:[^']|'')*)'"
    r" and \1/value eq '((?:[^']|'')*)'\s*\)$",
    re.IGNORECASE,
)
_EXPANDED = re.compile(
    r"singleValueExtendedProperties\(\$filter=((?:id eq '(?:[^']|'')*'(?: or )?)+)\)"
)
_COMPARED = re.compile(r"(start|end)/dateTime (lt|le|gt|ge|eq) '([^']+)'$")
_EQUAL = re.compile(r"(iCalUId|uid|subject|type) eq '((?:[^']|'')*)'$")
_SPLIT = re.compile(r" and (?![^(]*\))")
MOST = 999


def number(request: Request, name: str, default: int, most: int = MOST) -> int:
    """Return $top or $skip."""
    text = request.param(name, str(default))
    if not text.isdigit() or int(text) > most or (name == "$top" and text == "0"):
        raise bad(f"Invalid value '{text}' for {name} query option found.", "BadRequest")
    return int(text)


def expanded(request: Request) -> tuple[str, ...]:
    """Return the extended properties that are asked for."""
    found = _EXPANDED.search(request.param("$expand"))
    return tuple(re.findall(r"id eq '((?:[^']|'')*)'", found[1])) if found else ()


def check_expand(request: Request) -> set[str]:
    """Return the names in $expand; refuse what cannot be expanded."""
    text = request.param("$expand")
    rest = _EXPANDED.sub("singleValueExtendedProperties", text)
    names = {one.strip() for one in rest.split(",") if one.strip()}
    known = {"exceptionOccurrences", "singleValueExtendedProperties", "calendar", "instances"}
    for name in names - known:
        message = f"Could not find a property named '{name}' on type 'microsoft.graph.event'."
        raise bad(f"Parsing OData Select and Expand failed: {message}", "BadRequest")
    if "singleValueExtendedProperties" in names and not _EXPANDED.search(text):
        message = "Expanding extended properties needs $filter with their ids."
        raise bad(message, "ErrorInvalidUrlQuery")
    return names


def select(event: Event, request: Request) -> Event:
    """Return the selected properties; the id and the version always come."""
    names = {one.strip() for one in request.param("$select").split(",") if one.strip()}
    if not names:
        return {k: v for k, v in event.items() if k != "cancelledOccurrences"}
    names |= {one for one in event if one.startswith("@")} | {"id", "exceptionOccurrences"}
    names.add("singleValueExtendedProperties")
    return {name: value for name, value in event.items() if name in names}


def matching(request: Request) -> Test:
    """Return the condition in $filter."""
    text = request.param("$filter").strip()
    tests = [_test(one.strip()) for one in _SPLIT.split(text)] if text else []
    return lambda place: all(test(place) for test in tests)


def _test(text: str) -> Test:
    own = _ANY.match(text)
    if own:
        key, value = property_key(_plain(own[2])), _plain(own[3])
        return lambda place: place.data["extended"].get(key) == value
    compared = _COMPARED.match(text)
    if compared:
        return _comparison(*compared.groups())
    equal = _EQUAL.match(text)
    if not equal:
        raise bad(f"The query filter '{text}' is not supported.", "ErrorInvalidUrlQueryFilter")
    name, wanted = equal[1], _plain(equal[2])
    values: dict[str, Callable[[Place], Any]] = {
        "iCalUId": lambda place: place.uid,
        "uid": lambda place: place.state.data["uid"],
        "subject": lambda place: place.data["subject"],
        "type": lambda place: place.kind,
    }
    return lambda place: values[name](place) == wanted


def _comparison(name: str, verb: str, text: str) -> Test:
    moment = parse(text)
    verbs: dict[str, Callable[[Any], bool]] = {
        "lt": lambda own: own < moment,
        "le": lambda own: own <= moment,
        "gt": lambda own: own > moment,
        "ge": lambda own: own >= moment,
        "eq": lambda own: own == moment,
    }
    return lambda place: verbs[verb](place.begins if name == "start" else place.ends)


def _plain(text: str) -> str:
    return text.replace("''", "'")


def ordered(places: list[Place], request: Request) -> list[Place]:
    """Return things in the order of $orderby."""
    text = request.param("$orderby")
    if not text:
        return places
    name, _, way = text.partition(" ")
    keys: dict[str, Callable[[Place], Any]] = {
        "start/dateTime": lambda place: place.begins,
        "end/dateTime": lambda place: place.ends,
        "subject": lambda place: place.data["subject"],
        "createdDateTime": lambda place: place.data["created"],
        "lastModifiedDateTime": lambda place: place.data["modified"],
    }
    if name not in keys or way not in ("", "asc", "desc"):
        raise bad(f"Could not order by '{text}'.", "BadRequest")
    return sorted(places, key=keys[name], reverse=way == "desc")
