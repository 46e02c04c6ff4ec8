"""What a client that writes will do: occurrences, splits, answers, moves, and the mails of each."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.conftest import Service, at, look, meeting, refusal, weekly
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner
from simulators.mails import repeated

ANN, BOB, EVE = "ann@corp.example", "bob@corp.example", "eve@client.example"
GUESTS = [{"email": BOB}, {"email": EVE}]
SECOND = "series_20261130T080000Z"
Event = dict[str, Any]


@pytest.fixture
def bobs(bob: Owner, connect: Callable[..., Service]) -> Service:
    """Return Google's client at work for Bob."""
    return connect(bob)


def insert(calendar: Service, send: str = "all", **body: Any) -> Any:
    body = {**meeting(), **body}
    return calendar.events().insert(calendarId="primary", body=body, sendUpdates=send)


def series(calendar: Service, **body: Any) -> Event:
    return insert(calendar, **weekly(id="series", **body)).execute()


def patch(calendar: Service, identity: str, etag: str = "", send: str = "all", **body: Any) -> Any:
    request = calendar.events().patch(
        calendarId="primary", eventId=identity, body=body, sendUpdates=send
    )
    if etag:
        request.headers["If-Match"] = etag
    return request


def delete(calendar: Service, identity: str, send: str = "all") -> Any:
    return calendar.events().delete(calendarId="primary", eventId=identity, sendUpdates=send)


def get(calendar: Service, identity: str) -> Event:
    return calendar.events().get(calendarId="primary", eventId=identity).execute()


def starts(calendar: Service, identity: str = "series") -> list[str]:
    items = calendar.events().instances(calendarId="primary", eventId=identity).execute()["items"]
    return [one["start"].get("dateTime", one["start"].get("date"))[5:16] for one in items]


def mails(google: GoogleSimulator) -> list[tuple[str, str, str]]:
    found = [(mail.to.split("@")[0], mail.reason, mail.event) for mail in google.mails]
    google.mails.clear()
    return found


@pytest.mark.parametrize("identity", ["a1b2c", "0123456789abcdefghijklmnopqrstuv", "a" * 1_024])
def test_ids_that_a_client_may_choose(calendar: Service, identity: str) -> None:
    assert insert(calendar, id=identity).execute()["id"] == identity


@pytest.mark.parametrize(
    "identity", ["", "abcd", "a" * 1_025, "ABCDE", "wxyz0", "a-b-c-d", "abcde_", "abcde\n", "äbcde"]
)
def test_ids_that_are_refused(calendar: Service, identity: str) -> None:
    assert refusal(insert(calendar, id=identity)) == (400, "invalid")


def test_a_uid_is_taken_as_well(calendar: Service, ann: Owner) -> None:
    event = insert(calendar, iCalUID="42@odoo.example").execute()
    assert refusal(insert(calendar, iCalUID="42@odoo.example")) == (409, "duplicate")
    delete(calendar, event["id"]).execute()
    assert refusal(insert(calendar, iCalUID="42@odoo.example")) == (409, "duplicate")


def test_every_write_can_be_guarded(calendar: Service) -> None:
    old = insert(calendar, id="event").execute()["etag"]
    new = patch(calendar, "event", old, summary="New").execute()["etag"]
    update = calendar.events().update(
        calendarId="primary", eventId="event", body=meeting(summary="Late")
    )
    removal = delete(calendar, "event")
    for request in (update, removal, patch(calendar, "event", summary="Late")):
        request.headers["If-Match"] = old
        assert refusal(request) == (412, "conditionNotMet")
    update.headers["If-Match"] = new
    removal.headers["If-Match"] = update.execute()["etag"]
    removal.execute()
    assert refusal(patch(calendar, "event", new, summary="Too late")) == (412, "conditionNotMet")


def test_an_occurrence_is_guarded_by_its_own_state(calendar: Service) -> None:
    etag = series(calendar)["etag"]
    assert get(calendar, SECOND)["etag"] == etag
    own = patch(calendar, SECOND, etag, summary="Special").execute()["etag"]
    assert refusal(patch(calendar, SECOND, etag, summary="Late")) == (412, "conditionNotMet")
    patch(calendar, SECOND, own, summary="In time").execute()
    patch(calendar, "series", etag, summary="General").execute()  # exceptions leave it alone


