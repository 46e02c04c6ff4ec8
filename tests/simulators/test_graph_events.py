"""Single events in the simulated Graph: how they look, what is refused, ids, zones, properties."""

from __future__ import annotations

import base64

import pytest

from simulators.conftest import Clock
from simulators.graph import SimulatedGraph
from simulators.graph_kit import Client, application, at, client, guests, meeting
from simulators.graph_owner import Owner

MARK = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name OdooUid"


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def http(graph: SimulatedGraph, ann: Owner) -> Client:
    return client(graph, ann)


def test_an_event_looks_as_documented(http: Client):
    event = http.post("/me/events", meeting(location={"displayName": "HQ"}))

    assert event["start"] == {"dateTime": "2026-11-23T08:00:00.0000000", "timeZone": "UTC"}
    assert event["originalStartTimeZone"] == "W. Europe Standard Time"
    assert (event["type"], event["showAs"], event["isOrganizer"]) == (
        "singleInstance",
        "busy",
        True,
    )
    assert event["responseStatus"] == {"response": "organizer", "time": "0001-01-01T00:00:00Z"}
    assert event["locations"][0]["displayName"] == "HQ"
    assert event["@odata.etag"] == f'W/"{event["changeKey"]}"'
    assert http.get(f"/me/events/{event['id']}")["iCalUId"] == event["iCalUId"]


def test_a_meetings_uid_is_a_global_object_id(http: Client):
    uid = http.post("/me/events", meeting())["iCalUId"]

    raw = bytes.fromhex(uid)
    assert uid.startswith("040000008200E00074C5B7101A82E008")
    assert uid == uid.upper()
    assert raw[16:20] == b"\0" * 4
    assert int.from_bytes(raw[36:40], "little") == len(raw) - 40


def test_times_come_in_the_zone_that_is_preferred(http: Client):
    identity = http.post("/me/events", meeting())["id"]

    for zone, hour in (("Tokyo Standard Time", "17"), ("America/New_York", "03")):
        prefer = {"Prefer": f'outlook.timezone="{zone}"'}
        answer = http.ask("GET", f"/me/events/{identity}", **prefer)
        start = answer.json()["start"]
        assert start == {"dateTime": f"2026-11-23T{hour}:00:00.0000000", "timeZone": zone}
        assert answer.headers["Preference-Applied"] == prefer["Prefer"]


def test_zones_are_taken_under_both_names_and_no_other(http: Client):
    for zone in ("W. Europe Standard Time", "Europe/Berlin"):
        event = http.post(
            "/me/events", meeting(start=at("23T09:00", zone), end=at("23T10:00", zone))
        )
        assert event["start"]["dateTime"].startswith("2026-11-23T08:00")
    body = meeting(start=at("23T09:00", "Mars/Olympus"))
    assert http.refusal("POST", "/me/events", body) == (400, "TimeZoneNotSupportedException")


def test_ids_have_two_forms_and_only_the_immutable_one_survives_a_move(
    graph: SimulatedGraph, ann: Owner, http: Client
):
    immutable = http.post("/me/events", meeting())["id"]
    usual = http.get(f"/me/events/{immutable}", Prefer="x")["id"]
    assert usual != immutable
    assert http.get(f"/me/events/{usual}")["id"] == immutable

    ann.move(immutable, ann.add_calendar("Other"))

    assert http.refusal("GET", f"/me/events/{usual}") == (404, "ErrorItemNotFound")
    moved = http.get(f"/me/events/{immutable}", Prefer="x")["id"]
    assert moved not in (usual, immutable)
    assert http.refusal("GET", "/me/events/nonsense") == (400, "ErrorInvalidIdMalformed")
    assert base64.urlsafe_b64decode(immutable)


def test_the_same_transaction_makes_one_event(http: Client):
    first = http.ask("POST", "/me/events", meeting(transactionId="7E163156"))
    again = http.ask("POST", "/me/events", meeting(transactionId="7E163156", subject="Other"))

    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert again.json()["subject"] == "Kick-off"
    assert len(http.get("/me/events")["value"]) == 1


