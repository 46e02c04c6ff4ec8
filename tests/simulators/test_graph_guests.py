"""Meetings of several people in the simulated Graph: copies, answers, unavoidable mails."""

from __future__ import annotations

import pytest

from simulators.graph import SimulatedGraph
from simulators.graph_kit import Client, at, client, guests, meeting, weekly
from simulators.graph_owner import Owner
from simulators.mails import repeated

BEN, EVE = "ben@corp.example", "eve@client.example"


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def ben(graph: SimulatedGraph) -> Owner:
    return graph.add_user(BEN, "Ben Baker", "Europe/Berlin")


@pytest.fixture
def http(graph: SimulatedGraph, ann: Owner) -> Client:
    return client(graph, ann)


@pytest.fixture
def guest(graph: SimulatedGraph, ben: Owner) -> Client:
    return client(graph, ben)


def told(graph: SimulatedGraph) -> list[tuple[str, str]]:
    """Return the mails since the last question."""
    found = [(one.to, one.reason) for one in graph.mails]
    graph.mails.clear()
    return found


def copy_of(guest: Client) -> dict:
    [found] = guest.get("/me/events")["value"]
    return found


def test_an_invitation_reaches_everybody(graph: SimulatedGraph, http: Client, guest: Client):
    event = http.post("/me/events", meeting(attendees=guests(BEN, EVE), showAs="oof"))
    copy = copy_of(guest)

    assert told(graph) == [(BEN, "invitation"), (EVE, "invitation")]
    assert copy["iCalUId"] == event["iCalUId"]
    assert copy["id"] != event["id"]
    assert (copy["isOrganizer"], copy["showAs"]) == (False, "tentative")
    assert copy["responseStatus"]["response"] == "notResponded"
    assert copy["organizer"]["emailAddress"]["address"] == "ann@corp.example"
    assert [one["emailAddress"]["address"] for one in copy["attendees"]] == [BEN, EVE]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"subject": "New"}, [(BEN, "update"), (EVE, "update")]),
        ({"subject": "Kick-off"}, [(BEN, "update"), (EVE, "update")]),
        ({"sensitivity": "private"}, [(BEN, "update"), (EVE, "update")]),
        ({"showAs": "free", "categories": ["x"], "isReminderOn": False}, []),
        ({"attendees": guests(BEN, EVE, "dan@x.example")}, [("dan@x.example", "invitation")]),
        ({"attendees": guests(EVE)}, [(BEN, "cancellation")]),
        (
            {"attendees": guests(EVE), "subject": "New"},
            [(BEN, "cancellation"), (EVE, "update")],
        ),
        ({"attendees": []}, [(BEN, "cancellation"), (EVE, "cancellation")]),
    ],
)
def test_whoever_organises_and_writes_mails(
    graph: SimulatedGraph, http: Client, ben: Owner, body: dict, expected: list
):
    event = http.post("/me/events", meeting(attendees=guests(BEN, EVE)))
    told(graph)

    http.patch(f"/me/events/{event['id']}", body)

    assert told(graph) == expected


def test_an_event_without_guests_mails_nobody(graph: SimulatedGraph, http: Client):
    event = http.post("/me/events", meeting())
    http.patch(f"/me/events/{event['id']}", {"subject": "New"})
    http.delete(f"/me/events/{event['id']}")

    assert told(graph) == []


def test_copies_follow_what_was_mailed(http: Client, guest: Client):
    event = http.post("/me/events", meeting(attendees=guests(BEN)))
    guest.patch(f"/me/events/{copy_of(guest)['id']}", {"categories": ["Red"]})

    http.patch(f"/me/events/{event['id']}", {"subject": "New", "categories": ["Blue"]})

    copy = copy_of(guest)
    assert (copy["subject"], copy["categories"]) == ("New", ["Red"])


