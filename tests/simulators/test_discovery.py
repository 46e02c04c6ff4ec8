"""The simulator's tables agree with Google's own description, and the judge sees mistakes."""

from simulators.discovery import Discovery, document, methods
from simulators.google_schema import EVENT, FREE_BUSY
from simulators.google_scopes import COMMON, METHODS, PREFIX

NOT_SIMULATED = {"calendar.app.created", "calendar.events.public.readonly"}
KINDS = {"string": "string", "integer": "integer", "boolean": "boolean"}


def test_every_method_has_its_path_verb_and_scopes() -> None:
    for method in METHODS:
        described = methods()[method.name]
        assert "/".join(method.path) == described["path"], method.name
        assert method.verb == described["httpMethod"]
        scopes = {one.removeprefix(PREFIX) for one in described["scopes"]} - NOT_SIMULATED
        assert set(method.scopes) == scopes, method.name


def test_every_method_knows_its_parameters() -> None:
    for method in METHODS:
        described = methods()[method.name].get("parameters", {})
        query = {key: one for key, one in described.items() if one["location"] == "query"}
        assert set(method.parameters) == set(query), method.name
        for key, one in query.items():
            expected = tuple(one["enum"]) if "enum" in one else KINDS[one["type"]]
            assert set(method.parameters[key]) == set(expected), (method.name, key)


def test_common_parameters() -> None:
    assert set(COMMON) - {"access_token"} == set(document()["parameters"])


def test_bodies_have_exactly_the_described_fields() -> None:
    schemas = document()["schemas"]
    assert set(EVENT) == set(schemas["Event"]["properties"])
    assert set(FREE_BUSY) == set(schemas["FreeBusyRequest"]["properties"])
    for name, schema in (("attendees", "EventAttendee"), ("attachments", "EventAttachment")):
        assert set(EVENT[name][0]) == set(schemas[schema]["properties"])
    assert set(EVENT["start"]) == set(schemas["EventDateTime"]["properties"])
    assert set(EVENT["conferenceData"]) == set(schemas["ConferenceData"]["properties"])


def test_the_judge_sees_mistakes() -> None:
    judge = Discovery()
    wrong = {
        "colour": "5",
        "sequence": "1",
        "start": {"date": "2026-1-1"},
        "attendees": {"email": "x"},
        "created": "yesterday",
        "reminders": [],
        "recurrence": [1],
        "locked": 1,
    }
    judge.value(wrong, {"$ref": "Event"}, "response")
    assert len(judge.violations) == len(wrong)


def test_the_judge_sees_wrong_parameters() -> None:
    judge = Discovery()
    query = {
        "calendarId": ["primary"],
        "maxResults": ["0"],
        "orderBy": ["title"],
        "singleEvents": ["yes"],
        "q": ["a", "b"],
        "eventTypes": ["default", "birthday"],
        "since": ["1"],
        "timeMin": ["monday"],
    }
    judge._parameters("events.list", query)
    assert len(judge.violations) == 6
    judge._parameters("events.move", {"calendarId": ["primary"]})
    assert [one for one in judge.violations if "missing" in one] == [
        "events.move: parameter destination is missing",
        "events.move: parameter eventId is missing",
    ]
