"""Guests: their copies, their answers, and the mails that would go out."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.conftest import Service, at, meeting, refusal, weekly
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner

ANN, BOB, EVE = "ann@corp.example", "bob@corp.example", "eve@client.example"
GUESTS = [{"email": BOB}, {"email": EVE, "displayName": "Eve"}]


@pytest.fixture
def invited(ann: Owner, bob: Owner) -> dict[str, Any]:
    """Return a meeting that Ann made with Bob and Eve."""
    return ann.calendar().insert(meeting(attendees=GUESTS, location="HQ"))


@pytest.fixture
def bobs(bob: Owner, connect: Callable[..., Service]) -> Service:
    """Return Google's client at work for Bob."""
    return connect(bob)


def edit(service: Service, identity: str, **body: Any) -> Any:
    return service.events().patch(calendarId="primary", eventId=identity, body=body)


def answers(event: dict[str, Any]) -> dict[str, str]:
    return {one["email"]: one["responseStatus"] for one in event["attendees"]}


def reasons(google: GoogleSimulator) -> list[tuple[str, str]]:
    found = [(mail.to, mail.reason) for mail in google.mails]
    google.mails.clear()
    return found


def own_answer(event: dict[str, Any], status: str) -> list[dict[str, Any]]:
    return [
        {**one, "responseStatus": status} if one.get("self") else one for one in event["attendees"]
    ]


def test_a_guest_gets_a_copy_with_the_same_ids(invited: dict, bobs: Service) -> None:
    copy = bobs.events().get(calendarId="primary", eventId=invited["id"]).execute()
    assert copy["iCalUID"] == invited["iCalUID"]
    assert copy["organizer"] == copy["creator"] == {"email": ANN}
    assert [one.get("self", False) for one in copy["attendees"]] == [True, False]
    assert copy["start"]["dateTime"] == "2026-11-23T03:00:00-05:00"  # shown in Bob's zone
    assert copy["start"]["timeZone"] == "Europe/Berlin"


def test_changes_of_the_organiser_reach_the_guest(
    ann: Owner, bob: Owner, invited: dict, bobs: Service
) -> None:
    token = bobs.events().list(calendarId="primary").execute()["nextSyncToken"]
    ann.calendar().patch(invited["id"], {"summary": "New", "reminders": {"useDefault": False}})
    items = bobs.events().list(calendarId="primary", syncToken=token).execute()["items"]
    assert [one["summary"] for one in items] == ["New"]
    assert items[0]["reminders"] == {"useDefault": True}  # reminders are everybody's own
    token = bobs.events().list(calendarId="primary").execute()["nextSyncToken"]
    ann.calendar().patch(invited["id"], {"colorId": "5"})
    assert bobs.events().list(calendarId="primary", syncToken=token).execute()["items"] == []


def test_properties_are_shared_or_private(ann: Owner, bob: Owner) -> None:
    both = {"private": {"mine": "1"}, "shared": {"ours": "2"}}
    event = ann.calendar().insert(meeting(attendees=GUESTS, extendedProperties=both))
    assert bob.calendar().get(event["id"])["extendedProperties"] == {"shared": {"ours": "2"}}


def test_what_is_a_guests_own_may_be_changed(ann: Owner, bob: Owner, invited: dict) -> None:
    own = {"colorId": "7", "transparency": "transparent", "visibility": "private"}
    changed = bob.calendar().patch(invited["id"], own)
    assert own.items() <= changed.items()
    assert not own.keys() & ann.calendar().get(invited["id"]).keys()
    ann.calendar().patch(invited["id"], {"summary": "New"})
    assert own.items() <= bob.calendar().get(invited["id"]).items()


@pytest.mark.parametrize(
    "body",
    [
        {"summary": "Mine"},
        {"start": at("24T09:00"), "end": at("24T10:00")},
        {"location": None},
        {"attendees": [{"email": BOB}]},
        {"extendedProperties": {"shared": {"a": "b"}}},
        {"guestsCanModify": True},
    ],
)
def test_what_all_share_is_the_organisers(invited: dict, bobs: Service, body: dict) -> None:
    request = edit(bobs, invited["id"], **body)
    assert refusal(request) == (403, "forbiddenForNonOrganizer")


def test_guests_may_modify_where_they_are_allowed(ann: Owner, bob: Owner, invited: dict) -> None:
    ann.calendar().patch(invited["id"], {"guestsCanModify": True})
    bob.calendar().patch(invited["id"], {"summary": "Better"})
    assert ann.calendar().get(invited["id"])["summary"] == "Better"
    assert bob.calendar().get(invited["id"])["summary"] == "Better"


