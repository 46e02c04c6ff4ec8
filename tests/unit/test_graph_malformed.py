"""What comes from Graph is read with suspicion: whatever it is, it is an event or has a reason."""

import json
from copy import deepcopy

import pytest
from graph_items import BARE, KICK_OFF, exception, item, master, times
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.errors import REASONS, Rejected
from odoo.addons.synced_meetings.sync.event import Bad
from odoo.addons.synced_meetings.sync.reading import PAYLOAD
from odoo.addons.synced_meetings_exchange.provider.graph_series import whole
from odoo.addons.synced_meetings_exchange.provider.graph_translate import (
    Reader,
    bad_of,
    instance_of,
    remote_of,
)

PATTERN = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
NO_END = {"type": "noEnd", "startDate": "2026-11-23"}
MALFORMED = {
    "not_an_object": [None, "event", 7, [KICK_OFF]],
    "no_id": [item(id=None), item(id=""), item(id=7), item(id="a\0b"), item(id="a" * 1025)],
    "no_start": [item(start=None), item(start={}), item(start={"timeZone": "UTC"})],
    "no_end": [item(end=None), item(end={})],
    "bad_time": [
        item(start="2026-11-23"),
        item(**times("2026-13-01T09:00:00", "2026-13-01T10:00:00")),
        item(**times("2026-11-23 09:00:00", "2026-11-23T10:00:00")),
        item(**times("2026-11-23T09:00:00+01:00", "2026-11-23T10:00:00+01:00")),
        item(**times("0001-01-01T00:00:00", "0001-01-01T01:00:00")),
        item(**times("9999-12-31T00:00:00", "9999-12-31T01:00:00")),
        item(start={"dateTime": 7, "timeZone": "UTC"}),
    ],
    "bad_zone": [item(**times("2026-11-23T09:00:00", "2026-11-23T10:00:00", "Mars/Base"))],
    "end_before_start": [
        item(**times("2026-11-23T09:00:00", "2026-11-23T08:00:00")),
        item(isAllDay=True, **times("2026-11-23T00:00:00", "2026-11-22T00:00:00")),
    ],
    "bad_rule": [
        item(recurrence="weekly"),
        item(recurrence={}),
        item(recurrence={"pattern": PATTERN}),
        item(recurrence={"pattern": PATTERN, "range": {"type": "endDate"}}),
        item(recurrence={"pattern": {"type": "hourly"}, "range": NO_END}),
        item(recurrence={"pattern": {**PATTERN, "interval": -1}, "range": NO_END}),
        item(recurrence={"pattern": {**PATTERN, "daysOfWeek": ["someday"]}, "range": NO_END}),
        item(recurrence={"pattern": {"type": "absoluteMonthly", "dayOfMonth": 32},
                         "range": NO_END}),
    ],
    "bad_attendee": [
        item(attendees="all"),
        item(attendees=["bob"]),
        item(attendees=[{"emailAddress": {"address": "bob@x.example bob"}}]),
        item(organizer="ann"),
    ],
    "bad_text": [
        item(subject=7),
        item(subject="\ud800"),
        item(location="HQ"),
        item(body="text"),
        item(body={"contentType": "html", "content": 7}),
    ],
    "bad_choice": [
        item(showAs="glass"),
        item(body={"contentType": "rtf", "content": ""}),
        item(attendees=[{"type": "boss", "emailAddress": {"address": "a@b"}}]),
        item(attendees=[{"status": {"response": "maybe"}, "emailAddress": {"address": "a@b"}}]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("reason", MALFORMED)
def test_a_malformed_event_has_one_clear_reason(reason):
    for broken in MALFORMED[reason]:
        with pytest.raises(Rejected) as raised:
            remote_of(broken)
        assert raised.value.reason == reason
        assert_quarantined(broken, raised.value)


@pytest.mark.parametrize("start", [None, "soon", 7, "2026-11-30"])
def test_an_exception_that_does_not_say_whose_place_it_takes(start):
    with pytest.raises(Rejected) as raised:
        instance_of(exception(originalStart=start), remote_of(master()))
    assert raised.value.reason == "bad_recurrence_id"


def test_a_cancelled_occurrence_without_a_day_stands_alone():
    found = whole(master(cancelledOccurrences=["OID.x", 7, "OID.x.2026-12-07"]), Reader())
    assert [one.reason for one in found if isinstance(one, Bad)] == ["bad_recurrence_id"] * 2
    assert len(found) == 4


def assert_quarantined(source, rejected):
    bad = bad_of(source, rejected)
    assert bad.reason in REASONS
    for text in (bad.id, bad.value, bad.payload):
        assert "\0" not in text
        text.encode()
        assert len(text) <= PAYLOAD + 1


def test_the_payload_keeps_private_things_private():
    error = Rejected("no_end")
    assert json.loads(bad_of(item(end=None), error).payload)["subject"] == "Kick-off"
    for level in ("private", "personal", "confidential", "unheard of"):
        private = bad_of(item(end=None, sensitivity=level), error).payload
        assert "Kick-off" not in private
        assert "bob" not in private.lower()


leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from(["2026-11-23", "2026-11-23T09:00:00.0000000", "9999-12-31T23:59:59Z",
                       "Europe/Berlin", "https://x.example", "weekly", "a@b", "private"])
)  # fmt: skip
jsons = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
GOOD = [
    KICK_OFF,
    BARE,
    master(exceptionOccurrences=[exception()], cancelledOccurrences=["OID.x.2026-12-07"]),
    exception(),
]


@st.composite
def spoiled(draw):
    """Return a good event with anything at any place of it, or nothing there."""
    whole = deepcopy(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 3))):
        place = whole
        while True:
            key = draw(
                st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
            )
            if not isinstance(place[key], (dict, list)) or not place[key] or draw(st.booleans()):
                break
            place = place[key]
        place[key] = draw(jsons)
    return whole


@given(jsons | spoiled(), st.sampled_from([Reader(), Reader("bob@client.example", True, False)]))
def test_whatever_comes_is_a_remote_or_rejected(anything, reader):
    for read in (lambda: remote_of(anything, reader), lambda: instance_of(anything, MASTER)):
        try:
            remote = read()
        except Rejected as rejected:
            assert_quarantined(anything, rejected)
        else:
            assert canonical(remote.event, str.strip).when == remote.event.when
            assert remote.event.when.start <= remote.event.when.end
    if isinstance(anything, dict):
        assert all(one.id for one in whole(anything, reader) if not isinstance(one, Bad))


MASTER = remote_of(master())
