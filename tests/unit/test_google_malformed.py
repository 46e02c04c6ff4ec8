"""Whatever Google sends is an event or has one clear reason; nothing else ever happens."""

import json
from contextlib import suppress
from copy import deepcopy

import pytest
from google_items import BERLIN, KICK_OFF, MASTER, MOVED, item, timed
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.errors import REASONS, Rejected
from odoo.addons.synced_meetings.sync.reading import PAYLOAD
from odoo.addons.synced_meetings_google.provider.translate import (
    bad_of,
    calendar_of,
    is_noise,
    remote_of,
)

DEEP = json.loads("[" * 900 + "]" * 900)
MALFORMED = {
    "not_an_object": [None, "event", 7, [KICK_OFF]],
    "no_id": [item(id=None), item(id=""), item(id=7), item(id="a\0b"), item(id="a" * 1025)],
    "no_start": [item(start=None), item(start={}), item(start={"timeZone": BERLIN})],
    "no_end": [item(end=None), item(end={})],
    "bad_time": [
        item(start="2026-11-23"),
        item(**timed("2026-13-01T09:00:00Z")),
        item(**timed("yesterday")),
        item(**timed("2026-11-23")),
        item(**timed(1764000000)),
        item(**timed("0000-01-01T00:00:00Z")),
        item(**timed("12026-01-01T00:00:00Z")),
        item(**timed("0001-01-01T00:00:00+14:00")),
        item(**timed("9999-12-31T23:00:00-10:00")),
        item(start={"date": "2026-02-30"}, end={"date": "2026-03-01"}),
        item(start={"date": "2026-W48-1"}, end={"date": "2026-12-01"}),
    ],
    "bad_zone": [
        item(**timed("2026-11-23T09:00:00Z", timeZone=zone))
        for zone in (
            "Mars/Base",
            "../../etc/passwd",
            "Europe",
            "a\0b",
            "",
            3,
            "localtime",
            "\ud800",
        )
    ],
    "end_before_start": [item(end={"dateTime": "2026-11-23T08:00:00+01:00"})],
    "mixed_allday": [
        item(start={"date": "2026-11-23"}),
        item(end={"date": "2026-11-24"}),
        item(start={"date": "2026-11-23", "dateTime": "2026-11-23T09:00:00Z"}),
    ],
    "bad_rule": [
        item(recurrence="RRULE:FREQ=DAILY"),
        item(recurrence=[7]),
        item(recurrence=["DTSTART:20261123T090000Z"]),
        item(recurrence=["RRULE:FREQ=\ud800"]),
    ],
    "bad_recurrence_id": [
        {key: value for key, value in MOVED.items() if key != "originalStartTime"},
        MOVED | {"originalStartTime": "2026-11-30"},
        MOVED | {"originalStartTime": {"dateTime": "soon"}},
        MOVED | {"recurringEventId": 7},
    ],
    "bad_attendee": [
        item(attendees="bob@x.example"),
        item(attendees=["bob@x.example"]),
        item(attendees=[{"email": 7}]),
        item(attendees=[{"email": "bob"}]),
        item(attendees=[{"email": "bob@x.example, eve@x.example"}]),
        item(attendees=[{"email": "b" * 400 + "@x.example"}]),
        item(organizer="ann@corp.example"),
    ],
    "bad_text": [
        item(summary={"html": "x"}),
        item(summary="half a \ud83d character"),
        item(description=DEEP),
        item(location=["HQ"]),
    ],
    "bad_choice": [
        item(status="postponed"),
        item(status=[]),
        item(transparency="glass"),
        item(attendees=[{"email": "bob@x.example", "responseStatus": "maybe"}]),
    ],
}


@pytest.mark.parametrize("reason", MALFORMED)
def test_a_malformed_event_has_one_clear_reason(reason):
    for broken in MALFORMED[reason]:
        with pytest.raises(Rejected) as raised:
            remote_of(broken, BERLIN)
        assert raised.value.reason == reason
        assert_quarantined(broken, raised.value)


def assert_quarantined(source, rejected):
    bad = bad_of(source, rejected)
    assert bad.reason in REASONS
    assert_storable(bad.id, bad.value, bad.payload)


def assert_storable(*texts):
    for text in texts:
        assert "\0" not in text
        text.encode()
        assert len(text) <= PAYLOAD + 1


def test_the_payload_of_a_malformed_event_is_short_and_keeps_private_things_private():
    error = Rejected("no_end")
    assert json.loads(bad_of(item(end=None), error).payload)["summary"] == "Kick-off"
    private = bad_of(item(end=None, visibility="private"), error).payload
    assert "Kick-off" not in private
    assert "bob" not in private.lower()
    long = bad_of(item(description="\ud800" * 9_000), error).payload
    assert_storable(long)
    assert long.startswith('{"kind"')


leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.text(st.characters(categories=["Cs", "Cc", "Lu"]), max_size=5)
    | st.sampled_from(["cancelled", "2026-11-23", "2026-11-23T09:00:00", "9999-12-31T23:59:59Z",
                       BERLIN, "https://x.example", "private", "RRULE:FREQ=DAILY", "a@b"])
)  # fmt: skip
jsons = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@st.composite
def spoiled(draw):
    """Return a good event with anything at any place of it, or nothing there."""
    whole = deepcopy(draw(st.sampled_from([KICK_OFF, MASTER, MOVED])))
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


@given(jsons | spoiled(), st.sampled_from([BERLIN, "Mars/Base"]), st.sampled_from(["", "reader"]))
def test_whatever_comes_is_a_remote_or_rejected(anything, zone, role):
    is_noise(anything)
    try:
        remote = remote_of(anything, zone, role)
    except Rejected as rejected:
        assert_quarantined(anything, rejected)
    else:
        if remote.event:
            assert canonical(remote.event, str.strip).uid == remote.event.uid
            assert remote.event.when.start <= remote.event.when.end


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "summary", "accessRole", "dataOwner"]), jsons))
def test_a_calendar_is_read_or_rejected(entry):
    with suppress(Rejected):
        assert calendar_of(entry).remote_id == entry["id"]
