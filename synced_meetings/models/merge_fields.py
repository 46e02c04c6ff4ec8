"""What fields of Odoo's own meetings are called in synced ones: templates, filters, exports."""

import ast
import re

# A placeholder of a mail template: a path of fields, or a method, of what it is written for.
PLACEHOLDER = re.compile(r"\bobject((?:\.[A-Za-z_]\w*)*)")
MEETING, ATTENDEE = "calendar.event", "calendar.attendee"
NAMES = {
    "accepted_count": "",
    "categ_ids": "tag_ids",
    "current_attendee": "",
    "effective_privacy": "privacy",
    "event_tz": "timezone",
    "partner_id": "user_id.partner_id",
    "recurrence_id": "series_id",
    "recurrency": "series_id",
    "videocall_location": "conference_url",
}
OF_ATTENDEE = {"event_id": "meeting_id", "common_name": "name", "state": "response"}
ALWAYS = {"env", "id", "ids", "display_name", "get_base_url", "create_date", "write_date"}


def mapped(env, path):
    """Return what a path of fields of `calendar.event` is in `synced.meeting`, None if unknown."""
    first, *rest = path.split(".")
    new = [*NAMES.get(first, first).split("."), *rest]
    if new[0] == "attendee_ids" and rest:
        new[1] = OF_ATTENDEE.get(rest[0], rest[0])
    return ".".join(new) if new[0] and exists(env["synced.meeting"], new) else None


def exists(model, names):
    """Whether a path of fields, whose last part may be a method of records, can be read."""
    for place, name in enumerate(names):
        if name in ALWAYS:
            return True
        field = model._fields.get(name)
        if field is None:
            return place > 0 and not name.startswith("_") and hasattr(model, name)
        if place == len(names) - 1 or not field.relational:
            return place == len(names) - 1
        model = model.env[field.comodel_name]
    return True


def placeholders(text):
    """Return the paths of all placeholders in a text, each once, "" for the record itself."""
    return sorted({found[1:] for found in PLACEHOLDER.findall(text or "")})


def in_template(env, text, model):
    """Return a template's text for synced meetings, and what nobody knows the counterpart of."""
    unknown = []

    def replaced(match):
        path = match[1][1:]
        if model == ATTENDEE and path:
            first, _, path = path.partition(".")
            if first != "event_id" and first not in ALWAYS:
                unknown.append(match[0])
                return match[0]
            path = path if first == "event_id" else first
        if not path:
            return "object"
        new = mapped(env, path)
        if new is None:
            unknown.append(match[0])
            return match[0]
        return f"object.{new}"

    return PLACEHOLDER.sub(replaced, text or ""), sorted(set(unknown))


def in_domain(env, domain):
    """Return a filter's domain, as text, for synced meetings, and the unknown names in it."""
    unknown, edits = [], []
    for node in ast.walk(ast.parse(domain.strip() or "[]", mode="eval")):
        if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == 3:
            name = node.elts[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                new = mapped(env, name.value)
                unknown += [name.value] if new is None else []
                edits.append((name.value, new or name.value))
    text = domain
    for old, new in edits:
        text = re.sub(rf"(['\"]){re.escape(old)}\1", rf"\g<1>{new}\g<1>", text)
    return text, sorted(set(unknown))


def in_names(env, names, separator):
    """Return field names as groupings, sortings and exports have them, and the unknown ones.

    ``separator`` parts a field from its rest: "start:month", "start desc", "partner_ids/name".
    """
    new, unknown = [], []
    for name in names:
        path, mark, rest = name.partition(separator)
        found = mapped(env, path)
        if found and separator == "/" and rest:
            whole = mapped(env, name.replace("/", "."))
            found = whole and whole.partition(".")[0]
        if found is None:
            unknown.append(name)
        else:
            new.append(found.replace(".", "/") + mark + rest)
    return new, unknown
