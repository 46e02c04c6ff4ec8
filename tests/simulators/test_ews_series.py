"""Series through exchangelib: patterns, occurrences, and what a change to a series destroys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from exchangelib import CalendarItem, EWSDate
from exchangelib.errors import (
    ErrorCalendarEndDateIsEarlierThanStartDate,
    ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange,
    ErrorCalendarOccurrenceIsDeletedFromRecurrence,
    ErrorInvalidPropertySet,
    ErrorItemNotFound,
    ErrorOccurrenceCrossingBoundary,
)
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    EndDatePattern,
    NoEndPattern,
    NumberedPattern,
    Recurrence,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    WeeklyPattern,
)

from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, at, meeting, weekly

SHOWN = ("start", "end", "type", "recurrence", "modified_occurrences", "deleted_occurrences")
SHOWN += ("first_occurrence", "last_occurrence", "subject")


@pytest.fixture
def account(anna: Owner, sign_in: SignIn):
    return sign_in("anna@corp.example")


def _fresh(account, item) -> CalendarItem:
    found = account.fetch([(item.id, None)], folder=account.calendar, only_fields=SHOWN)
    return next(iter(found))


def _days(account, start: str = "01T00:00", end: str = "2028-10-30T00:00") -> list[str]:
    found = account.calendar.view(start=at(start), end=at(end))
    zone = at(start).tzinfo
    return [f"{one.start.astimezone(zone):%y-%m-%d}" for one in found]


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        (DailyPattern(interval=3), ["26-11-23", "26-11-26", "26-11-29"]),
        (
            WeeklyPattern(interval=2, weekdays=["Monday", "Thursday"], first_day_of_week="Monday"),
            ["26-11-23", "26-11-26", "26-12-07"],
        ),
        (AbsoluteMonthlyPattern(interval=1, day_of_month=31), ["26-11-30", "26-12-31", "27-01-31"]),
        (
            RelativeMonthlyPattern(interval=1, weekday="Friday", week_number="Last"),
            ["26-11-27", "26-12-25", "27-01-29"],
        ),
        (
            RelativeMonthlyPattern(interval=1, weekday="Weekday", week_number="First"),
            ["26-12-01", "27-01-01", "27-02-01"],
        ),
        (AbsoluteYearlyPattern(day_of_month=29, month=2), ["27-02-28", "28-02-29"]),
        (
            RelativeYearlyPattern(weekday="Thursday", week_number="Fourth", month="November"),
            ["26-11-26", "27-11-25"],
        ),
    ],
)
def test_patterns(account, pattern, days: list[str]):
    boundary = NumberedPattern(start=EWSDate(2026, 11, 23), number=len(days))
    item = meeting(account, recurrence=Recurrence(pattern=pattern, boundary=boundary)).save()
    assert _days(account, end="2028-10-30T00:00") == days
    found = _fresh(account, item)
    assert found.recurrence.pattern == pattern
    assert found.recurrence.boundary == boundary
    assert f"{found.start.astimezone(at('23T09:00').tzinfo):%y-%m-%d %H:%M}" == f"{days[0]} 09:00"


def test_boundaries(account):
    pattern = DailyPattern(interval=1)
    start = EWSDate(2026, 11, 23)
    ends = EndDatePattern(start=start, end=EWSDate(2026, 11, 25))
    meeting(account, recurrence=Recurrence(pattern=pattern, boundary=ends)).save()
    assert _days(account) == ["26-11-23", "26-11-24", "26-11-25"]
    endless = meeting(
        account, recurrence=Recurrence(pattern=pattern, boundary=NoEndPattern(start=start))
    ).save()
    assert _fresh(account, endless).last_occurrence is None
    assert len(_days(account, "2027-03-01T00:00", "2027-03-11T00:00")) == 10


def test_end_before_start(account):
    ends = EndDatePattern(start=EWSDate(2026, 11, 23), end=EWSDate(2026, 11, 20))
    with pytest.raises(ErrorCalendarEndDateIsEarlierThanStartDate):
        meeting(
            account, recurrence=Recurrence(pattern=DailyPattern(interval=1), boundary=ends)
        ).save()


def test_clock_stays_when_daylight_saving_ends(account):
    meeting(
        account,
        "2027-03-22T09:00",
        "2027-03-22T10:00",
        recurrence=Recurrence(
            pattern=WeeklyPattern(interval=1, weekdays=["Monday"]),
            boundary=NumberedPattern(start=EWSDate(2027, 3, 22), number=2),
        ),
    ).save()
    view = account.calendar.view(start=at("2027-03-01T00:00"), end=at("2027-04-30T00:00"))
    starts = [one.start for one in view]
    assert [one.hour for one in starts] == [8, 7], "in UTC"
    assert starts[1] - starts[0] == timedelta(days=7, hours=-1)


class TestOccurrences:
    def test_are_numbered_from_one_deleted_ones_too(self, account):
        series = weekly(account).save()
        series.occurrence(2).delete()
        third = series.occurrence(3)
        third.refresh()
        assert third.start == at("12-07T09:00")
        assert (third.type, third.recurrence) == ("Occurrence", None)
        with pytest.raises(ErrorCalendarOccurrenceIsDeletedFromRecurrence):
            series.occurrence(2).refresh()
        with pytest.raises(ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange):
            series.occurrence(5).refresh()

    def test_know_their_master(self, account):
        series = weekly(account).save()
        occurrence = series.occurrence(2)
        occurrence.refresh()
        master = occurrence.recurring_master()
        master.refresh()
        assert (master.id, master.type) == (series.id, "RecurringMaster")

    def test_edited(self, account):
        series = weekly(account).save()
        occurrence = series.occurrence(2)
        occurrence.refresh()
        before = _fresh(account, series).changekey
        occurrence.subject = "Edited"
        occurrence.start, occurrence.end = at("12-01T14:00"), at("12-01T15:00")
        occurrence.save(update_fields=["subject", "start", "end"])
        master = _fresh(account, series)
        (edited,) = master.modified_occurrences
        assert (edited.start, edited.original_start) == (at("12-01T14:00"), at("30T09:00"))
        assert master.changekey != before
        names = ["subject", "type", "original_start"]
        found = account.fetch([(edited.id, None)], folder=account.calendar, only_fields=names)
        found = next(iter(found))
        assert (found.subject, found.type) == ("Edited", "Exception")
        assert found.original_start == at("30T09:00")
        subjects = [
            one.subject
            for one in account.calendar.view(start=at("01T00:00"), end=at("12-30T00:00"))
        ]
        assert subjects == ["Kick-off", "Edited", "Kick-off", "Kick-off"]

    def test_deleted(self, account):
        series = weekly(account).save()
        series.occurrence(1).delete()
        master = _fresh(account, series)
        assert [one.start for one in master.deleted_occurrences] == [at("23T09:00")]
        assert master.first_occurrence.start == at("30T09:00")
        assert _days(account) == ["26-11-30", "26-12-07", "26-12-14"]

    def test_deleted_one_is_not_found(self, account):
        series = weekly(account).save()
        occurrence = series.occurrence(2)
        occurrence.refresh()
        reference = (occurrence.id, None)
        occurrence.delete()
        found = account.fetch([reference], folder=account.calendar, only_fields=["subject"])
        assert isinstance(next(iter(found)), ErrorItemNotFound)

    @pytest.mark.parametrize("day", ["23T14:00", "20T09:00", "12-07T08:00", "12-08T09:00"])
    def test_stays_between_its_neighbours(self, account, day: str):
        series = weekly(account).save()
        occurrence = series.occurrence(2)
        occurrence.refresh()
        occurrence.start, occurrence.end = at(day), at(day) + timedelta(hours=1)
        with pytest.raises(ErrorOccurrenceCrossingBoundary):
            occurrence.save(update_fields=["start", "end"])
        assert _fresh(account, series).modified_occurrences in (None, [])

    @pytest.mark.parametrize("day", ["24T09:00", "12-06T09:00"])
    def test_moves_between_its_neighbours(self, account, day: str):
        series = weekly(account).save()
        occurrence = series.occurrence(2)
        occurrence.refresh()
        occurrence.start, occurrence.end = at(day), at(day) + timedelta(hours=1)
        occurrence.save(update_fields=["start", "end"])
        assert [one.start for one in _fresh(account, series).modified_occurrences] == [at(day)]

    def test_has_no_pattern_of_its_own(self, account):
        series = weekly(account).save()
        occurrence = series.occurrence(2)
        occurrence.refresh()
        occurrence.recurrence = series.recurrence
        with pytest.raises(ErrorInvalidPropertySet):
            occurrence.save(update_fields=["recurrence"])


class TestMaster:
    @pytest.fixture
    def series(self, account):
        series = weekly(account, count=5).save()
        edited = series.occurrence(2)
        edited.refresh()
        edited.subject = "Edited"
        edited.save(update_fields=["subject"])
        series.occurrence(3).delete()
        return _fresh(account, series)

    def test_content_reaches_all_but_what_was_edited(self, account, series):
        series.subject = "Anew"
        series.save(update_fields=["subject"])
        found = account.calendar.view(start=at("01T00:00"), end=at("12-30T00:00"))
        assert [one.subject for one in found] == ["Anew", "Edited", "Anew", "Anew"]

    def test_time_destroys_exceptions(self, account, series):
        series.start, series.end = at("23T11:00"), at("23T12:00")
        series.save(update_fields=["start", "end"])
        found = _fresh(account, series)
        assert (found.modified_occurrences or [], found.deleted_occurrences or []) == ([], [])
        assert len(_days(account)) == 5

    def test_pattern_destroys_exceptions(self, account, series):
        boundary = NumberedPattern(start=EWSDate(2026, 11, 23), number=6)
        series.recurrence = Recurrence(pattern=DailyPattern(interval=1), boundary=boundary)
        series.save(update_fields=["recurrence"])
        found = _fresh(account, series)
        assert (found.modified_occurrences or [], found.deleted_occurrences or []) == ([], [])
        assert len(_days(account)) == 6

    def test_other_day_moves_the_pattern(self, account, series):
        series.start, series.end = at("24T09:00"), at("24T10:00")
        series.save(update_fields=["start", "end"])
        found = _fresh(account, series)
        assert found.recurrence.boundary.start == date(2026, 11, 24)

    def test_without_pattern_is_a_single_item(self, account, series):
        series.recurrence = None
        series.save(update_fields=["recurrence"])
        assert _fresh(account, series).type == "Single"
        assert _days(account) == ["26-11-23"]

    def test_ends_with_all_its_occurrences(self, account, series):
        series.delete()
        assert _days(account) == []


def test_whole_save_as_in_the_documentation(account):
    """exchangelib's own examples save occurrences and series without naming fields."""
    series = weekly(account, count=4, location="HQ").save()
    third = series.occurrence(3)
    third.refresh()
    third.start -= timedelta(minutes=30)
    third.save()
    found = _fresh(account, series)
    assert [one.start for one in found.modified_occurrences] == [at("12-07T08:30")]
    series.refresh()
    series.subject = "Anew"
    series.save()
    found = _fresh(account, series)
    assert (found.type, found.subject) == ("RecurringMaster", "Anew")
    assert [one.start for one in found.modified_occurrences] == [at("12-07T08:30")]
