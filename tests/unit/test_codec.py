"""A base that a link keeps is the event that both sides agreed on (rule R4)."""

import json
from dataclasses import fields, replace
from unittest import mock

import pytest
from events import events
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.codec import VERSION, dump, load
from odoo.addons.synced_meetings.sync.event import Event


@given(events())
def test_an_event_comes_back_from_json(event):
    assert load(json.loads(json.dumps(dump(event)))) == event


@given(events())
def test_equal_events_have_equal_bases(event):
    again = load(dump(event))
    assert dump(again) == dump(event)
    assert dump(event)["v"] == VERSION


@given(events(), events())
def test_different_events_have_different_bases(one, other):
    assert (dump(one) == dump(other)) == (one == other)


@given(events())
def test_a_base_of_version_one_agrees_that_there_is_a_way_to_join(event):
    data = {name: v for name, v in dump(event).items() if name != "conference"} | {"v": 1}
    assert load(data).conference == bool(event.conference_url)


@given(events())
def test_a_base_of_an_older_version_lacks_fields_and_can_be_read(event):
    data = dump(event)
    for name in data.keys() - {"uid", "when", "v"}:
        older = load({key: value for key, value in data.items() if key != name})
        default = next(f.default for f in fields(Event) if f.name == name)
        assert getattr(older, name) == default


@given(events(), events(), st.sampled_from(codec.NAMES))
def test_what_an_older_base_does_not_know_is_agreed(event, local, name):
    """Rule R4: not as an empty field, which would look like an edit of what is here."""
    data = dump(event)
    data.pop(name, None)
    with mock.patch.dict(codec.SINCE, {name: VERSION + 1}):
        older = load(data, local)
    assert getattr(older, name) == getattr(local, name)
    assert replace(older, **{name: getattr(event, name)}) == event


@given(events())
def test_what_an_older_base_does_not_know_of_guests_is_agreed(event):
    event = canonical(event, str.strip)
    data = dump(event)
    people = [guest[:-1] for guest in data.get("attendees", ())]
    older = load(data | {"attendees": people}, event)
    assert older == event


@given(events())
def test_a_base_of_a_newer_version_has_more_and_can_be_read(event):
    assert load(dump(event) | {"v": VERSION + 1, "colour": "red"}) == event


@pytest.mark.parametrize("name", [f.name for f in fields(Event)])
@given(events())
def test_no_field_is_forgotten(name, event):
    assert getattr(load(dump(event)), name) == getattr(event, name)
