"""Filters of FindItem.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/restriction
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_extended import key_of, value_of
from .ews_fields import URIS
from .ews_time import parse
from .ews_values import value_of as plain_value
from .ews_views import View
from .ews_xml import Element, children, find, local

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "IsEqualTo": operator.eq,
    "IsNotEqualTo": operator.ne,
    "IsGreaterThan": operator.gt,
    "IsGreaterThanOrEqualTo": operator.ge,
    "IsLessThan": operator.lt,
    "IsLessThanOrEqualTo": operator.le,
}
SEARCHABLE = ("text", "choice", "bool", "int", "time", "strings")
UNSEARCHABLE = ("UID", "When", "Organizer", "MyResponseType", "DateTimeStamp")


def matches(call: Call, test: Element, view: View) -> bool:
    """Tell whether an item passes a filter."""
    kind, inside = local(test), children(test)
    if kind in ("And", "Or"):
        return (all if kind == "And" else any)(matches(call, one, view) for one in inside)
    if kind == "Not":
        return not matches(call, inside[0], view)
    value = _value(inside[0], view)
    if kind == "Exists":
        return value is not None
    if kind == "Contains":
        return value is not None and _contains(test, value)
    if kind not in COMPARISONS:
        raise SoapFault("ErrorSchemaValidation", f"no such filter: {kind}")
    if value is None:
        return kind == "IsNotEqualTo"
    constant = find(test, "t:FieldURIOrConstant", "t:Constant")
    if constant is None:
        raise EwsError("ErrorUnsupportedPathForQuery", "Only constants are compared with.")
    return COMPARISONS[kind](value, _typed(constant.get("Value", ""), value, call))


def _value(path: Element, view: View) -> Any:
    if local(path) == "ExtendedFieldURI":
        return value_of(view, key_of(path))
    field = URIS.get(path.get("FieldURI", ""))
    if field is None:
        raise SoapFault("ErrorSchemaValidation", "The path of a filter is not in the schema.")
    if field.kind not in SEARCHABLE or field.name in UNSEARCHABLE:
        raise EwsError("ErrorUnsupportedPathForQuery", f"{field.uri} cannot be searched for.")
    return plain_value(view, field.name)


def _typed(text: str, like: Any, call: Call) -> Any:
    """Return a constant with the type of the value that it is compared with."""
    if isinstance(like, datetime):
        return parse(text, call.zone)
    if isinstance(like, bool):
        return text in ("true", "1")
    return int(text) if isinstance(like, int) else text


def _contains(test: Element, value: Any) -> bool:
    constant = find(test, "t:Constant")
    wanted = constant.get("Value", "") if constant is not None else ""
    texts = value if isinstance(value, list) else [str(value)]
    if test.get("ContainmentComparison", "").startswith("IgnoreCase"):
        wanted, texts = wanted.lower(), [one.lower() for one in texts]
    mode = test.get("ContainmentMode", "FullString")
    if mode == "FullString":
        return wanted in texts
    if mode.startswith("Prefixed"):
        return any(one.startswith(wanted) for one in texts)
    return any(wanted in one for one in texts)
