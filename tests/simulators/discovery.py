"""Compares requests and answers with Google's own description of the Calendar API.

google-api-python-client carries the discovery document; nothing is downloaded. A test attaches
a Discovery to a simulator and finds in ``violations`` whatever the document does not allow:

    discovery = Discovery.attach(google)
    ...
    assert discovery.violations == []

Requests are judged when the simulator accepted them; answers always.
https://developers.google.com/discovery/v1/type-format
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import googleapiclient

from .google_scopes import route
from .google_time import parse

if TYPE_CHECKING:
    from .google import GoogleSimulator
    from .server import Request, Response

DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache/documents/calendar.v3.json"
TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
ERROR_FIELDS = {"domain", "reason", "message"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the discovery document."""
    return json.loads(DOCUMENT.read_text())


def methods() -> dict[str, dict[str, Any]]:
    """Return all methods by names such as ``events.list``."""
    resources = document()["resources"].items()
    return {
        f"{name}.{key}": one for name, each in resources for key, one in each["methods"].items()
    }


class Discovery:
    """Judges the traffic of one simulator."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.methods = methods()

    @classmethod
    def attach(cls, google: GoogleSimulator) -> Discovery:
        """Watch a simulator from now on."""
        found = cls()
        google.observers.append(found.observe)
        return found

    def observe(self, request: Request, response: Response) -> None:
        """Judge one exchange."""
        if not request.path.startswith("/calendar/v3/"):
            return
        called = route(request.method, request.parts()[2:])
        if response.status >= 400:
            self._error(f"{request.method} {request.path} {response.status}", response)
        elif called:
            name = called[0].name
            self._parameters(name, {**request.query, **{k: [v] for k, v in called[1].items()}})
            self._bodies(name, request, response)

    def _report(self, place: str, text: str) -> None:
        self.violations.append(f"{place}: {text}")

    def _bodies(self, name: str, request: Request, response: Response) -> None:
        method = self.methods[name]
        if "request" in method and request.body:
            self.value(request.json(), method["request"], f"{name} request")
        payload = response.payload()
        if "response" in method and payload:
            self.value(json.loads(payload), method["response"], f"{name} response")

    def _parameters(self, name: str, query: dict[str, list[str]]) -> None:
        known = {**document()["parameters"], **self.methods[name].get("parameters", {})}
        for key, values in query.items():
            if key not in known:
                self._report(name, f"unknown parameter {key}")
                continue
            if len(values) > 1 and not known[key].get("repeated"):
                self._report(name, f"parameter {key} is repeated")
            for value in values:
                self._parameter(f"{name} {key}", value, known[key])
        for key, one in known.items():
            if one.get("required") and key not in query:
                self._report(name, f"parameter {key} is missing")

    def _parameter(self, place: str, text: str, spec: dict[str, Any]) -> None:
        value: Any = text
        if spec["type"] == "integer":
            value = int(text) if re.fullmatch(r"-?\d+", text) else text
        elif spec["type"] == "boolean":
            value = {"true": True, "false": False}.get(text, text)
        self._scalar(value, spec, place)

    def value(self, value: Any, spec: dict[str, Any], place: str) -> None:
        """Judge a JSON value; null in a request stands for "remove"."""
        spec = document()["schemas"][spec["$ref"]] if "$ref" in spec else spec
        if value is None and "request" in place:
            return
        if spec["type"] == "object":
            self._object(value, spec, place)
        elif spec["type"] == "array":
            if not isinstance(value, list):
                self._report(place, "is no array")
                return
            for item in value:
                self.value(item, spec["items"], f"{place}[]")
        else:
            self._scalar(value, spec, place)

    def _object(self, value: Any, spec: dict[str, Any], place: str) -> None:
        if not isinstance(value, dict):
            self._report(place, "is no object")
            return
        known = spec.get("properties", {})
        for key, inner in value.items():
            expected = known.get(key) or spec.get("additionalProperties")
            if expected is None:
                self._report(place, f"unknown field {key}")
            else:
                self.value(inner, expected, f"{place}.{key}")

    def _scalar(self, value: Any, spec: dict[str, Any], place: str) -> None:
        expected = TYPES.get(spec["type"], object)
        mixed = isinstance(value, bool) and spec["type"] != "boolean"
        if not isinstance(value, expected) or mixed:
            self._report(place, f"{value!r} is no {spec['type']}")
        elif "enum" in spec and value not in spec["enum"]:
            self._report(place, f"{value!r} is not one of {spec['enum']}")
        elif not _in_range(value, spec) or not _has_format(value, spec.get("format")):
            self._report(place, f"{value!r} is out of range or no {spec.get('format')}")

    def _error(self, place: str, response: Response) -> None:
        error = json.loads(response.payload()).get("error", {})
        entries = error.get("errors") or [{}]
        if error.get("code") != response.status or not entries[0].keys() >= ERROR_FIELDS:
            self._report(place, f"malformed error {error}")


def _in_range(value: Any, spec: dict[str, Any]) -> bool:
    low, high = spec.get("minimum"), spec.get("maximum")
    return (low is None or value >= int(low)) and (high is None or value <= int(high))


def _has_format(value: Any, name: str | None) -> bool:
    try:
        if name == "date":
            return date.fromisoformat(value).isoformat() == value
        if name == "date-time":
            parse(value, parse("2000-01-01T00:00:00Z").tzinfo)
    except ValueError:
        return False
    return name != "int32" or abs(value) < 2**31