@pytest.mark.parametrize("how", ["delete", "cancel"])
def test_a_cancelled_meeting_stays_at_the_guests(
    graph: SimulatedGraph, http: Client, guest: Client, how: str
):
    event = http.post("/me/events", meeting(attendees=guests(BEN)))
    told(graph)
    if how == "delete":
        http.delete(f"/me/events/{event['id']}")
    else:
        http.post(f"/me/events/{event['id']}/cancel", {"comment": "Sorry"})
        assert graph.mails[0].comment == "Sorry"

    copy = copy_of(guest)
    assert told(graph) == [(BEN, "cancellation")]
    assert (copy["isCancelled"], copy["subject"]) == (True, "Canceled: Kick-off")
    assert http.get("/me/events")["value"] == []


def test_a_guest_changes_only_the_own_things(graph: SimulatedGraph, http: Client, guest: Client):
    event = http.post("/me/events", meeting(attendees=guests(BEN)))
    told(graph)
    path = f"/me/events/{copy_of(guest)['id']}"

    for body in ({"subject": "Mine"}, {"start": at("23T08:00")}, {"attendees": guests(EVE)}):
        assert guest.refusal("PATCH", path, body) == (403, "ErrorAccessDenied")
    guest.patch(path, {"reminderMinutesBeforeStart": 5, "showAs": "busy", "sensitivity": "private"})
    assert guest.refusal("POST", f"{path}/cancel", {})[0] == 400

    assert http.get(f"/me/events/{event['id']}")["sensitivity"] == "normal"
    assert told(graph) == []


@pytest.mark.parametrize(
    ("verb", "response"),
    [("accept", "accepted"), ("tentativelyAccept", "tentativelyAccepted"), ("decline", "declined")],
)
def test_an_answer_reaches_the_organiser(
    graph: SimulatedGraph, http: Client, guest: Client, verb: str, response: str
):
    event = http.post("/me/events", meeting(attendees=guests(BEN), showAs="oof"))
    told(graph)

    answer = guest.ask("POST", f"/me/events/{copy_of(guest)['id']}/{verb}", {"comment": "ok"})

    assert answer.status_code == 202
    assert answer.text == ""
    assert told(graph) == [("ann@corp.example", "response")]
    [one] = http.get(f"/me/events/{event['id']}")["attendees"]
    assert one["status"]["response"] == response
    left = guest.get("/me/events")["value"]
    if verb == "decline":
        assert left == []
    else:
        assert left[0]["responseStatus"]["response"] == response
        assert left[0]["showAs"] == ("oof" if verb == "accept" else "tentative")


def test_an_answer_that_is_not_sent_stays_at_the_guest(
    graph: SimulatedGraph, http: Client, guest: Client
):
    event = http.post("/me/events", meeting(attendees=guests(BEN)))
    told(graph)

    guest.post(f"/me/events/{copy_of(guest)['id']}/accept", {"sendResponse": False})

    assert told(graph) == []
    assert copy_of(guest)["responseStatus"]["response"] == "accepted"
    [one] = http.get(f"/me/events/{event['id']}")["attendees"]
    assert one["status"]["response"] == "none"


def test_who_organises_does_not_answer(http: Client, guest: Client):
    event = http.post("/me/events", meeting(attendees=guests(BEN), responseRequested=False))

    assert http.refusal("POST", f"/me/events/{event['id']}/accept", {})[0] == 400
    assert guest.refusal("POST", f"/me/events/{copy_of(guest)['id']}/accept", {})[0] == 400


def test_a_client_sets_nobodys_answer_and_loses_none(http: Client, guest: Client):
    event = http.post("/me/events", meeting(attendees=guests(BEN)))
    guest.post(f"/me/events/{copy_of(guest)['id']}/accept")
    lie = [{**one, "status": {"response": "declined"}} for one in guests(BEN, EVE)]

    found = http.patch(f"/me/events/{event['id']}", {"attendees": lie})["attendees"]

    assert [one["status"]["response"] for one in found] == ["accepted", "none"]


def test_a_new_time_asks_again(http: Client, guest: Client):
    event = http.post("/me/events", meeting(attendees=guests(BEN)))
    guest.post(f"/me/events/{copy_of(guest)['id']}/accept")

    body = {"start": at("24T09:00"), "end": at("24T10:00")}
    found = http.patch(f"/me/events/{event['id']}", body)["attendees"]

    assert found[0]["status"]["response"] == "none"
    assert copy_of(guest)["responseStatus"]["response"] == "notResponded"


