"""What a calendar file says of a recurrence, and of the clocks, is what was meant."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from series import BERLIN, UTC, ZONES, series, span, wall

from odoo.addons.synced_meetings.sync.clocks import clocks
from odoo.addons.synced_meetings.sync.event import Window
from odoo.addons.synced_meetings.sync.recurrence import occurrences
from odoo.addons.synced_meetings.sync.written import written

YEARS = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))


def again(when, said):
    """Return recurrence lines of what was written, as a file has them."""
    stamp = "%Y%m%d" if when.allday else "%Y%m%dT%H%M%S"
    lines = [f"RRULE:{rule}" for rule in said.rules]
    for name, walls in (("RDATE", said.added), ("EXDATE", said.excluded)):
        if walls:
            lines.append(f"{name}:" + ",".join(f"{one:{stamp}}" for one in walls))
    return tuple(lines)


@given(series())
def test_what_is_written_has_the_same_occurrences(drawn):
    when, lines = drawn
    said = written(when, lines, YEARS)
    meant = list(occurrences(when, lines, YEARS))
    assert list(occurrences(when, again(when, said), YEARS)) == meant


@given(series(), st.data())
def test_what_is_left_out_is_left_out_and_nothing_else(drawn, data):
    when, lines = drawn
    meant = dict(occurrences(when, lines, YEARS))
    if not meant:
        return
    gone = data.draw(st.sets(st.sampled_from(sorted(meant)), max_size=3))
    starts = [_start(meant[rid]) for rid in gone]
    said = written(when, lines, YEARS, starts)
    assert dict(occurrences(when, again(when, said), YEARS)).keys() <= meant.keys()
    kept = {_start(one) for _, one in occurrences(when, again(when, said), YEARS)}
    assert kept == {_start(one) for one in meant.values()} - set(starts)


def _start(one):
    if one.allday:
        return datetime.combine(one.start, datetime.min.time())
    return wall(one.start, one.zone or "UTC")


def test_what_not_every_calendar_reads_is_said_by_dates():
    when = span(2026, 3, 2, 9)
    odd = (
        "RRULE:FREQ=DAILY;UNTIL=20260306",
        "EXDATE;VALUE=DATE:20260303",
        "EXRULE:FREQ=DAILY;INTERVAL=3",
    )
    said = written(when, odd, YEARS)
    assert said.rules == ("FREQ=DAILY;UNTIL=20260306T225959Z",)
    assert {one.date() for one in said.excluded} >= {date(2026, 3, 2), date(2026, 3, 3)}
    days = replace(span(2026, 3, 2), zone=BERLIN)
    assert written(days, ("RRULE:FREQ=DAILY;UNTIL=20260306T225959Z",), YEARS).rules == (
        "FREQ=DAILY;UNTIL=20260306",
    )


@given(st.sampled_from(ZONES), st.integers(1, 11_000 * 24 * 60))
def test_clocks_go_as_the_zone_says(zone, minutes):
    found = clocks(zone, 2010, 2040)
    instant = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=1, minutes=minutes)
    past = [one for one in found if one.at.replace(tzinfo=UTC) - one.before <= instant]
    assert past[-1].after == instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert all(one.before != one.after for one in found[1:])


def test_a_change_is_found_to_the_second():
    spring = clocks(BERLIN, 2026, 2026)[1]
    assert (str(spring.at), spring.name, spring.summer) == ("2026-03-29 02:00:00", "CEST", True)
    assert spring.after - spring.before == timedelta(hours=1)
    assert len(clocks("Asia/Kolkata", 2026, 2056)) == 1
