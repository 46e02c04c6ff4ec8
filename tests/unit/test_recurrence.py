"""Wall times, windows and what follows what; `test_hostile_rules` has the malice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from series import BERLIN, DAY, HOUR, UTC, WEEKDAYS, WIDE, ZONES, exists, instant, span, wall

from odoo.addons.synced_meetings.sync.event import Event, When, Window
from odoo.addons.synced_meetings.sync.recurrence import (
    check,
    expand,
    follow,
    occurrences,
    recurrence_id,
)

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
SPRING = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
DAILY = ("RRULE:FREQ=DAILY",)
# Nights in which the clocks change, each with the wall hour that it concerns.
EDGES = [
    (BERLIN, (2026, 3, 29, 2)),
    (BERLIN, (2026, 10, 25, 2)),
    ("America/New_York", (2026, 3, 8, 2)),
    ("America/New_York", (2026, 11, 1, 1)),
    ("Australia/Sydney", (2026, 4, 5, 2)),
    ("Australia/Sydney", (2026, 10, 4, 2)),
    ("Australia/Lord_Howe", (2026, 4, 5, 1, 30)),
    ("Australia/Lord_Howe", (2026, 10, 4, 2)),
    ("America/Santiago", (2026, 9, 6)),
    ("Africa/Casablanca", (2026, 2, 15, 2)),
    ("Pacific/Apia", (2011, 12, 30)),
]
EDGES = [(zone, datetime(*wall)) for zone, wall in EDGES]  # noqa: DTZ001 - wall times


def spans(when, rule, window=YEAR):
    return [found for _, found in occurrences(when, rule, window)]


def around(edge):
    night = edge.replace(hour=0, minute=0, tzinfo=UTC)
    return Window(night - 4 * DAY, night + 4 * DAY)


def at(day, time):
    return datetime.combine(day, time.time())


# Wall time


@pytest.mark.parametrize(("zone", "edge"), EDGES)
@given(
    st.integers(0, 95), st.sampled_from([0, 15, 60, 480, 1440]), st.sampled_from([1, 7, 190, 400])
)
def test_the_wall_time_stays_when_the_clocks_change(zone, edge, quarter, minutes, before):
    """Rule R24: future instants follow from the wall time, whatever the zone's rules become."""
    start = edge.replace(hour=0, minute=0) - before * DAY + quarter * timedelta(minutes=15)
    end = start + timedelta(minutes=minutes)
    if not (exists(start, zone) and exists(end, zone)):
        start, end = start.replace(hour=12, minute=0), start.replace(hour=13, minute=0)
    when = When(instant(start, zone), instant(end, zone), zone)
    for found in spans(when, DAILY, around(edge)):
        begin = wall(found.start, zone)
        assert begin.time() == start.time() or not exists(at(begin, start), zone)
        if exists(begin + (end - start), zone):
            assert wall(found.end, zone) == begin + (end - start)


@pytest.mark.parametrize(("zone", "edge"), EDGES)
@given(st.integers(0, 95), st.sampled_from([0, 15, 30, 60, 90, 480]))
def test_no_occurrence_ends_before_it_starts(zone, edge, quarter, minutes):
    """Neither in an hour that the clocks leave out nor in one that they show twice."""
    start = instant(edge, zone) - 12 * HOUR + quarter * timedelta(minutes=15)
    when = When(start, start + timedelta(minutes=minutes), zone)
    found = spans(when, DAILY, around(edge + DAY))
    assert found
    assert all(one.start <= one.end for one in found)
    assert all((one.start < one.end) == bool(minutes) for one in found)


@pytest.mark.parametrize(("zone", "edge"), EDGES)
@given(st.integers(0, 95), st.sampled_from([0, 15, 60, 480]))
def test_the_first_occurrence_is_the_series_own_span(zone, edge, quarter, minutes):
    start = instant(edge, zone) - 12 * HOUR + quarter * timedelta(minutes=15)
    when = When(start, start + timedelta(minutes=minutes), zone)
    assert next(occurrences(when, DAILY, around(edge))) == (recurrence_id(start), when)


