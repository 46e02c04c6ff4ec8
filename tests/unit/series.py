"""Series for tests: Hypothesis strategies of rules, and an independent reading of them."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil import tz
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.event import When, Window

UTC = timezone.utc
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BERLIN = "Europe/Berlin"
# Both hemispheres, half an hour (Lord Howe), at midnight (Santiago), backwards (Casablanca).
ZONES = [
    BERLIN,
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "UTC",
]
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WIDE = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC))


def span(*start, length=HOUR, zone=BERLIN):
    """Return what begins at a wall time, or at a date, of ``zone``."""
    if len(start) == 3:
        return When(date(*start), date(*start) + max(length, DAY), "")
    wall = datetime(*start)  # noqa: DTZ001 - wall time
    return When(instant(wall, zone), instant(wall + length, zone), zone)


def instant(wall, zone):
    """Return the instant of a wall time."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wall(moment, zone):
    """Return the wall time of an instant."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def exists(moment, zone):
    """Whether a wall time stands on the clocks of ``zone`` exactly once."""
    there = moment.replace(tzinfo=tz.gettz(zone))
    return tz.datetime_exists(there) and not tz.datetime_ambiguous(there)


def lists(values, most=3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


@st.composite
def parts(draw, frequency):
    """Return the BY* parts that a rule of this frequency may have."""
    ordinals = [f"{n}{day}" for n in (-1, 1, 2, 5) for day in WEEKDAYS]
    month_day = lists([1, 13, 28, 29, 31, -1, -3])
    choices = {
        "HOURLY": [{}],
        "DAILY": [{}, {"BYMONTH": lists(range(1, 13))}, {"BYDAY": lists(WEEKDAYS, 5)}],
        "WEEKLY": [{}, {"BYDAY": lists(WEEKDAYS), "WKST": st.sampled_from(WEEKDAYS)}],
        "MONTHLY": [
            {},
            {"BYDAY": lists(ordinals)},
            {"BYMONTHDAY": month_day},
            {"BYDAY": lists(WEEKDAYS, 7), "BYSETPOS": lists([1, -1, 3])},
            {"BYDAY": st.just("FR"), "BYMONTHDAY": st.just("13")},
        ],
        "YEARLY": [
            {},
            {"BYMONTH": lists(range(1, 13)), "BYDAY": lists(ordinals)},
            {"BYMONTH": lists([2, 6]), "BYMONTHDAY": month_day},
            {"BYYEARDAY": lists([1, 60, 366, -1])},
            {"BYWEEKNO": lists([1, 20, 53]), "BYDAY": lists(WEEKDAYS)},
        ],
    }
    chosen = draw(st.sampled_from(choices[frequency]))
    return {name: draw(values) for name, values in chosen.items()}


@st.composite
def rules(draw, when):
    """Return an RRULE line for a series that begins with ``when``."""
    plain = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
    frequency = draw(st.sampled_from(plain if when.allday else [*plain, "HOURLY"]))
    found = {"FREQ": frequency, "INTERVAL": str(draw(st.integers(1, 6)))}
    found |= draw(parts(frequency))
    if frequency == "HOURLY":
        found["INTERVAL"] = str(draw(st.integers(4, 60)))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        found["COUNT"] = str(draw(st.integers(1, 40)))
    elif end:
        after = draw(st.integers(-1, 900)) * DAY
        found["UNTIL"] = f"{when.start + after:%Y%m%d}" if when.allday else utc(when.start + after)
    return "RRULE:" + ";".join(f"{name}={value}" for name, value in found.items())


def utc(moment):
    return f"{moment:%Y%m%dT%H%M%SZ}"


def stamp(name, moment, zone):
    """Return a date line of iCalendar; aware times are UTC."""
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if moment.tzinfo:
        return f"{name}:{utc(moment)}"
    return f"{name};TZID={zone}:{moment:%Y%m%dT%H%M%S}"


@st.composite
def first_spans(draw):
    """Return the first span of a series, with wall times that exist exactly once."""
    day = draw(st.dates(date(2015, 1, 1), date(2026, 12, 31)))
    if draw(st.integers(0, 4)) == 0:
        return When(day, day + draw(st.integers(1, 3)) * DAY, "")
    zone = draw(st.sampled_from(ZONES))
    start = datetime.combine(day, time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 30]))))
    end = start + draw(st.sampled_from([0, 15, 60, 90, 480, 1440, 2000])) * timedelta(minutes=1)
    if not (exists(start, zone) and exists(end, zone)):
        start, end = start.replace(hour=12), start.replace(hour=13)
    return When(instant(start, zone), instant(end, zone), zone)


@st.composite
def series(draw):
    """Return (first span, lines) with added and excluded dates that often hit."""
    when = draw(first_spans())
    lines = [draw(rules(when))]
    first = when.start if when.allday else wall(when.start, when.zone)
    days = st.sampled_from([0, 1, 2, 3, 7, 14, 21, 28, 31, 365])
    for _ in range(draw(st.integers(0, 3))):
        moment = first + draw(days) * DAY
        form = draw(st.sampled_from(["EXDATE", "EXDATE UTC", "EXDATE DAY", "RDATE"]))
        lines.append(_line(form, moment, when))
    return when, tuple(lines)


def _line(form, moment, when):
    name, _, kind = form.partition(" ")
    if when.allday:
        return stamp(name, moment, "")
    if kind == "DAY":
        return stamp(name, moment.date(), "")
    if kind == "UTC" and exists(moment, when.zone):
        return stamp(name, instant(moment, when.zone), "")
    later = timedelta(minutes=90) if name == "RDATE" else timedelta()
    return stamp(name, moment + later, when.zone)


def calendar_of(when, lines):
    """Return a series as an iCalendar object."""
    ends = when.start, when.end
    if not when.allday:
        ends = wall(when.start, when.zone), wall(when.end, when.zone)
    text = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//", "BEGIN:VEVENT", "UID:a"),
        stamp("DTSTART", ends[0], when.zone),
        stamp("DTEND", ends[1], when.zone),
        *lines,
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return icalendar.Calendar.from_ical("\r\n".join(text))


def oracle(calendar, window):
    """Return (start, end) of each event that `recurring_ical_events` finds inside ``window``."""
    found = recurring_ical_events.of(calendar).between(window.start, window.stop)
    return [(moment(event["DTSTART"].dt), moment(event["DTEND"].dt)) for event in found]


def moment(value):
    """Return a time of iCalendar as a UTC instant, a date as itself."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value
