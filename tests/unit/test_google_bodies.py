"""Values of ours become Google's JSON, and come back as they were."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from events import EMAILS, KINDS, RESPONSES, events
from google_items import BERLIN, KICK_OFF
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.errors import REASONS, Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event, Remote, When
from odoo.addons.synced_meetings_google.provider import bodies
from odoo.addons.synced_meetings_google.provider.api import batch_url
from odoo.addons.synced_meetings_google.provider.translate import remote_of

UTC = timezone.utc
KEY, OWNER = "0123456789abcdefghijklmnop", "ann@x.example"
NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = When(NINE, NINE + timedelta(hours=1), BERLIN)
DAY = When(date(2026, 12, 24), date(2026, 12, 26))
PLAIN = Event("a", HOUR, name="Kick-off")
BOB, EVE = Attendee("bob@x.example", "Bob"), Attendee("eve@x.example", "Eve", "declined")
RULES = ["RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE;TZID=Europe/Berlin:20261207T090000"]
DAILY = "RRULE:FREQ=DAILY"


def merged(target, patch):
    """Return JSON after a patch: objects merge, arrays are replaced, null removes."""
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = merged(result.get(name) or {}, value)
        else:
            result[name] = value
    return result


def stored(body):
    """Return an event as Google would show it after an insert."""
    return merged(
        {"id": KEY, "iCalUID": f"{KEY}@google.com", "organizer": {"email": OWNER, "self": True}},
        json.loads(json.dumps(body)),
    )


def as_google_says(event):
    """Return an event with what only Google decides, and without what it cannot hold."""
    when = event.when
    if when.allday:
        when = replace(when, zone="")
    else:  # whole seconds
        start, end = when.start.replace(microsecond=0), when.end.replace(microsecond=0)
        when = replace(when, start=start, end=end)
    return canonical(
        replace(
            event,
            uid=f"{KEY}@google.com",
            organiser=OWNER,
            conference_url="",
            conference=False,  # until Google has made what it was asked for
            when=when,
        ),
        str,
    )


def sight(resource):
    """Return what reading makes of a resource, as it is compared."""
    event = remote_of(resource, BERLIN).event
    return event and canonical(event, str)


def canonical_event(event, rule, state, people):
    seen = {one.email: one for one in event.attendees + people if one.email}
    guests = tuple(seen.values())  # the organiser's own entry would stay whatever is sent
    event = replace(event, organiser="host@x.example", attendees=guests)
    return canonical(replace(event, rule=tuple(rule), state=state), str)


def in_reach(event):
    """Whether reading takes it: the first day of all could leave the calendar by a zone."""
    return not event.when.allday or event.when.start > date.min


lines = st.lists(st.sampled_from([*RULES, DAILY]), max_size=2, unique=True)
people = st.lists(
    st.builds(
        Attendee,
        st.sampled_from([email for email in EMAILS if email]),
        st.text(max_size=5),
        st.sampled_from(RESPONSES),
        st.sampled_from(KINDS),
    ),
    max_size=3,
).map(tuple)
sent = st.builds(
    canonical_event,
    events().filter(in_reach),
    lines,
    st.sampled_from(["confirmed", "tentative"]),
    people,
)


@given(sent)
def test_what_is_inserted_is_read_again(event):
    assert sight(stored(bodies.insertion(event, KEY))) == as_google_says(event)


@given(sent, sent)
def test_what_is_patched_is_read_again(old, new):
    new = replace(new, rule=new.rule if old.when.allday == new.when.allday else ())
    before = stored(bodies.insertion(old, KEY))
    guests = before.get("attendees", []) if bodies.invites(old, new) else None
    patch = bodies.patch(old, new, guests)
    assert sight(merged(before, json.loads(json.dumps(patch)))) == as_google_says(new)
    assert not patch.keys() & {"id", "iCalUID", "organizer", "hangoutLink"}
    assert ("conferenceData" in patch) == (new.conference and not old.conference)


@given(sent)
def test_where_nothing_differs_nothing_is_written(event):
    assert bodies.patch(event, event) == {}
    assert not bodies.invites(event, event)
    decided_there = replace(event, uid="b", organiser="c@x.example", conference_url="https://x.y")
    assert bodies.patch(event, decided_there) == {}


@given(sent, sent)
def test_a_patch_says_no_more_than_what_differs(old, new):
    patch = bodies.patch(old, replace(old, name=new.name))
    assert patch == ({"summary": new.name} if old.name != new.name else {})


def test_an_insertion_as_a_whole():
    event = replace(PLAIN, rule=tuple(RULES), attendees=(BOB, EVE), privacy="private")
    assert bodies.insertion(event, KEY) == {
        "id": KEY,
        "summary": "Kick-off",
        "location": "",
        "description": "",
        "status": "confirmed",
        "visibility": "private",
        "transparency": "opaque",
        "start": {"dateTime": "2026-11-23T08:00:00Z", "timeZone": BERLIN},
        "end": {"dateTime": "2026-11-23T09:00:00Z", "timeZone": BERLIN},
        "recurrence": RULES,
        "attendees": [
            {"email": BOB.email, "displayName": "Bob", "responseStatus": "needsAction"},
            {"email": EVE.email, "displayName": "Eve", "responseStatus": "declined"},
        ],
    }


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"name": ""}, {"summary": ""}),
        ({"location": "HQ"}, {"location": "HQ"}),
        ({"state": "tentative"}, {"status": "tentative"}),
        ({"state": "cancelled"}, {"status": "cancelled"}),
        ({"privacy": "private"}, {"visibility": "private"}),
        (
            {"show_as": "free"},
            {
                "transparency": "transparent",
                "extendedProperties": {"private": {"syncedShowAs": None}},
            },
        ),
        (
            {"show_as": "oof"},
            {"transparency": "opaque", "extendedProperties": {"private": {"syncedShowAs": "oof"}}},
        ),
        (
            {"when": DAY},
            {
                "start": {"date": "2026-12-24", "dateTime": None, "timeZone": None},
                "end": {"date": "2026-12-26", "dateTime": None, "timeZone": None},
            },
        ),
        (
            {"when": replace(HOUR, end=NINE + timedelta(hours=2))},
            {
                "start": {"dateTime": "2026-11-23T08:00:00Z", "timeZone": BERLIN},
                "end": {"dateTime": "2026-11-23T10:00:00Z", "timeZone": BERLIN},
            },
        ),
        (
            {"rule": (DAILY,)},
            {
                "start": {"dateTime": "2026-11-23T08:00:00Z", "timeZone": BERLIN},
                "end": {"dateTime": "2026-11-23T09:00:00Z", "timeZone": BERLIN},
                "recurrence": [DAILY],
            },
        ),
    ],
)
def test_patches(changes, body):
    assert bodies.patch(PLAIN, replace(PLAIN, **changes)) == body


def test_a_series_moves_with_its_rule_and_may_end_as_one_event():
    series = replace(PLAIN, rule=(DAILY,))
    later = replace(HOUR, start=NINE + timedelta(minutes=30))
    assert bodies.patch(series, replace(series, when=later))["recurrence"] == [DAILY]
    assert bodies.patch(series, PLAIN)["recurrence"] is None
    assert "recurrence" not in bodies.patch(PLAIN, replace(PLAIN, when=later))


def test_whole_days_become_times():
    body = bodies.patch(replace(PLAIN, when=DAY), PLAIN)
    assert body["start"] == {"date": None, "dateTime": "2026-11-23T08:00:00Z", "timeZone": BERLIN}


def test_all_is_written_where_nothing_is_known():
    body = bodies.patch(None, PLAIN)
    assert {name for name in body if body[name] is not None} == {
        *("summary", "location", "description", "status", "visibility", "transparency"),
        *("start", "end", "extendedProperties"),
    }


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T00:30:00Z"),  # twice: its first
        (datetime(2026, 10, 25, 1, 30, 59, 999_999, tzinfo=UTC), "2026-10-25T01:30:59Z"),
        (datetime(1, 1, 2, tzinfo=UTC), "0001-01-02T00:00:00Z"),
        (datetime(9999, 12, 30, 23, 59, tzinfo=UTC), "9999-12-30T23:59:00Z"),
        (
            datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "2026-11-23T03:30:00Z",
        ),
    ],
)
def test_times(moment, written):
    body = bodies.insertion(Event("a", When(moment, moment, "Asia/Kolkata")), KEY)
    assert body["start"] == body["end"] == {"dateTime": written, "timeZone": "Asia/Kolkata"}


def test_a_time_always_has_a_zone_and_a_day_none():
    assert bodies.insertion(Event("a", replace(HOUR, zone="")), KEY)["start"]["timeZone"] == "UTC"
    zoned = Event("a", replace(DAY, zone=BERLIN), rule=(DAILY,))
    assert bodies.insertion(zoned, KEY)["start"] == {"date": "2026-12-24"}
    # Google keeps none, so that its loss would look like a change for ever.
    assert bodies.patch(zoned, replace(zoned, when=DAY)) == {}


@pytest.mark.parametrize(
    ("when", "line", "written"),
    [
        (
            HOUR,
            "RRULE:FREQ=DAILY;UNTIL=20270125T225959Z",
            "RRULE:FREQ=DAILY;UNTIL=20270125T225959Z",
        ),
        (HOUR, "RRULE:FREQ=DAILY;UNTIL=20270125", "RRULE:FREQ=DAILY;UNTIL=20270125T225959Z"),
        (HOUR, "RRULE:UNTIL=20270725T090000;FREQ=DAILY", "RRULE:UNTIL=20270725T070000Z;FREQ=DAILY"),
        (DAY, "RRULE:FREQ=DAILY;UNTIL=20270125T225959Z", "RRULE:FREQ=DAILY;UNTIL=20270125"),
        (DAY, "RRULE:FREQ=DAILY;UNTIL=20270125", "RRULE:FREQ=DAILY;UNTIL=20270125"),
        (HOUR, "EXDATE:20261207T090000", "EXDATE;TZID=Europe/Berlin:20261207T090000"),
        (HOUR, "RDATE;VALUE=DATE-TIME:20261207T090000", None),
        (HOUR, "EXDATE:20261207T080000Z", "EXDATE:20261207T080000Z"),
        (HOUR, "EXDATE;TZID=Asia/Tokyo:20261207T1", "EXDATE;TZID=Asia/Tokyo:20261207T1"),
        (DAY, "EXDATE;VALUE=DATE:20261225", "EXDATE;VALUE=DATE:20261225"),
        (HOUR, "RRULE", "RRULE:"),
    ],
)
def test_rules_end_in_utc_and_dates_have_a_zone(when, line, written):
    written = written or "RDATE;VALUE=DATE-TIME;TZID=Europe/Berlin:20261207T090000"
    event = Event("a", when, rule=(line,))
    assert bodies.insertion(event, KEY)["recurrence"] == [written]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (replace(PLAIN, rule=("RRULE:FREQ=DAILY;UNTIL=soon",)), "bad_rule"),
        (replace(PLAIN, rule=("RRULE:FREQ=DAILY;UNTIL=20269999",)), "bad_rule"),
        (
            replace(
                PLAIN, rule=("RRULE:FREQ=DAILY;UNTIL=20270125",), when=replace(HOUR, zone="Mars/X")
            ),
            "bad_zone",
        ),
        (replace(PLAIN, attendees=(BOB, Attendee("", "Nobody"))), "no_address"),
        (
            replace(PLAIN, attendees=tuple(Attendee(f"{n}@x.example") for n in range(201))),
            "too_many_guests",
        ),
    ],
)
def test_what_cannot_be_written(event, reason):
    assert reason in REASONS
    with pytest.raises(Rejected) as raised:
        bodies.insertion(event, KEY)
    assert raised.value.reason == reason
    with pytest.raises(Rejected) as raised:
        bodies.patch(PLAIN, event, [])
    assert raised.value.reason == reason


def test_a_finer_word_does_not_outlive_a_plain_one():
    shown = stored(bodies.insertion(replace(PLAIN, show_as="elsewhere"), KEY))
    assert sight(shown).show_as == "elsewhere"
    freed = merged(shown, {"transparency": "transparent"})  # in Google's own page
    assert sight(freed).show_as == "free"
    patch = bodies.patch(replace(PLAIN, show_as="free"), PLAIN)
    assert sight(merged(freed, patch)).show_as == "busy"


# Names


def test_client_keys_are_ids_that_google_takes():
    keys = {bodies.new_key() for _ in range(500)}
    assert len(keys) == 500
    assert all(re.fullmatch("[0-9a-v]{26}", key) for key in keys)
    assert bodies.uid_of("abcde") == "abcde@google.com"


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        (Remote("a", None, client_key="b"), "a"),
        (Remote("", None, client_key="b"), "b"),
        (Remote("", None, series="s", recurrence_id="20261130"), "s_20261130"),
        (Remote("a", None, series="s", recurrence_id="20261130"), "a"),
        (
            Remote("", None, series="_60q3_R20261214T080000", recurrence_id="20261221T080000Z"),
            "_60q3_20261221T080000Z",
        ),
    ],
)
def test_ids(copy, found):
    assert bodies.id_of(copy) == found


def test_an_answer():
    assert bodies.answer("ann@x.example", "needs_action") == {
        "attendees": [{"email": "ann@x.example", "responseStatus": "needsAction"}],
        "attendeesOmitted": True,
    }


@pytest.mark.parametrize("base", ["https://www.googleapis.com/", "http://127.0.0.1:8000/"])
def test_batches_have_an_address_of_their_own(base):
    assert batch_url(f"{base}calendar/v3/") == f"{base}batch/calendar/v3"


def test_what_came_from_google_needs_no_change():
    event = canonical(remote_of(KICK_OFF, BERLIN).event, str)
    assert bodies.patch(event, event, KICK_OFF["attendees"]) == {"attendees": KICK_OFF["attendees"]}
