"""A base that a link keeps is the event that both sides agreed on (rule R4)."""

import json
from dataclasses import fields

import pytest
from events import events
from hypothesis import given

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
def test_a_base_of_an_older_version_lacks_fields_and_can_be_read(event):
    data = dump(event)
    for name in data.keys() - {"uid", "when", "v"}:
        older = load({key: value for key, value in data.items() if key != name})
        default = next(f.default for f in fields(Event) if f.name == name)
        assert getattr(older, name) == default


@given(events())
def test_a_base_of_a_newer_version_has_more_and_can_be_read(event):
    assert load(dump(event) | {"v": VERSION + 1, "colour": "red"}) == event


@pytest.mark.parametrize("name", [f.name for f in fields(Event)])
@given(events())
def test_no_field_is_forgotten(name, event):
    assert getattr(load(dump(event)), name) == getattr(event, name)