def test_extended_properties_show_only_where_they_are_asked_for(http: Client):
    body = meeting(singleValueExtendedProperties=[{"id": MARK, "value": "it's"}])
    event = http.post("/me/events", body)
    path = f"/me/events/{event['id']}"
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{MARK}')"
    value = "it''s"
    where = f"singleValueExtendedProperties/Any(ep: ep/id eq '{MARK}' and ep/value eq '{value}')"

    assert "singleValueExtendedProperties" not in event
    assert "singleValueExtendedProperties" not in http.get(path)
    assert http.get(f"{path}?{expand}")["singleValueExtendedProperties"] == [
        {"id": MARK, "value": "it's"}
    ]
    assert [one["id"] for one in http.get(f"/me/events?$filter={where}")["value"]] == [event["id"]]
    none = http.get(f"/me/events?$filter={where.replace(value, 'other')}")
    assert none["value"] == []
    assert http.refusal("GET", f"{path}?$expand=singleValueExtendedProperties")[0] == 400


def test_a_stale_version_is_refused_and_changes_nothing(http: Client):
    event = http.post("/me/events", meeting())
    path, old = f"/me/events/{event['id']}", event["@odata.etag"]
    new = http.patch(path, {"subject": "Second"}, If_Match=old)["@odata.etag"]

    refused = http.refusal("PATCH", path, {"subject": "Third"}, If_Match=old)

    assert refused == (412, "ErrorIrresolvableConflict")
    assert new != old
    assert http.ask("DELETE", path, If_Match=old).status_code == 412
    assert http.get(path)["subject"] == "Second"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (meeting(colour="red"), "RequestBodyRead"),
        (meeting(iCalUId="x"), "ErrorPropertyValidationFailure"),
        (meeting(showAs="away"), "RequestBodyRead"),
        (meeting(end=at("23T08:00")), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        (meeting(attendees=[{"emailAddress": {"name": "Bob"}}]), "ErrorInvalidRecipients"),
        ({"subject": "Without times"}, "ErrorPropertyValidationFailure"),
        (meeting("24T00:00", "24T12:00", isAllDay=True), "ErrorPropertyValidationFailure"),
        (meeting("24", "24", isAllDay=True), "ErrorPropertyValidationFailure"),
        (
            meeting("24", isAllDay=True, end=at("25", "UTC")),
            "ErrorPropertyValidationFailure",
        ),
    ],
)
def test_what_graph_does_not_take(http: Client, body: dict, code: str):
    assert http.refusal("POST", "/me/events", body) == (400, code)
    assert http.get("/me/events")["value"] == []


def test_an_all_day_event_is_midnight_to_midnight_in_every_zone(http: Client):
    event = http.post("/me/events", meeting("12-24", "12-26", isAllDay=True))
    prefer = 'outlook.timezone="Tokyo Standard Time"'

    shown = [event, http.get(f"/me/events/{event['id']}", Prefer=prefer)]

    for one in shown:
        assert one["start"]["dateTime"] == "2026-12-24T00:00:00.0000000"
        assert one["end"]["dateTime"] == "2026-12-26T00:00:00.0000000"
    assert [one["start"]["timeZone"] for one in shown] == ["UTC", "Tokyo Standard Time"]


def test_text_comes_back_as_a_document_unless_text_is_preferred(http: Client):
    event = http.post("/me/events", meeting(body={"contentType": "text", "content": "a < b\nc"}))

    assert event["body"]["contentType"] == "html"
    assert "a &lt; b<br>" in event["body"]["content"]
    text = http.get(f"/me/events/{event['id']}", Prefer='outlook.body-content-type="text"')
    assert text["body"] == {"contentType": "text", "content": "a < b\nc"}