def test_guests_may_invite_others(ann: Owner, bob: Owner, invited: dict, bobs: Service) -> None:
    more = [*bob.calendar().get(invited["id"])["attendees"], {"email": "kim@client.example"}]
    edit(bobs, invited["id"], attendees=more).execute()
    assert "kim@client.example" in answers(ann.calendar().get(invited["id"]))
    ann.calendar().patch(invited["id"], {"guestsCanInviteOthers": False})
    request = edit(bobs, invited["id"], attendees=[*more, {"email": "lee@client.example"}])
    assert refusal(request) == (403, "forbiddenForNonOrganizer")


def test_an_answer_reaches_the_organiser(
    google: GoogleSimulator, ann: Owner, bob: Owner, invited: dict, bobs: Service
) -> None:
    guests = own_answer(bob.calendar().get(invited["id"]), "accepted")
    request = bobs.events().patch(
        calendarId="primary", eventId=invited["id"], body={"attendees": guests}, sendUpdates="all"
    )
    assert answers(request.execute()) == {BOB: "accepted", EVE: "needsAction"}
    assert answers(ann.calendar().get(invited["id"])) == {BOB: "accepted", EVE: "needsAction"}
    assert reasons(google) == [(ANN, "response")]


def test_an_answer_alone_with_attendees_omitted(ann: Owner, invited: dict, bobs: Service) -> None:
    own = [{"email": BOB, "responseStatus": "tentative", "comment": "late"}]
    edit(bobs, invited["id"], attendees=own, attendeesOmitted=True).execute()
    event = ann.calendar().get(invited["id"])
    assert answers(event) == {BOB: "tentative", EVE: "needsAction"}
    assert event["attendees"][0]["comment"] == "late"


def test_an_external_guest_answers_by_mail(ann: Owner, bob: Owner, invited: dict) -> None:
    ann.calendar().respond(invited["id"], "declined", EVE)
    assert answers(bob.calendar().get(invited["id"]))[EVE] == "declined"


def test_deleting_the_own_copy_declines(ann: Owner, bob: Owner, invited: dict) -> None:
    bob.calendar().delete(invited["id"])
    assert answers(ann.calendar().get(invited["id"]))[BOB] == "declined"
    ann.calendar().patch(invited["id"], {"summary": "New"})
    assert bob.calendar().events() == []  # nothing brings it back but a new invitation
    assert ann.calendar().get(invited["id"])["status"] == "confirmed"


def test_deleting_as_organiser_cancels_for_all(
    google: GoogleSimulator, ann: Owner, bob: Owner, invited: dict
) -> None:
    ann.calendar().delete(invited["id"], send_updates="all")
    assert bob.calendar().get(invited["id"])["status"] == "cancelled"
    assert reasons(google) == [(BOB, "cancellation"), (EVE, "cancellation")]
    ann.calendar().patch(invited["id"], {"status": "confirmed"})
    assert bob.calendar().get(invited["id"])["status"] == "confirmed"


def test_who_is_uninvited_loses_the_copy(
    google: GoogleSimulator, ann: Owner, bob: Owner, invited: dict
) -> None:
    ann.calendar().patch(invited["id"], {"attendees": GUESTS[1:]}, send_updates="all")
    assert bob.calendar().get(invited["id"])["status"] == "cancelled"
    assert reasons(google) == [(BOB, "cancellation")]
    assert ann.calendar().patch(invited["id"], {"attendees": GUESTS})
    assert bob.calendar().get(invited["id"])["status"] == "confirmed"


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        ("all", [(BOB, "invitation"), (EVE, "invitation")]),
        ("externalOnly", [(EVE, "invitation")]),
        ("none", []),
        (None, []),
    ],
)
def test_mails_as_asked(
    google: GoogleSimulator, calendar: Service, bob: Owner, send: str | None, expected: list
) -> None:
    query = {"sendUpdates": send} if send else {}
    body = meeting(attendees=[*GUESTS, {"email": ANN}])
    event = calendar.events().insert(calendarId="primary", body=body, **query).execute()
    assert reasons(google) == expected
    assert bob.calendar().get(event["id"])["summary"] == "Kick-off"  # with or without a mail
    edit(calendar, event["id"], colorId="3").execute()
    edit(calendar, event["id"], summary="New").execute()
    assert reasons(google) == []
    request = calendar.events().patch(
        calendarId="primary", eventId=event["id"], body={"summary": "Newer"}, **query
    )
    request.execute()
    assert [reason for _, reason in reasons(google)] == ["update"] * len(expected)


def test_mails_know_the_meeting(google: GoogleSimulator, ann: Owner, bob: Owner) -> None:
    event = ann.calendar().insert(meeting(attendees=GUESTS), send_updates="all")
    mail = google.mails[1]
    assert mail[:5] == (EVE, "invitation", event["id"], "Kick-off", ANN)
    assert (mail.external, mail.sent) == (True, "2026-11-23T08:00:00.000Z")