def test_a_meeting_in_the_hour_left_out_keeps_its_length():
    found = spans(span(2026, 3, 28, 2, 30), DAILY)[1]
    assert found.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert found.duration == HOUR


def test_a_night_shift_ends_at_six_whatever_the_clocks_do():
    shift = span(2026, 3, 1, 22, length=8 * HOUR)
    ends = {wall(found.end, BERLIN).hour for found in spans(shift, DAILY)}
    lengths = {found.duration for found in spans(shift, DAILY)}
    assert ends == {6}
    assert lengths == {7 * HOUR, 8 * HOUR, 9 * HOUR}


def test_fractions_of_a_second_make_no_second_occurrence():
    start = datetime(2026, 3, 1, 9, 0, 0, 500, tzinfo=UTC)
    found = spans(When(start, start + HOUR, "UTC"), ("RRULE:FREQ=DAILY;COUNT=2",))
    assert len(found) == 2


# Windows


@given(st.integers(-72, 72), st.sampled_from([0, 1, 24, 48]))
def test_what_meets_the_window_is_inside_and_nothing_else(hours, length):
    when = span(2026, 2, 1, 9, length=length * HOUR)
    begin = datetime(2026, 6, 1, tzinfo=UTC) + hours * HOUR
    window = Window(begin, begin + 3 * DAY)
    whole = spans(when, DAILY, Window(WIDE.start, begin + 9 * DAY))
    assert spans(when, DAILY, window) == [one for one in whole if window.meets(one)]


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_edges_of_a_window(seconds):
    start = datetime(2026, 6, 1, 9, tzinfo=UTC)
    shift = timedelta(seconds=seconds)
    ended = When(start - HOUR, start)
    begun = When(start + DAY, start + DAY + HOUR)
    empty = When(start, start)
    assert Window(start + shift, start + DAY).meets(ended) is (seconds < 0)
    assert Window(start, start + DAY + shift).meets(begun) is (seconds > 0)
    assert Window(start + shift, start + DAY).meets(empty) is (seconds <= 0)


@pytest.mark.parametrize(
    "rule", ["WEEKLY", "WEEKLY;INTERVAL=2", "MONTHLY", "YEARLY", "DAILY;INTERVAL=2"]
)
@pytest.mark.parametrize("years", [1, 10, 24])
def test_a_window_far_from_the_start_sees_the_same(rule, years):
    when, line = span(2000, 2, 29, 9), (f"RRULE:FREQ={rule}",)
    begin = datetime(2000 + years, 2, 1, tzinfo=UTC)
    window = Window(begin, begin + 60 * DAY)
    whole = spans(when, line, WIDE)
    assert spans(when, line, window) == [one for one in whole if window.meets(one)]


def test_exceptions_stand_in_the_place_of_occurrences():
    when = span(2026, 6, 1, 9)
    rids = [rid for rid, _ in occurrences(when, ("RRULE:FREQ=DAILY;COUNT=4",), YEAR)]
    moved = Event("a", span(2026, 12, 24, 9))
    gone = Event("a", span(2030, 1, 1, 9))
    master = Event("a", when, name="Daily", rule=("RRULE:FREQ=DAILY;COUNT=4",))
    found = expand(master, {rids[1]: moved, rids[2]: None, rids[3]: gone}, YEAR)
    assert found == {rids[0]: Event("a", when, name="Daily"), rids[1]: moved}


def test_an_excluding_rule_takes_its_dates_away():
    """EXRULE is of RFC 2445, but Google still gives it."""
    when = span(2026, 6, 1, 9)
    mondays = ids(when, (*DAILY, "EXRULE:FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA,SU"))
    assert mondays == ids(when, ("RRULE:FREQ=WEEKLY",))
    assert ids(when, ("RRULE:FREQ=WEEKLY", "EXRULE:FREQ=WEEKLY;COUNT=2")) == mondays[2:]


# What continues what


def ids(when, rule, window=YEAR):
    return [rid for rid, _ in occurrences(when, rule, window)]


