"""Occurrences, invitations and zones on an own Exchange server, over real HTTP."""

from collections import Counter
from dataclasses import replace

import pytest

from odoo.addons.synced_meetings.sync.errors import Retryable, StaleChangeKey
from odoo.addons.synced_meetings.sync.event import Attendee, Remote, answer_of
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

from simulators.ews import SimulatedExchange
from simulators.ews_time import CUSTOM

from .ews_server import EwsServer
from .provider_contract import HOUR, LUNCH, MONDAY, WEEK, WEEKLY, said, span
from .push_changes import BOB, answer, delete, done, made, read, update


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


def calls(server):
    """Return how often each operation was called by our client."""
    return Counter(one.operation for one in server.exchange.asked if one.account == server.owner)


# Occurrences


def test_an_occurrence_is_known_by_its_series(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    stamp = recurrence_id(MONDAY + WEEK)
    unseen = Remote("", replace(series.event, rule=()), series=series.id, recurrence_id=stamp)
    [outcome] = provider.push([update(unseen, name="Blind")])
    assert isinstance(outcome.error, StaleChangeKey)
    [gone] = done(provider, delete(unseen))
    expected = (provider.occurrence_id(series.id, stamp), series.id, stamp)
    assert (gone.id, gone.series, gone.recurrence_id) == expected
    assert read(server)[gone.id].event is None
    assert done(provider, delete(unseen)) == [gone]


def test_occurrences_are_counted_with_those_that_are_gone(server):
    series = server.create(WEEKLY)
    for week in (0, 2):
        server.cancel_occurrence(series, MONDAY + week * WEEK)
    server.move_occurrence(series, MONDAY + 3 * WEEK, span(MONDAY + 3 * WEEK + HOUR))
    ids = [server.occurrence(series, MONDAY + week * WEEK) for week in range(9)]
    found = server.provider().fetch(ids).changes
    assert [one.id for one in found] == ids
    starts = [one.event and one.event.when.start for one in found]
    expected = [MONDAY + week * WEEK for week in range(8)]
    expected[3] += HOUR
    expected[0] = expected[2] = None
    assert starts == [*expected, None]  # the ninth of eight


def test_an_occurrence_passes_no_neighbour(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    [seen] = provider.fetch([server.occurrence(series.id, MONDAY + WEEK)]).changes
    [outcome] = provider.push([update(seen, when=span(MONDAY + 3 * WEEK + HOUR))])
    assert outcome.error.args == ("refused_there", "ErrorOccurrenceCrossingBoundary")


def test_an_exception_that_changed_outside_is_not_overwritten(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    [seen] = provider.fetch([server.occurrence(series.id, MONDAY + WEEK)]).changes
    server.move_occurrence(series.id, MONDAY + WEEK, span(MONDAY + WEEK + HOUR))
    for change in (update(seen, name="Ours"), delete(seen)):
        [outcome] = provider.push([change])
        assert isinstance(outcome.error, StaleChangeKey)


# Invitations


def test_who_deletes_an_invitation_declines_it(server):
    invited = server.invite(replace(LUNCH, attendees=(Attendee(server.owner), BOB)))
    copy = read(server)[invited]
    done(server.provider(), delete(copy))
    assert answer_of(server.seen_by_host(copy.event.uid), server.owner) == "declined"
    assert server.mailed() == [server.host]
    assert not any(one.event for one in read(server).values())


def test_a_cancelled_invitation_is_only_put_away(server):
    invited = server.invite(replace(LUNCH, attendees=(Attendee(server.owner),)))
    [made_there] = server.hosts.items()
    server.hosts.delete(made_there.id, "SendToAllAndSaveCopy")
    copy = read(server)[invited]
    assert copy.event.state == "cancelled"
    mails = len(server.mailed())
    done(server.provider(), delete(copy))
    assert len(server.mailed()) == mails
    assert calls(server)["CreateItem"] == 0


def test_an_answer_that_was_lost_is_not_given_twice(server):
    invited = server.invite(replace(LUNCH, attendees=(Attendee(server.owner),)))
    provider, copy = server.provider(), read(server)[invited]
    server.exchange.faults.add(drop="after", match="CreateItem")
    with pytest.raises(Retryable):
        provider.push([answer(copy, "accepted")])
    [outcome] = provider.push([answer(copy, "accepted")])
    assert isinstance(outcome.error, StaleChangeKey)
    [now] = provider.fetch([invited]).changes
    assert answer_of(now.event, server.owner) == "accepted"
    assert done(provider, answer(now, "accepted")) == [now]
    assert server.mailed() == [server.host]


# Zones


@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/Indiana/Knox", "Asia/Ho_Chi_Minh"])
def test_a_zone_that_windows_has_no_name_for_survives(server, zone):
    provider = server.provider()
    [copy] = made(provider, replace(WEEKLY, when=span(MONDAY, zone)))
    assert copy.event.when.zone == zone
    [copy] = done(provider, update(copy, name="Later"))
    assert read(server)[copy.id].event.when == span(MONDAY, zone)
    server.edit(copy.id, when=span(MONDAY, "Asia/Tokyo"))  # in Outlook
    [copy] = provider.fetch([copy.id]).changes
    assert copy.event.when.zone == "Asia/Tokyo"
    [copy] = done(provider, update(copy, when=span(MONDAY)))
    assert copy.event.when.zone == "Europe/Berlin"


def test_a_custom_zone_stays_as_long_as_the_time_does(server):
    key = server.create(LUNCH)
    item = server.ann.get(key).item
    item.data |= {"StartTimeZone": CUSTOM, "CustomZone": "W. Europe Standard Time"}
    server.world.put(item)
    [copy] = done(server.provider(), update(read(server)[key], name="Tea"))
    assert server.ann.get(key).data["StartTimeZone"] == CUSTOM
    done(server.provider(), update(copy, when=span(MONDAY)))
    assert server.ann.get(key).data["StartTimeZone"] == "W. Europe Standard Time"


def test_whole_days_begin_at_the_mailbox_midnight(server):
    provider = server.provider()
    day = MONDAY.date()
    whole = replace(LUNCH, when=replace(LUNCH.when, start=day, end=day + (WEEK / 7), zone=""))
    [copy] = made(provider, whole)
    assert server.ann.get(copy.id).data["Start"].isoformat() == "2026-11-29T23:00:00+00:00"
    assert said(copy.event) == said(whole)
