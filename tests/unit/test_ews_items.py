"""Values of ours become items of EWS, and back again."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from ews_xml_items import item, person
from hypothesis import given
from hypothesis import strategies as st
from series import first_spans, rules, span

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event, When
from odoo.addons.synced_meetings_exchange.provider import ews_items as items
from odoo.addons.synced_meetings_exchange.provider.ews_payloads import Ref
from odoo.addons.synced_meetings_exchange.provider.ews_recurrence import lines_of, recurrence_of
from odoo.addons.synced_meetings_exchange.provider.ews_translate import remote_of
from odoo.addons.synced_meetings_exchange.provider.ews_values import Reader
from odoo.addons.synced_meetings_exchange.provider.ews_xml import local, new, source

UTC = timezone.utc
KEY = "0123456789abcdef0123456789abcdef"
ANN = Reader("ann@corp.example", lambda: "Europe/Berlin")
BOB = Attendee("bob@client.example", "Bob")
LUNCH = Event("", span(2026, 11, 24, 12), name="Lunch", location="Canteen")


def read_back(event):
    """Return an event as it is read from the item that is made of it."""
    made = items.item_of(event, KEY, "Europe/Berlin")
    made.append(new("t:ItemId", Id="AAMk="))
    return remote_of(made, ANN)


@st.composite
def events(draw):
    when = draw(first_spans())
    text = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20)
    people = draw(st.lists(st.sampled_from([BOB, Attendee("eve@x.example", kind="optional")])))
    return Event(
        "",
        when,
        name=draw(text),
        location=draw(text),
        description=draw(st.sampled_from(["", "<p>a</p>", "<p>é &amp; 🎄</p>"])),
        attendees=tuple(dict.fromkeys(people)),
        privacy=draw(st.sampled_from(["public", "private"])),
        show_as=draw(st.sampled_from(["free", "tentative", "busy", "oof", "elsewhere"])),
    )


@given(events())
def test_what_is_written_is_read(event):
    remote = read_back(event)
    found = replace(remote.event, uid="", organiser="")
    assert canonical(found, str) == canonical(event, str)
    assert remote.client_key == KEY
    assert remote.event.uid == items.uid_of(KEY)


@given(first_spans().flatmap(lambda when: st.tuples(st.just(when), rules(when))))
def test_a_rule_that_is_written_is_read(pair):
    when, rule = pair
    try:
        written = recurrence_of(when, (rule,))
    except Rejected:
        return
    [line] = lines_of(written, when)
    assert source(recurrence_of(when, (line,))) == source(written)
    assert lines_of(recurrence_of(when, (line,)), when) == (line,)


def test_an_item_stands_in_the_order_of_the_schema():
    event = replace(LUNCH, attendees=(BOB,), rule=("RRULE:FREQ=DAILY",))
    names = [local(one) for one in items.item_of(event, KEY, "")]
    assert names == [
        *("Subject", "Sensitivity", "Body", "ExtendedProperty", "UID", "Start", "End"),
        *("IsAllDayEvent", "LegacyFreeBusyStatus", "Location", "RequiredAttendees", "Recurrence"),
        *("StartTimeZone", "EndTimeZone"),
    ]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, set()),
        ({"name": "Tea"}, {"item:Subject"}),
        ({"location": ""}, {"calendar:Location"}),
        ({"privacy": "private"}, {"item:Sensitivity"}),
        ({"show_as": "oof"}, {"calendar:LegacyFreeBusyStatus"}),
        ({"description": "<p>x</p>"}, {"item:Body"}),
        ({"when": span(2026, 11, 24, 13)}, {*items.TIMES, "calendar:IsAllDayEvent"}),
        ({"rule": ("RRULE:FREQ=DAILY",)}, {*items.TIMES, "calendar:IsAllDayEvent", items.RULE}),
    ],
)
def test_only_what_differs_is_written(changes, names):
    values = items.changes_of(LUNCH, replace(LUNCH, **changes), "", None)
    assert set(values) == names


def test_a_rule_goes_with_its_series():
    weekly = replace(LUNCH, rule=("RRULE:FREQ=WEEKLY",))
    values = items.changes_of(weekly, LUNCH, "", None)
    assert values[items.RULE] is None
    change = source(items.change_element(Ref("AAMk=", "CK1"), values))
    assert 'DeleteItemField><t:FieldURI FieldURI="calendar:Recurrence"' in change
    moved = items.changes_of(weekly, replace(weekly, when=span(2026, 11, 25, 12)), "", None)
    assert "Wednesday" in source(moved[items.RULE])


def test_answers_and_people_without_address_stay_on_the_list():
    standing = item(
        more="<t:RequiredAttendees>"
        + person("bob@client.example", "Accept", "Bob")
        + person("/o=Corp/cn=dora", "Tentative", "Dora", "EX")
        + "</t:RequiredAttendees>"
    )
    old = replace(LUNCH, attendees=remote_of(standing, ANN).event.attendees)
    cy = Attendee("cy@client.example", kind="optional")
    values = items.changes_of(old, replace(old, attendees=(*old.attendees, cy)), "", standing)
    assert set(values) == {"calendar:OptionalAttendees"}
    assert items.only_guests(values)
    wanted = tuple(replace(a, kind="optional") for a in old.attendees if a.email)
    values = items.changes_of(old, replace(old, attendees=wanted), "", standing)
    assert "Accept" in source(values["calendar:OptionalAttendees"])
    assert values["calendar:RequiredAttendees"] is None


def test_a_guest_of_ours_has_not_answered():
    answered = replace(LUNCH, attendees=(replace(BOB, response="accepted"),))
    assert "Accept" not in source(items.item_of(answered, KEY, ""))
    with pytest.raises(Rejected) as raised:
        items.item_of(replace(LUNCH, attendees=(Attendee("", "Dora"),)), KEY, "")
    assert raised.value.reason == "no_address"


def test_a_zone_that_nobody_knows_is_refused():
    moment = datetime(2026, 11, 24, 11, tzinfo=UTC)
    with pytest.raises(Rejected) as raised:
        items.item_of(Event("", When(moment, moment, "Mars/Olympus")), KEY, "")
    assert raised.value.reason == "bad_zone"


def test_text_that_xml_cannot_hold_is_left_out():
    assert read_back(replace(LUNCH, name="a\x00b\x0bc\ufffe")).event.name == "abc"
    assert read_back(replace(LUNCH, name="<b>&amp;")).event.name == "<b>&amp;"
