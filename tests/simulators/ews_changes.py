"""The changes of an UpdateItem request, applied to the values of an item.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/updates-item
"""

from __future__ import annotations

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_extended import key_of, read
from .ews_fields import PEOPLE, URIS, Field, value
from .ews_views import View
from .ews_world import Data
from .ews_xml import Element, children, find, local

WHOLE = ("Recurrence", "UID")  # of a series as a whole, not of an occurrence
CLEARED = {"Subject": "", "Importance": "Normal", "Sensitivity": "Normal", "ReminderIsSet": False}
NEEDED = (
    "UID",
    "Start",
    "End",
    "IsAllDayEvent",
    "LegacyFreeBusyStatus",
    "StartTimeZone",
    "EndTimeZone",
)


def changed(call: Call, view: View, updates: list[Element]) -> tuple[Data, set[str]]:
    """Return all values after the changes, and the names of those that were written."""
    data = {**view.data, "Extended": dict(view.data["Extended"])}
    names: set[str] = set()
    for update in updates:
        path = children(update)[0]
        extended = local(path) == "ExtendedFieldURI"
        names.add(key_of(path) if extended else _field(path, view).name)
        _ACTIONS[local(update)](call, data, update, path, extended)
    return data, names


def _field(path: Element, view: View) -> Field:
    field = URIS.get(path.get("FieldURI", ""))
    if local(path) != "FieldURI" or field is None:
        raise SoapFault("ErrorSchemaValidation", "The path of a change is not in the schema.")
    if not field.writable or (view.original is not None and field.name in WHOLE):
        raise EwsError("ErrorInvalidPropertySet", f"{field.name} cannot be changed.")
    return field


def _set(call: Call, data: Data, update: Element, path: Element, extended: bool) -> None:
    values = children(find(update, "t:CalendarItem"))
    if len(values) != 1:
        raise EwsError("ErrorIncorrectUpdatePropertyCount")
    if extended != (local(values[0]) == "ExtendedProperty"):
        raise EwsError("ErrorUpdatePropertyMismatch")
    if extended:
        key, content = read(values[0])
        if key != key_of(path):
            raise EwsError("ErrorUpdatePropertyMismatch")
        data["Extended"][key] = content
        return
    field = URIS[path.get("FieldURI")]
    if local(values[0]) != field.name:
        raise EwsError("ErrorUpdatePropertyMismatch")
    if field.kind == "none":
        return
    content = value(values[0], call.zone)
    data[field.name] = _kept(data, field.name, content)
    if field.name == "StartTimeZone":
        data.pop("CustomZone", None)


def _kept(data: Data, name: str, content: object) -> object:
    """Keep the answers of people who stay on the list; a client does not rewrite those."""
    if name not in PEOPLE:
        return content
    known = {one["email"].lower(): one for group in PEOPLE for one in data.get(group, ())}
    answers = ("response", "time")
    return [
        one | {key: known[email][key] for key in answers if key in known[email]}
        if (email := one["email"].lower()) in known
        else one
        for one in content
    ]


def _delete(_: Call, data: Data, __: Element, path: Element, extended: bool) -> None:
    if extended:
        data["Extended"].pop(key_of(path), None)
        return
    name = URIS[path.get("FieldURI")].name
    if name in NEEDED:
        raise EwsError("ErrorInvalidPropertyDelete", f"{name} cannot be deleted.")
    if name in CLEARED:
        data[name] = CLEARED[name]
    else:
        data.pop(name, None)


def _append(*_: object) -> None:
    raise EwsError("ErrorInvalidPropertyAppend")


_ACTIONS = {"SetItemField": _set, "DeleteItemField": _delete, "AppendToItemField": _append}