def continued(old, old_rule, new, new_rule, window=YEAR):
    """Return [(position it had, position it has)] of what goes on."""
    had, has = ids(old, old_rule, window), ids(new, new_rule, window)
    pairs = follow(old, new, had, has)
    assert set(pairs) <= set(has)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs.values()) <= set(had)
    return sorted((had.index(was), has.index(now)) for now, was in pairs.items())


WEEKLY = "RRULE:FREQ=WEEKLY;BYDAY="
SAME = [
    (span(2026, 3, 2, 9), DAILY, span(2026, 3, 2, 10), DAILY),
    (span(2020, 3, 2, 9), DAILY, span(2020, 3, 2, 10), DAILY),
    (span(2026, 3, 2, 9), (WEEKLY + "MO",), span(2026, 3, 3, 9), (WEEKLY + "TU",)),
    (span(2026, 3, 2, 9), DAILY, span(2026, 3, 2, 9, zone="America/New_York"), DAILY),
    (span(2026, 3, 2, 9), DAILY, span(2026, 3, 2), DAILY),
    (span(2026, 3, 2), DAILY, span(2026, 3, 2, 9), DAILY),
    (span(2026, 3, 2), (WEEKLY + "MO",), span(2026, 3, 5), (WEEKLY + "TH",)),
    (span(2026, 3, 2, 9), DAILY, span(2026, 3, 2, 9, length=3 * HOUR), DAILY),
]


@pytest.mark.parametrize(("old", "old_rule", "new", "new_rule"), SAME)
def test_a_series_that_moves_keeps_every_occurrence(old, old_rule, new, new_rule):
    assert continued(old, old_rule, new, new_rule) == [
        (n, n) for n in range(len(ids(new, new_rule)))
    ]


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 23))
def test_a_daily_series_may_move_in_any_zone(zone, other, hour, later):
    """Hours that the clocks leave out or show twice may begin anew, once a year each."""
    old, new = span(2026, 3, 1, hour, zone=zone), span(2026, 3, 1, later, zone=other)
    kept = continued(old, DAILY, new, DAILY, SPRING)
    assert len(kept) >= len(ids(new, DAILY, SPRING)) - 3


def test_dropping_the_first_occurrence_keeps_the_others():
    pairs = continued(span(2026, 3, 2, 9), DAILY, span(2026, 3, 3, 9), DAILY)
    assert pairs == [(n + 1, n) for n in range(len(ids(span(2026, 3, 3, 9), DAILY)))]


def test_a_shortened_series_loses_only_its_end():
    when = span(2026, 3, 2, 9)
    assert continued(when, DAILY, when, ("RRULE:FREQ=DAILY;COUNT=3",)) == [(0, 0), (1, 1), (2, 2)]


def test_as_many_on_other_days_follow_in_order():
    when, rule = span(2026, 3, 2, 9), "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY="
    new = span(2026, 3, 4, 14)
    assert continued(when, (rule + "MO",), new, (rule + "WE",)) == [(n, n) for n in range(4)]


@given(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True), st.integers(0, 13))
def test_following_never_joins_two_to_one(days, later):
    old, new = span(2026, 3, 2, 9), span(2026, 3, 2 + later, 9)
    rule = (WEEKLY + ",".join(days),)
    for now, was in continued(old, rule, new, (WEEKLY + "MO,FR",), SPRING):
        assert now >= 0 <= was


def test_the_ids_of_early_years_have_four_digits():
    assert recurrence_id(date(987, 1, 2)) == "09870102"
    assert recurrence_id(datetime(987, 1, 2, 3, tzinfo=UTC)) == "09870102T030000Z"
    zone = ZoneInfo("Asia/Kolkata")
    assert recurrence_id(datetime(2026, 1, 2, 3, tzinfo=zone)) == "20260101T213000Z"


@given(st.sampled_from(ZONES), st.integers(0, 364))
def test_what_can_be_checked_can_be_expanded(zone, day):
    when = span(2026, 1, 1, 9, zone=zone)
    line = f"RRULE:FREQ=DAILY;INTERVAL={day + 1}"
    check(when, [line])
    assert spans(when, [line])