def test_mails_of_an_exception(google: GoogleSimulator, calendar: Service, bob: Owner) -> None:
    series(calendar, attendees=GUESTS)
    mails(google)
    patch(calendar, SECOND, start=at("30T14:00"), end=at("30T15:00")).execute()
    assert mails(google) == [("bob", "update", SECOND), ("eve", "update", SECOND)]
    assert bob.calendar().get(SECOND)["start"]["dateTime"] == "2026-11-30T08:00:00-05:00"
    patch(calendar, SECOND, attendees=GUESTS[:1]).execute()
    assert mails(google) == [("eve", "cancellation", SECOND)]
    more = [*GUESTS, {"email": "kim@client.example"}]
    patch(calendar, SECOND, send="externalOnly", attendees=more).execute()
    assert mails(google) == [("eve", "invitation", SECOND), ("kim", "invitation", SECOND)]


@pytest.mark.parametrize("how", ["patch", "delete"])
def test_an_occurrence_is_cancelled(
    google: GoogleSimulator, calendar: Service, bob: Owner, how: str
) -> None:
    series(calendar, attendees=GUESTS)
    mails(google)
    if how == "patch":
        assert patch(calendar, SECOND, status="cancelled").execute()["status"] == "cancelled"
    else:
        assert delete(calendar, SECOND).execute() == ""
    assert mails(google) == [("bob", "cancellation", SECOND), ("eve", "cancellation", SECOND)]
    assert refusal(delete(calendar, SECOND)) == (410, "deleted")
    assert mails(google) == []
    assert starts(calendar) == ["11-23T09:00", "12-07T09:00", "12-14T09:00"]
    assert len(bob.calendar().instances("series")) == 3
    patch(calendar, SECOND, status="confirmed").execute()
    assert mails(google) == [("bob", "invitation", SECOND), ("eve", "invitation", SECOND)]