def test_a_guest_who_deletes_tells_nobody(graph: SimulatedGraph, http: Client, guest: Client):
    http.post("/me/events", meeting(attendees=guests(BEN)))
    told(graph)

    guest.delete(f"/me/events/{copy_of(guest)['id']}")

    assert told(graph) == []
    assert len(http.get("/me/events")["value"]) == 1


def test_an_answer_by_mail_from_outside(ann: Owner, http: Client):
    event = http.post("/me/events", meeting(attendees=guests(EVE)))

    ann.answered(event["id"], EVE, "accepted")

    [one] = http.get(f"/me/events/{event['id']}")["attendees"]
    assert one["status"]["response"] == "accepted"


def test_a_changed_series_mails_once_and_once_per_exception(
    graph: SimulatedGraph, http: Client, ben: Owner
):
    master = http.post("/me/events", weekly(attendees=guests(BEN)))["id"]
    ids = [one["id"] for one in http.instances(master)]
    for number in (1, 2):
        http.patch(f"/me/events/{ids[number]}", {"location": {"displayName": "HQ"}})
    told(graph)

    http.patch(f"/me/events/{master}", {"subject": "New"})

    assert told(graph) == [(BEN, "update")] * 3


def test_a_series_at_a_guest_has_the_same_exceptions(
    graph: SimulatedGraph, http: Client, guest: Client
):
    master = http.post("/me/events", weekly(attendees=guests(BEN)))["id"]
    ids = [one["id"] for one in http.instances(master)]
    http.patch(f"/me/events/{ids[1]}", {"subject": "Special"})
    http.delete(f"/me/events/{ids[2]}")
    mine = http.instances(master)

    found = guest.instances(copy_of(guest)["id"])

    assert [(one["iCalUId"], one["subject"]) for one in found] == [
        (one["iCalUId"], one["subject"]) for one in mine
    ]
    assert told(graph)[1:] == [(BEN, "update"), (BEN, "cancellation")]


def test_an_answer_to_one_occurrence(http: Client, guest: Client):
    master = http.post("/me/events", weekly(attendees=guests(BEN)))["id"]
    second = guest.instances(copy_of(guest)["id"])[1]

    guest.post(f"/me/events/{second['id']}/accept")

    def answers(found: list[dict]) -> list[str]:
        return [one["attendees"][0]["status"]["response"] for one in found]

    assert answers(http.instances(master)) == ["none", "accepted", "none", "none"]


def test_a_guest_of_one_occurrence_alone_has_a_single_event(http: Client, guest: Client):
    master = http.post("/me/events", weekly())["id"]
    second = http.instances(master)[1]
    http.patch(f"/me/events/{second['id']}", {"attendees": guests(BEN)})

    copy = copy_of(guest)
    assert (copy["type"], copy["iCalUId"]) == ("singleInstance", second["iCalUId"])
    assert copy["start"]["dateTime"][:10] == "2026-11-30"

    guest.post(f"/me/events/{copy['id']}/accept")
    assert http.instances(master)[1]["attendees"][0]["status"]["response"] == "accepted"


def test_a_guest_left_out_of_one_occurrence_loses_that_one(http: Client, guest: Client):
    master = http.post("/me/events", weekly(attendees=guests(BEN, EVE)))["id"]
    second = http.instances(master)[1]

    http.patch(f"/me/events/{second['id']}", {"attendees": guests(EVE)})

    assert len(guest.instances(copy_of(guest)["id"])) == 3


def test_a_second_copy_of_a_meeting_is_seen_in_the_mails(graph: SimulatedGraph, http: Client):
    for _ in range(2):
        http.post("/me/events", meeting(attendees=guests(EVE)))

    assert len(repeated(graph.mails)) == 1


def test_an_organiser_among_the_guests_is_not_mailed(graph: SimulatedGraph, http: Client):
    http.post("/me/events", meeting(attendees=guests("ann@corp.example", EVE)))

    assert told(graph) == [(EVE, "invitation")]
    assert len(http.get("/me/events")["value"]) == 1
