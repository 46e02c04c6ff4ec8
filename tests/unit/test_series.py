"""Editing a series: nothing is lost at the seam, and weekdays move along."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Event, When, Window
from odoo.addons.synced_meetings.sync.recurrence import occurrences
from odoo.addons.synced_meetings.sync.rules import instant_of, local
from odoo.addons.synced_meetings.sync.series import moved, split

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVER = Window(datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2028, 1, 1, tzinfo=timezone.utc))
ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"]
ENDS = ["", ";COUNT=9", ";UNTIL=20270301T120000Z"]
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY",
]


@st.composite
def masters(draw):
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.dates(date(2026, 2, 1), date(2026, 12, 28)))
    rule = draw(st.sampled_from(RULES)) + draw(st.sampled_from(ENDS))
    if draw(st.booleans()):
        return Event("u", When(day, day + DAY), rule=("RRULE:" + rule.replace("T120000Z", ""),))
    hour = draw(st.integers(0, 23))
    start = instant_of(datetime.combine(day, time(hour)), zone)
    return Event("u", When(start, start + HOUR, zone), rule=("RRULE:" + rule,))


def ids(event):
    return [rid for rid, _ in occurrences(event.when, event.rule, EVER)]


@given(masters(), st.integers(1, 12), st.booleans())
def test_the_halves_have_what_the_whole_had(master, nth, excluded):
    whole = ids(master)
    assume(len(whole) > 2)
    rid = whole[nth % (len(whole) - 1) + 1]
    if excluded and rid != whole[-1]:
        kind = ";VALUE=DATE" if master.when.allday else ""
        master = Event("u", master.when, rule=(*master.rule, f"EXDATE{kind}:{whole[-1]}"))
    earlier, later = split(master, rid)
    whole = ids(master)
    assert ids(earlier) + ids(later) == whole
    assert ids(later)[0] == rid
    assert rid not in ids(earlier)


@given(masters(), st.integers(-30, 30))
def test_a_shift_by_hours_keeps_every_wall_time(master, hours):
    assume(not master.when.allday)
    zone = master.when.zone
    old = local(master.when.start, zone)
    new = old + hours * HOUR
    start = instant_of(new, zone)
    assume(local(start, zone) == new and (new.day <= 28 and old.day <= 28))
    try:
        after = moved(master, master.when, When(start, start + HOUR, zone))
    except Rejected:
        assert "BYDAY=-1FR" in master.rule[0]
        assert new.date() != old.date()
        return
    assert after.when.start == start
    shown = [local(w.start, zone) for _, w in occurrences(after.when, after.rule, EVER)]
    assert all(one.time() == new.time() or _in_a_gap(one, new, zone) for one in shown)
    if "COUNT" in master.rule[0] or "FREQ=DAILY" in master.rule[0]:
        assert abs(len(shown) - len(ids(master))) <= 2


def _in_a_gap(shown, wanted, zone):
    """Whether the wanted hour does not exist on that day."""
    wall = datetime.combine(shown.date(), wanted.time())
    return local(instant_of(wall, zone), zone) != wall


def test_weekdays_move_along():
    start = instant_of(datetime.combine(date(2026, 6, 1), time(9)), "Europe/Berlin")  # a Monday
    when = When(start, start + HOUR, "Europe/Berlin")
    master = Event("u", when, rule=("RRULE:FREQ=WEEKLY;BYDAY=MO,TH",))
    after = moved(master, when, When(start + DAY, start + DAY + HOUR, "Europe/Berlin"))
    assert after.rule == ("RRULE:FREQ=WEEKLY;BYDAY=TU,FR",)


def test_the_first_occurrence_cannot_be_split_off_from_nothing():
    start = instant_of(datetime.combine(date(2026, 6, 1), time(9)), "UTC")
    master = Event("u", When(start, start + HOUR, "UTC"), rule=("RRULE:FREQ=DAILY",))
    with pytest.raises(Rejected):
        split(master, "20260601T100000Z")
