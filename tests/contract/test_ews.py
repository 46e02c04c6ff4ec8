"""An own Exchange server keeps the contract, and some promises of its own, over real HTTP."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable
from odoo.addons.synced_meetings.sync.event import Attendee, Remote, Window
from odoo.addons.synced_meetings_exchange.provider.ews import EwsProvider
from odoo.addons.synced_meetings_exchange.provider.ews_session import Server

from simulators.ews import SimulatedExchange
from simulators.ews_time import CUSTOM

from .ews_server import EwsServer
from .provider_contract import (
    BERLIN,
    HOUR,
    LUNCH,
    MONDAY,
    WEEK,
    WEEKLY,
    WINDOW,
    ProviderContract,
    listing,
    span,
)


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


class TestEwsContract(ProviderContract):
    """The contract, against the simulated Exchange."""

    far = timedelta(days=2)  # an occurrence cannot pass its neighbours
    page_requests = 2  # SyncFolderItems and GetItem


def calls(server):
    """Return how often each operation was called by our client."""
    return Counter(one.operation for one in server.exchange.asked if one.account == server.owner)


# What it costs


@pytest.mark.parametrize("number", [60, 1_001])
def test_a_first_listing_costs_ten_calls_for_five_hundred(server, number):
    for one in range(number):
        server.create(replace(LUNCH, name=str(one)))
    remotes, bad, _ = listing(server.provider())
    assert (len(remotes), bad) == (number, [])
    pages = -(-number // 500)
    last = number - 500 * (pages - 1)
    assert calls(server) == {
        "SyncFolderItems": pages,
        "GetItem": 10 * (pages - 1) + -(-last // 50),
    }


def test_series_with_all_their_exceptions_cost_one_call_more(server):
    for number in range(5):
        series = server.create(replace(WEEKLY, name=str(number)))
        for week in range(1, 4):
            server.move_occurrence(series, MONDAY + week * WEEK, span(MONDAY + week * WEEK + HOUR))
    remotes, _, _ = listing(server.provider())
    assert len(remotes) == 20
    assert calls(server) == {"SyncFolderItems": 1, "GetItem": 2}


def test_what_was_found_out_is_not_asked_again(server):
    server.create(LUNCH)
    list(server.provider().calendars())
    server.provider().fetch(["AAMkunknown"])
    assert json.loads(server.known).keys() == {"folder", "version", "zone"}
    before = calls(server)
    _, _, token = listing(server.provider())
    listing(server.provider(), token)
    assert calls(server) - before == {"SyncFolderItems": 2, "GetItem": 1}


def test_busy_times_of_long_spans_are_asked_in_parts(server):
    server.create(LUNCH)
    server.create(replace(LUNCH, when=span(MONDAY), show_as="oof"))
    whole = Window(WINDOW.start, WINDOW.start + timedelta(days=400))
    found = server.provider().free_busy([server.owner, server.host], whole)
    assert [(busy.start, busy.show_as) for busy in found[server.owner]] == [
        (LUNCH.when.start, "busy"),
        (MONDAY, "oof"),
    ]
    assert found[server.host] == []
    assert calls(server) == {"GetUserAvailability": 10}


# Where events are


def test_what_was_moved_to_another_calendar_is_gone_here(server):
    moved, kept = server.create(LUNCH), server.create(LUNCH)
    _, _, token = listing(server.provider())
    other = server.ann.add_calendar("Team")
    there = server.ann.move(moved, other)
    found, _, _ = listing(server.provider(), token)
    assert {key: remote.event for key, remote in found.items()} == {moved: None}
    assert set(listing(server.provider(calendar_id=other.id))[0]) == {there}
    assert server.provider(calendar_id=other.id).fetch([there]).changes[0].event
    listed = {one.name: one for one in server.provider().calendars()}
    assert (listed["Team"].remote_id, listed["Team"].primary) == (other.id, False)
    assert kept in listing(server.provider())[0]


@pytest.mark.parametrize("answered", [False, True])
def test_one_service_account_opens_many_mailboxes(server, answered):
    server.create(LUNCH)
    invited = server.invite(replace(LUNCH, name="Call", attendees=(Attendee(server.owner),)))
    if answered:
        server.ann.respond(invited, "Accept")
    login = Server(server.exchange.url, "onlooker", "secret", "basic", impersonate=True)
    for mailbox, names in ((server.owner, {"Lunch", "Call"}), (server.host, {"Call"})):
        provider = EwsProvider(login, mailbox)
        remotes, _, _ = listing(provider)
        assert {remote.event.name for remote in remotes.values()} == names
        assert provider.check().email == mailbox
        provider.close()
    assert {one.anchor for one in server.exchange.asked} == {server.owner, server.host}


def test_a_mailbox_that_is_shared_opens_without_impersonation(server):
    server.ann.share(server.host, "Reviewer")
    server.create(LUNCH)
    login = Server(server.exchange.url, server.host, "secret", "basic")
    provider = EwsProvider(login, server.owner)
    [remote] = listing(provider)[0].values()
    assert (remote.event.name, remote.event.organiser) == ("Lunch", server.owner)
    [calendar] = provider.calendars()
    assert (calendar.access, calendar.owner) == ("reader", server.owner)


def test_what_is_private_in_a_shared_calendar_stops_nothing(server):
    server.ann.share(server.host, "Reviewer")
    seen = server.create(LUNCH)
    hidden = server.create(replace(LUNCH, name="Doctor", privacy="private"))
    login = Server(server.exchange.url, server.host, "secret", "basic")
    provider = EwsProvider(login, server.owner)
    remotes, bad, _ = listing(provider)
    assert (set(remotes), bad) == ({seen}, [])
    assert [one.id for one in provider.fetch([hidden, seen]).changes] == [seen]


# What cannot be read


def test_one_custom_zone_stops_no_other_event(server):
    first, odd, whole = (server.create(LUNCH) for _ in range(3))
    for key in (odd, whole):
        item = server.ann.get(key).item
        item.data |= {"StartTimeZone": CUSTOM, "CustomZone": "W. Europe Standard Time"}
        server.world.put(item)
    remotes, bad, _ = listing(server.provider())
    assert (set(remotes), bad) == ({first, odd, whole}, [])
    assert remotes[odd].event.when == LUNCH.when


@pytest.mark.parametrize(
    "code", ["ErrorItemCorrupt", "ErrorCorruptData", "ErrorInternalServerError"]
)
def test_a_corrupt_item_stands_alone(server, code):
    kept, corrupt = server.create(LUNCH), server.create(LUNCH)
    server.exchange.faults.refuse(corrupt, code)
    remotes, bad, token = listing(server.provider())
    assert (set(remotes), [(one.id, one.value) for one in bad]) == ({kept}, [(corrupt, code)])
    assert server.provider().fetch([corrupt]).changes == ()
    assert token


def test_a_code_that_nobody_knows_stops_no_other_item(server):
    kept, odd = server.create(LUNCH), server.create(LUNCH)
    server.exchange.faults.refuse(odd, "ErrorOfTomorrow")
    remotes, bad, _ = listing(server.provider())
    assert (set(remotes), [one.id for one in bad]) == ({kept}, [odd])


def test_an_item_at_which_exchange_stumbles_once_is_read(server):
    made = {server.create(replace(LUNCH, name=name)) for name in ("Lunch", "Tea")}
    [odd, _] = made
    server.exchange.faults.refuse(odd, "ErrorInternalServerError")
    server.exchange.observers.append(lambda *_: server.world.refused.clear())
    provider = server.provider()
    answers = provider.fetch(sorted(made))
    assert {one.id for one in answers.changes} == made


def test_an_exception_that_cannot_be_read_leaves_its_series(server):
    series = server.create(WEEKLY)
    server.move_occurrence(series, MONDAY + WEEK, span(MONDAY + WEEK + HOUR))
    item = server.ann.get(series).item
    [change] = item.exceptions.values()
    change.data["LegacyFreeBusyStatus"] = "Sleeping"
    remotes, [bad], _ = listing(server.provider())
    assert list(remotes) == [series]
    assert (bad.id, bad.reason) == (f"{series}#20261207T080000Z", "bad_choice")


def test_of_a_private_event_no_text_is_put_aside(server):
    made = server.create(replace(LUNCH, name="Doctor", privacy="private"))
    item = server.ann.get(made).item
    item.data["LegacyFreeBusyStatus"] = "Sleeping"
    server.world.put(item)
    _, [bad], _ = listing(server.provider())
    assert bad.id == made
    assert "Doctor" not in bad.payload
    assert "Sensitivity" in bad.payload


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>Maintenance</body></html>",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>",
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><m:Sync",
    ],
)
def test_what_is_no_answer_is_not_believed(server, body):
    server.create(LUNCH)
    server.exchange.faults.add(times=None, body=body)
    with pytest.raises(Retryable):
        listing(server.provider())
    with pytest.raises(Retryable):
        server.provider().fetch(["AAMk"])


def test_entities_are_not_followed(server, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    made = server.create(LUNCH)
    answer = []
    server.exchange.observers.append(lambda _, response: answer.append(response.payload()))
    listing(server.provider())
    document = answer[-1].decode().partition("?>")[2].replace("Lunch", "&x;")
    declared = f'<!DOCTYPE s [<!ENTITY x SYSTEM "file://{secret}">]>{document}'
    server.exchange.faults.add(times=None, body=declared, match="GetItem")
    with pytest.raises(Retryable) as raised:
        server.provider().fetch([made])
    assert "hidden" not in repr(raised.value)


# Versions and sessions


@pytest.mark.parametrize("version", ["Exchange2013_SP1", "Exchange2010_SP2"])
def test_an_older_server_is_asked_in_its_own_version(server, version):
    server.exchange.service.versions = (version,)
    made = server.create(LUNCH)
    assert set(listing(server.provider())[0]) == {made}
    assert json.loads(server.known)["version"] == version
    before = len(server.exchange.asked)
    listing(server.provider())
    assert {one.version for one in server.exchange.asked[before:]} == {version}


def test_a_closed_connection_opens_again(server):
    provider = server.provider()
    listing(provider)
    provider.close()
    assert listing(provider)[0] == {}


def test_logins_share_nothing(server):
    first, second = server.provider(), server.provider()
    listing(first)
    server.ann.account.password = "changed"
    with pytest.raises(AuthRequired):
        listing(second)
    assert listing(server.provider(password="changed"))[0] == {}


def test_an_item_made_again_is_not_the_deleted_one(server):
    made = server.create(LUNCH)
    _, _, token = listing(server.provider())
    server.delete(made)
    again = server.create(LUNCH)
    found, _, _ = listing(server.provider(), token)
    assert found[made] == Remote(made, None)
    assert found[again].event.when.zone == BERLIN
