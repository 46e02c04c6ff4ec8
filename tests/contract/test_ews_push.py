"""What the writing half for an own Exchange server promises, over real HTTP."""

from collections import Counter
from dataclasses import replace

import pytest

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Change, Event, Remote
from odoo.addons.synced_meetings_exchange.provider.ews import EwsProvider
from odoo.addons.synced_meetings_exchange.provider.ews_session import Server

from simulators.ews import SimulatedExchange

from .ews_server import PASSWORD, EwsServer
from .provider_contract import HOUR, LUNCH, MONDAY, WEEKLY, listing
from .push_changes import BOB, EVE, create, delete, done, made, read, update
from .push_contract import PushContract

CROWD = tuple(Attendee(f"p{number}@x.example") for number in range(501))


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


class TestEwsPushContract(PushContract):
    """The contract, against the simulated Exchange."""

    keeps_ids = False  # it is found among the deleted items, where it has another
    excludes = False
    cancels_excluded = True
    keeps_declined = False


def calls(server):
    """Return how often each operation was called by our client."""
    return Counter(one.operation for one in server.exchange.asked if one.account == server.owner)


def sent(server, operation):
    """Return the bodies of calls of an operation."""
    return [one.body for one in server.exchange.requests if f"<m:{operation} " in one.body]


def modes(server):
    """Return whom the writes so far told."""
    return [one.send for one in server.exchange.asked if one.send]


def test_many_events_are_made_in_three_calls_for_fifty(server):
    provider = server.provider()
    changes = [create(provider, replace(LUNCH, name=str(number))) for number in range(200)]
    size = provider.batch_size
    copies = [
        copy for first in range(0, 200, size) for copy in done(provider, *changes[first:][:size])
    ]
    expected = {"FindItem": 4, "CreateItem": 4, "GetItem": 4, "GetUserAvailability": 1}
    assert calls(server) == expected
    assert read(server) == {copy.id: copy for copy in copies}


def test_a_key_is_found_again_and_becomes_the_uid(server):
    provider = server.provider()
    change = create(provider, LUNCH)
    [copy] = done(provider, change)
    key = change.copy.client_key
    assert (copy.client_key, copy.event.uid) == (key, provider.uid_of(key))
    assert server.ann.get(copy.id).data["UID"] == provider.uid_of(key)
    assert done(server.provider(), change) == [copy]
    assert calls(server)["CreateItem"] == 1


def test_only_what_changed_is_sent(server):
    provider = server.provider()
    [copy] = made(provider, replace(LUNCH, attendees=(BOB,)))
    done(provider, update(copy, name="Tea"))
    [body] = sent(server, "UpdateItem")
    assert body.count("<t:SetItemField>") == 1
    assert "Canteen" not in body
    assert 'ConflictResolution="NeverOverwrite"' in body
    assert f'ChangeKey="{copy.change_key}"' in body


def test_guests_are_told_as_little_as_they_need(server):
    provider = server.provider()
    [copy] = done(provider, create(provider, replace(LUNCH, attendees=(BOB,)), tell=True))
    [copy] = done(provider, update(copy, tell=True, attendees=(BOB, EVE)))
    [copy] = done(provider, update(copy, tell=True, location="Roof"))
    [copy] = done(provider, update(copy, location="Cellar"))
    done(provider, delete(copy))
    assert modes(server) == [
        "SendToAllAndSaveCopy",
        "SendToChangedAndSaveCopy",
        "SendToAllAndSaveCopy",
        "SendToNone",
        "SendToNone",
    ]
    assert server.mailed() == [BOB.email] * 2 + [EVE.email] * 2


def test_people_of_the_directory_stay_on_the_list(server):
    inside = {
        "email": "/o=Corp/ou=x/cn=Dora",
        "name": "Dora",
        "routing": "EX",
        "response": "Accept",
    }
    key = server.create(replace(LUNCH, attendees=(BOB,)))
    item = server.ann.get(key).item
    item.data["RequiredAttendees"].append(inside)
    server.world.put(item)
    copy = read(server)[key]
    assert ("", "Dora", "accepted") in [(a.email, a.name, a.response) for a in copy.event.attendees]
    wanted = (*(a for a in copy.event.attendees if a.email != BOB.email), EVE)
    [body] = sent_update(server, update(copy, attendees=wanted))
    assert "/o=Corp/ou=x/cn=Dora" in body
    assert "<t:RoutingType>EX</t:RoutingType>" in body
    assert BOB.email not in body


def sent_update(server, change):
    server.provider().push([change])
    return sent(server, "UpdateItem")


def test_more_guests_than_a_message_may_have_are_refused_here(server):
    provider = server.provider()
    [kept] = made(provider, LUNCH)
    crowd = create(provider, replace(LUNCH, attendees=CROWD))
    for outcome in provider.push([crowd, update(kept, attendees=CROWD)]):
        assert outcome.error.args == ("too_many_guests", 501)
    assert sent(server, "UpdateItem") == []


@pytest.mark.parametrize("rule", ["RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15", "RRULE:FREQ=HOURLY"])
def test_what_outlook_cannot_repeat_is_refused_here(server, rule):
    provider = server.provider()
    [outcome] = provider.push([create(provider, replace(WEEKLY, rule=(rule,)))])
    assert outcome.error.reason == "bad_rule"
    assert calls(server)["CreateItem"] == 0


# What goes wrong


def test_a_part_that_is_refused_as_a_whole_is_halved(server):
    provider = server.provider()
    listing(provider)
    changes = [create(provider, replace(LUNCH, name=str(number))) for number in range(7)]
    server.exchange.faults.add(500, "ErrorSchemaValidation", times=1, match="CreateItem")
    assert [copy.event.name for copy in done(provider, *changes)] == list("0123456")
    assert calls(server)["CreateItem"] == 2


def test_a_removed_right_is_not_a_deletion(server):
    server.hosts.share(server.owner, "Editor")
    key = server.hosts.create(Subject="Shared", Start=MONDAY, End=MONDAY + HOUR).id
    provider = host_calendar(server)
    copy = listing(provider)[0][key]
    server.hosts.share(server.owner, "Reviewer")
    for change in (update(copy, name="Mine"), delete(copy), create(provider, LUNCH)):
        [outcome] = provider.push([change])
        assert outcome.error.reason == "read_only"
    assert set(listing(provider)[0]) == {key}


def host_calendar(server):
    return EwsProvider(Server(server.exchange.url, "ann", PASSWORD, "basic"), server.host)


def test_a_change_without_an_event_is_refused(server):
    provider = server.provider()
    event = Event("", LUNCH.when)
    for change in (
        Change("create", Remote("", None, client_key="abcde"), None),
        Change("update", Remote("a", event, change_key="1"), None),
    ):
        [outcome] = provider.push([change])
        assert isinstance(outcome.error, Rejected)


def test_what_may_have_been_made_is_deleted_by_its_key(server):
    provider = server.provider()
    first, second = create(provider, LUNCH), create(provider, LUNCH)
    done(provider, first)
    copies = done(provider, *(Change("delete", one.copy, None) for one in (first, second)))
    assert [one.event for one in copies] == [None, None]
    assert not any(one.event for one in read(server).values())