def test_a_series_with_its_exceptions_reaches_the_guest(ann: Owner, bob: Owner) -> None:
    own, theirs = ann.calendar(), bob.calendar()
    own.insert(weekly(id="series", attendees=GUESTS))
    own.patch("series_20261130T080000Z", {"summary": "Special"})
    own.delete("series_20261207T080000Z")
    assert [one["summary"] for one in theirs.instances("series")] == [
        "Kick-off",
        "Special",
        "Kick-off",
    ]
    own.patch("series", {"start": at("23T10:00"), "end": at("23T11:00")})
    assert [one["id"] for one in theirs.instances("series")] == [
        "series_20261123T090000Z",
        "series_20261130T090000Z",
        "series_20261214T090000Z",
    ]
    assert theirs.get("series_20261130T090000Z")["summary"] == "Special"


def test_an_answer_to_one_instance(ann: Owner, bob: Owner) -> None:
    ann.calendar().insert(weekly(id="series", attendees=GUESTS))
    bob.calendar().respond("series_20261130T080000Z", "declined")
    assert answers(ann.calendar().get("series_20261130T080000Z"))[BOB] == "declined"
    assert answers(ann.calendar().get("series"))[BOB] == "needsAction"
    bob.calendar().delete("series_20261207T080000Z")
    assert answers(ann.calendar().get("series_20261207T080000Z"))[BOB] == "declined"
    bob.calendar().respond("series", "accepted")
    assert answers(ann.calendar().get("series_20261123T080000Z"))[BOB] == "accepted"
    assert len(bob.calendar().instances("series")) == 3


def test_invited_to_one_instance_only(ann: Owner, bob: Owner, bobs: Service) -> None:
    ann.calendar().insert(weekly(id="series"))
    ann.calendar().patch("series_20261130T080000Z", {"attendees": GUESTS})
    items = bobs.events().list(calendarId="primary").execute()["items"]
    assert [(one["id"], one["recurringEventId"]) for one in items] == [
        ("series_20261130T080000Z", "series")
    ]
    master = bobs.events().get(calendarId="primary", eventId="series")
    assert refusal(master) == (404, "notFound")


def test_uninvited_from_one_instance(ann: Owner, bob: Owner) -> None:
    ann.calendar().insert(weekly(id="series", attendees=GUESTS))
    ann.calendar().patch("series_20261130T080000Z", {"attendees": GUESTS[1:]})
    assert len(bob.calendar().instances("series")) == 3
    ann.calendar().patch("series", {"attendees": GUESTS[:1]})
    assert answers(ann.calendar().get("series_20261130T080000Z")) == {}


def test_a_hidden_guest_list(ann: Owner, bob: Owner) -> None:
    event = ann.calendar().insert(meeting(attendees=GUESTS, guestsCanSeeOtherGuests=False))
    copy = bob.calendar().get(event["id"])
    assert list(answers(copy)) == [BOB]
    assert copy["attendeesOmitted"] is True


def test_long_guest_lists_are_shortened_on_demand(
    calendar: Service, ann: Owner, bob: Owner, bobs: Service
) -> None:
    event = ann.calendar().insert(meeting(attendees=GUESTS))
    for service, expected in ((calendar, []), (bobs, [BOB])):
        request = service.events().list(calendarId="primary", maxAttendees=1)
        shown = request.execute()["items"][0]
        assert shown["attendeesOmitted"] is True
        assert [one["email"] for one in shown["attendees"]] == expected
    whole = calendar.events().get(calendarId="primary", eventId=event["id"], maxAttendees=2)
    assert "attendeesOmitted" not in whole.execute()


def test_answers_of_very_many_guests_stay_with_the_organiser(ann: Owner, bob: Owner) -> None:
    crowd = [{"email": f"guest{number}@client.example"} for number in range(200)]
    event = ann.calendar().insert(meeting(attendees=[{"email": BOB}, *crowd]))
    ann.calendar().respond(event["id"], "accepted", "guest7@client.example")
    assert answers(ann.calendar().get(event["id"]))["guest7@client.example"] == "accepted"
    assert answers(bob.calendar().get(event["id"]))["guest7@client.example"] == "needsAction"


def test_addresses_are_lower_case_and_once(ann: Owner) -> None:
    twice = [{"email": "Eve@Client.example"}, {"email": EVE, "optional": True}]
    event = ann.calendar().insert(meeting(attendees=[*twice, {"email": "Ann@corp.example"}]))
    assert answers(event) == {EVE: "needsAction", ANN: "needsAction"}
    assert event["attendees"][1]["organizer"] is event["attendees"][1]["self"] is True