def test_deleting_twice(http: Client):
    path = f"/me/events/{http.post('/me/events', meeting())['id']}"

    http.delete(path)

    assert http.refusal("DELETE", path) == (404, "ErrorItemNotFound")
    assert http.refusal("GET", path) == (404, "ErrorItemNotFound")


def test_lists_come_in_pages_with_links(http: Client):
    for hour in range(10, 22):
        http.post("/me/events", meeting(f"23T{hour}:00", f"23T{hour}:30"))

    page = http.get("/me/events?$top=5&$orderby=start/dateTime desc&$select=subject,start")
    rest = http.get(page["@odata.nextLink"])

    assert [one["start"]["dateTime"][11:13] for one in page["value"] + rest["value"]] == [
        f"{hour - 1:02d}" for hour in range(21, 11, -1)
    ]
    assert "body" not in page["value"][0]
    assert "id" in page["value"][0]


def test_a_view_needs_a_window(http: Client):
    assert http.refusal("GET", "/me/calendarView") == (400, "ErrorInvalidParameter")


def test_an_application_has_no_me_but_everybodys_mailbox(graph: SimulatedGraph, ann: Owner):
    app = application(graph)
    mine = ann.create(meeting())

    assert app.refusal("GET", "/me/events") == (400, "BadRequest")
    for name in (ann.email, ann.mailbox.oid):
        assert [one["id"] for one in app.get(f"/users/{name}/events")["value"]] == [mine["id"]]
    assert app.refusal("GET", "/users/nobody@corp.example")[0] == 404


def test_a_mailbox_may_be_out_of_reach(graph: SimulatedGraph, ann: Owner):
    app, bob = application(graph), graph.add_user("bob@corp.example")
    graph.faults.limit_app("corp.example", [ann.email])
    app.get(f"/users/{ann.email}/events")

    assert app.refusal("GET", f"/users/{bob.email}/events") == (403, "ErrorAccessDenied")
    graph.faults.without_rest(ann.email)
    refused = app.refusal("GET", f"/users/{ann.email}/calendarView/delta")
    assert refused == (404, "MailboxNotEnabledForRESTAPI")


def test_a_person_reaches_only_the_own_mailbox(graph: SimulatedGraph, http: Client):
    bob = graph.add_user("bob@corp.example")

    assert http.refusal("GET", f"/users/{bob.email}/events") == (403, "ErrorAccessDenied")


def test_a_token_ends_and_its_permissions_count(graph: SimulatedGraph, ann: Owner, clock: Clock):
    narrow = graph.consent(ann.email, scope="openid User.Read")["access_token"]
    http = Client(graph, narrow)
    http.get("/me")

    assert http.refusal("GET", "/me/events") == (403, "ErrorAccessDenied")
    clock.forward(hours=2)
    assert http.refusal("GET", "/me") == (401, "InvalidAuthenticationToken")


def test_free_busy_tells_when_but_not_what(graph: SimulatedGraph, http: Client):
    bob = graph.add_user("bob@corp.example")
    bob.create(meeting(subject="Secret", showAs="oof"))
    body = {"schedules": [bob.email, "who@corp.example"], "availabilityViewInterval": 60}
    body |= {"startTime": at("23T08:00"), "endTime": at("23T12:00")}

    known, unknown = http.post("/me/calendar/getSchedule", body)["value"]

    assert known["availabilityView"] == "0300"
    [item] = known["scheduleItems"]
    assert item["status"] == "oof"
    assert "subject" not in item
    assert item["start"]["dateTime"] == "2026-11-23T08:00:00.0000000"
    assert unknown["error"]["responseCode"] == "ErrorMailRecipientNotFound"
    body["schedules"] = [f"p{n}@corp.example" for n in range(21)]
    assert http.refusal("POST", "/me/calendar/getSchedule", body)[0] == 400


def test_guests_are_limited(http: Client):
    many = guests(*(f"p{n}@corp.example" for n in range(501)))

    assert http.refusal("POST", "/me/events", meeting(attendees=many))[0] == 400