def test_an_all_day_series(calendar: Service) -> None:
    body = {"start": at("11-23"), "end": at("11-24"), "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]}
    insert(calendar, id="series", **body).execute()
    moved = patch(calendar, "series_20261124", start=at("12-01"), end=at("12-03")).execute()
    assert moved["originalStartTime"] == {"date": "2026-11-24"}
    delete(calendar, "series_20261125").execute()
    assert starts(calendar) == ["11-23", "12-01"]
    timed = {"dateTime": "2026-11-24T09:00:00+01:00", "timeZone": "Europe/Berlin", "date": None}
    end = {**timed, "dateTime": "2026-11-24T10:00:00+01:00"}
    patch(calendar, "series_20261124", start=timed, end=end).execute()
    assert starts(calendar) == ["11-23", "11-24T09:00"]  # a single occurrence may have a time
    stamp = "series_20261123T080000Z"
    assert refusal(patch(calendar, stamp, summary="x")) == (404, "notFound")


def test_a_rule_that_changes_keeps_what_still_occurs(calendar: Service) -> None:
    series(calendar)
    for stamp, summary in (("1130", "Second"), ("1207", "Third")):
        patch(calendar, f"series_2026{stamp}T080000Z", summary=summary).execute()
    lines = ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4"]
    assert patch(calendar, "series", recurrence=lines).execute()["sequence"] == 1
    items = calendar.events().list(calendarId="primary").execute()["items"]
    assert sorted(one["summary"] for one in items) == ["Kick-off", "Third"]
    assert starts(calendar) == ["11-23T09:00", "12-07T09:00", "12-21T09:00", "01-04T09:00"]


def test_this_and_following_in_two_writes(
    google: GoogleSimulator, calendar: Service, bob: Owner
) -> None:
    series(calendar, attendees=GUESTS)
    patch(calendar, "series_20261214T080000Z", summary="Special").execute()
    mails(google)
    head = ["RRULE:FREQ=WEEKLY;UNTIL=20261207T075959Z"]
    patch(calendar, "series", recurrence=head).execute()
    tail = weekly(2, id="second", attendees=GUESTS, summary="Later")
    insert(
        calendar, **{**tail, "start": at("2026-12-07T11:00"), "end": at("2026-12-07T12:00")}
    ).execute()
    assert starts(calendar) == ["11-23T09:00", "11-30T09:00"]
    assert starts(calendar, "second") == ["12-07T11:00", "12-14T11:00"]
    summaries = {one["summary"] for one in bob.calendar().events()}
    assert summaries == {"Kick-off", "Later"}  # the exception went with its occurrence
    assert mails(google) == [
        ("bob", "update", "series"),
        ("eve", "update", "series"),
        ("bob", "invitation", "second"),
        ("eve", "invitation", "second"),
    ]


def test_guests_of_one_occurrence_learn_that_the_series_moved_and_ended(
    google: GoogleSimulator, calendar: Service, bob: Owner
) -> None:
    series(calendar)
    patch(calendar, SECOND, attendees=GUESTS).execute()
    assert [one["id"] for one in bob.calendar().events()] == [SECOND]
    patch(calendar, "series", start=at("23T10:00"), end=at("23T11:00")).execute()
    assert [one["id"] for one in bob.calendar().events()] == ["series_20261130T090000Z"]
    mails(google)
    delete(calendar, "series").execute()
    assert bob.calendar().events() == []
    assert [mail[:2] for mail in mails(google)] == [
        ("bob", "cancellation"),
        ("eve", "cancellation"),
    ]


def test_a_guest_changes_only_the_own_answer(
    google: GoogleSimulator, calendar: Service, ann: Owner, bobs: Service
) -> None:
    event = insert(calendar, id="event", attendees=GUESTS).execute()
    mails(google)
    own = {**get(bobs, "event")["attendees"][0], "responseStatus": "accepted"}
    assert own["self"] is True
    patch(bobs, "event", attendees=[own], attendeesOmitted=True).execute()
    seen = {one["email"]: one["responseStatus"] for one in get(calendar, "event")["attendees"]}
    assert seen == {BOB: "accepted", EVE: "needsAction"}
    assert get(calendar, "event")["etag"] != event["etag"]  # the organiser's copy changed
    assert mails(google) == [("ann", "response", "event")]
    for_eve = [own, {"email": EVE, "responseStatus": "declined"}]
    assert refusal(patch(bobs, "event", attendees=for_eve)) == (403, "forbiddenForNonOrganizer")
    assert refusal(patch(bobs, "event", attendees=[own])) == (403, "forbiddenForNonOrganizer")
    body = {**get(bobs, "event"), "summary": "Bob's"}
    whole = bobs.events().update(calendarId="primary", eventId="event", body=body)
    assert refusal(whole) == (403, "forbiddenForNonOrganizer")
    own["responseStatus"] = "declined"
    patch(bobs, "event", send="none", attendees=[own], attendeesOmitted=True).execute()
    assert get(calendar, "event")["attendees"][0]["responseStatus"] == "declined"
    assert mails(google) == []


def test_the_organiser_sets_answers_back_who_leaves_them_out(calendar: Service, bob: Owner) -> None:
    insert(calendar, id="event", attendees=GUESTS).execute()
    bob.calendar().respond("event", "accepted")
    kept = get(calendar, "event")["attendees"]
    changed = patch(calendar, "event", attendees=[*kept, {"email": "kim@client.example"}])
    assert changed.execute()["attendees"][0]["responseStatus"] == "accepted"
    changed = patch(calendar, "event", attendees=[{"email": BOB}, {"email": EVE}])
    assert changed.execute()["attendees"][0]["responseStatus"] == "needsAction"


def test_guests_who_may_modify_write_for_all(
    google: GoogleSimulator, calendar: Service, bobs: Service
) -> None:
    insert(calendar, id="event", attendees=GUESTS, guestsCanModify=True).execute()
    mails(google)
    later = {"start": at("24T09:00"), "end": at("24T10:00")}
    assert patch(bobs, "event", summary="Bob's", **later).execute()["summary"] == "Bob's"
    seen = get(calendar, "event")
    assert (seen["summary"], seen["sequence"], seen["organizer"]["email"]) == ("Bob's", 1, ANN)
    assert mails(google) == [("eve", "update", "event")]
    assert refusal(delete(bobs, "nobody")) == (404, "notFound")
    delete(bobs, "event").execute()  # only the own copy, whatever guests may modify
    assert get(calendar, "event")["status"] == "confirmed"


def test_private_properties_stay_with_their_copy(calendar: Service, bobs: Service) -> None:
    ours = {"private": {"odoo": "1"}, "shared": {"room": "2"}}
    insert(calendar, id="event", attendees=GUESTS, extendedProperties=ours).execute()
    patch(bobs, "event", extendedProperties={"private": {"odoo": "9"}}).execute()
    patch(calendar, "event", extendedProperties={"private": {"more": "3"}}).execute()
    assert get(calendar, "event")["extendedProperties"]["private"] == {"odoo": "1", "more": "3"}
    assert get(bobs, "event")["extendedProperties"]["private"] == {"odoo": "9"}
    request = calendar.events().list(calendarId="primary", privateExtendedProperty="odoo=1")
    assert [one["id"] for one in request.execute()["items"]] == ["event"]


def test_a_moved_meeting_has_another_organiser(
    google: GoogleSimulator, calendar: Service, ann: Owner, bob: Owner, bobs: Service
) -> None:
    team = ann.add_calendar("Team")
    insert(calendar, id="event", attendees=GUESTS).execute()
    move = {"eventId": "event", "destination": team.id, "sendUpdates": "none"}
    assert refusal(bobs.events().move(calendarId="primary", **move)) == (404, "notFound")
    calendar.events().move(calendarId="primary", **move).execute()
    assert get(bobs, "event")["organizer"]["email"] == team.id
    assert get(calendar, "event")["status"] == "cancelled"
    patch_there = calendar.events().patch(
        calendarId=team.id, eventId="event", body={"summary": "Team's"}
    )
    patch_there.execute()
    assert get(bobs, "event")["summary"] == "Team's"
    series(calendar)
    occurrence = calendar.events().move(calendarId="primary", eventId=SECOND, destination=team.id)
    assert refusal(occurrence) == (400, "cannotChangeOrganizerOfInstance")


def test_private_meetings_are_written_as_others(calendar: Service, bob: Owner) -> None:
    event = insert(calendar, visibility="private", attendees=GUESTS[:1]).execute()
    assert event["visibility"] == bob.calendar().get(event["id"])["visibility"] == "private"
    assert "visibility" not in patch(calendar, event["id"], visibility=None).execute()


def test_very_many_guests_are_taken(calendar: Service) -> None:
    crowd = [{"email": f"guest{number}@client.example"} for number in range(250)]
    assert len(insert(calendar, attendees=crowd).execute()["attendees"]) == 250


@pytest.mark.parametrize("send", ["all", "none"])
def test_too_many_invitations(
    google: GoogleSimulator, calendar: Service, bob: Owner, send: str
) -> None:
    look(google, "faults/limit_invitations", {"left": 2})
    insert(calendar, send, id="event", attendees=GUESTS).execute()  # Eve is from outside
    crowd = [*GUESTS, *({"email": f"guest{number}@client.example"} for number in range(2))]
    request = patch(calendar, "event", send=send, attendees=crowd)
    assert refusal(request) == (403, "quotaExceeded")
    assert len(get(calendar, "event")["attendees"]) == 2
    insert(calendar, send, attendees=crowd[:1]).execute()  # colleagues count for nothing
    patch(calendar, "event", send=send, attendees=crowd[:3]).execute()
    assert refusal(insert(calendar, send, attendees=crowd[1:2])) == (403, "quotaExceeded")
    insert(calendar, send).execute()
    look(google, "faults", method="DELETE")
    insert(calendar, send, attendees=crowd).execute()


def test_no_mail_twice(google: GoogleSimulator, calendar: Service, bob: Owner) -> None:
    insert(calendar, id="event", attendees=GUESTS).execute()
    patch(calendar, "event", summary="New").execute()
    patch(calendar, "event", summary="New").execute()  # says nothing new
    patch(calendar, "event", start=at("23T08:00")).execute()
    delete(calendar, "event").execute()
    assert [(mail.reason, mail.sequence, mail.sender) for mail in google.mails[::2]] == [
        ("invitation", 0, ANN),
        ("update", 0, ANN),
        ("update", 1, ANN),
        ("cancellation", 1, ANN),
    ]
    assert repeated(google.mails) == []
    again = meeting(attendees=GUESTS)
    calendar.events().insert(calendarId="primary", body=again, sendUpdates="all").execute()
    twice = look(google, "mails/twice")
    assert [(one["to"], one["reason"]) for one in twice] == [
        (BOB, "invitation"),
        (EVE, "invitation"),
    ]
    assert repeated(google.mails)[0].event != "event"  # a second copy of the same meeting


def test_the_past_is_no_secret(google: GoogleSimulator, calendar: Service) -> None:
    insert(
        calendar, start=at("2025-01-02T09:00"), end=at("2025-01-02T10:00"), attendees=GUESTS
    ).execute()
    assert len(google.mails) == 2
