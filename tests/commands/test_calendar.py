"""The demonstration's meetings, and the reading of a person's own calendar."""

from datetime import date, datetime, timedelta, timezone

from setup import account, calendar_file, meetings
from simulators.google import GoogleSimulator

EVENT = """BEGIN:VEVENT
UID:{uid}
SUMMARY:{uid}
DTSTART:{start:%Y%m%dT090000Z}
DTEND:{start:%Y%m%dT100000Z}
{more}END:VEVENT
"""


def _file(tmp_path, *events):
    body = "".join(EVENT.format(uid=uid, start=start, more=more) for uid, start, more in events)
    path = tmp_path / "own.ics"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n")
    return path


def test_the_simulated_google_takes_the_demonstration():
    with GoogleSimulator() as google:
        google.add_user(account.PERSON)
        events = meetings.around_today(date(2026, 11, 23))
        assert google.seed(events, account.PERSON) == len(events)
        assert google.seed(events, account.PERSON) == len(events)
        assert len(google.calendar(account.PERSON).events()) == len(events)


def test_the_window_that_holds_every_meeting_is_offered(tmp_path):
    today = datetime.now(timezone.utc)
    early, late = today - timedelta(days=500), today + timedelta(days=900)
    rule = "RRULE:FREQ=YEARLY\n"
    events = ("early", early, ""), ("late", late, ""), ("today", today, ""), ("yearly", early, rule)
    path = _file(tmp_path, *events)
    read = calendar_file.read(path, 365, 730)
    assert (read["meetings"], read["outside"]) == (4, 2)
    wider = calendar_file.read(path, read["past"], read["future"])
    assert wider["outside"] == 0
    assert (wider["past"], wider["future"]) == (read["past"], read["future"])
