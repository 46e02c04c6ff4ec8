"""Looking for items, folders, people, zones and free times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from exchangelib import EWSDateTime, EWSTimeZone
from exchangelib.errors import (
    ErrorCalendarViewRangeTooBig,
    ErrorExceededFindCountLimit,
    ErrorMailRecipientNotFound,
    ErrorNameResolutionNoResults,
    ErrorTimeIntervalTooBig,
)
from exchangelib.properties import UID

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner, daily, weekly
from simulators.exchange_kit import CALENDAR, SignIn, at, codes, meeting, soap

LISTING = (
    '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>'
    f"{{view}}<m:ParentFolderIds>{CALENDAR}</m:ParentFolderIds></m:FindItem>"
)


@pytest.fixture
def account(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    assert account.version, "asked for once; protocol calls need it"
    return account


@pytest.fixture
def filled(anna: Owner) -> Owner:
    """Return Anna with a single item, a series on Mondays and a private item."""
    first = at("23T09:00")
    anna.create(Subject="Single", Start=at("24T09:00"), End=at("24T10:00"), Location="HQ")
    anna.create(Subject="Weekly", Start=first, End=at("23T10:00"), Recurrence=weekly(first, 3))
    anna.create(Subject="Secret", Sensitivity="Private", Start=at("25T09:00"), End=at("25T10:00"))
    return anna


class TestView:
    def test_expands_series_in_order(self, account, filled: Owner):
        found = list(account.calendar.view(start=at("20T00:00"), end=at("12-05T00:00")))
        assert [one.subject for one in found] == ["Weekly", "Single", "Secret", "Weekly"]
        assert [one.type for one in found] == ["Occurrence", "Single", "Single", "Occurrence"]
        assert len({one.id for one in found}) == 4

    def test_touches_its_ends(self, account, filled: Owner):
        between = [
            *account.calendar.view(start=at("24T09:30"), end=at("24T09:45")),
            *account.calendar.view(start=at("24T10:00"), end=at("24T11:00")),
            *account.calendar.view(start=at("24T08:00"), end=at("24T09:00")),
        ]
        assert [one.subject for one in between] == ["Single"]

    def test_has_at_most(self, account, filled: Owner):
        view = account.calendar.view(start=at("20T00:00"), end=at("12-30T00:00"), max_items=2)
        assert [one.subject for one in view] == ["Weekly", "Single"]

    def test_is_not_too_wide(self, account, filled: Owner):
        with pytest.raises(ErrorCalendarViewRangeTooBig):
            list(account.calendar.view(start=at("2026-01-01T00:00"), end=at("2028-01-03T00:00")))

    def test_has_no_pages(self, account, anna: Owner):
        first = at("23T09:00")
        for _ in range(3):
            anna.create(Start=first, End=at("23T10:00"), Recurrence=daily(first, 400))
        with pytest.raises(ErrorExceededFindCountLimit):
            list(account.calendar.view(start=first, end=at("2028-01-01T00:00")))
        half = account.calendar.view(start=first, end=at("2027-06-01T00:00"))
        assert len(list(half)) == 3 * 190

    def test_is_not_filtered(self, exchange: SimulatedExchange, filled: Owner):
        view = '<m:CalendarView StartDate="2026-11-20T00:00:00Z" EndDate="2026-12-01T00:00:00Z"/>'
        exists = '<t:Exists><t:FieldURI FieldURI="item:Subject"/></t:Exists>'
        restricted = f"{view}<m:Restriction>{exists}</m:Restriction>"
        assert codes(soap(exchange, LISTING.format(view=view))[1]) == ["NoError"]
        assert codes(soap(exchange, LISTING.format(view=restricted))[1]) == [
            "ErrorInvalidOperation"
        ]


class TestFilter:
    def test_has_masters_only(self, account, filled: Owner):
        assert sorted(one.subject for one in account.calendar.all()) == [
            "Secret",
            "Single",
            "Weekly",
        ]

    def test_by_extended_property(self, account, filled: Owner):
        meeting(account, subject="Keyed", client_key="42").save()
        meeting(account, subject="Other", client_key="43").save()
        found = account.calendar.filter(client_key="42")
        assert [one.subject for one in found] == ["Keyed"]
        assert account.calendar.filter(client_key="nothing").count() == 0
        assert account.calendar.filter(client_key__exists=True).count() == 2

    def test_by_global_id(self, account, filled: Owner):
        meeting(account, subject="Known", uid="odoo-7@corp.example").save()
        found = account.calendar.filter(global_object_id=UID("odoo-7@corp.example"))
        assert [one.subject for one in found] == ["Known"]

    def test_uid_cannot_be_searched(self, exchange: SimulatedExchange, filled: Owner):
        equal = (
            '<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="calendar:UID"/>'
            '<t:FieldURIOrConstant><t:Constant Value="x"/></t:FieldURIOrConstant></t:IsEqualTo>'
            "</m:Restriction>"
        )
        assert codes(soap(exchange, LISTING.format(view=equal))[1]) == [
            "ErrorUnsupportedPathForQuery"
        ]

    @pytest.mark.parametrize(
        ("words", "subjects"),
        [
            ({"subject": "Single"}, ["Single"]),
            ({"subject__in": ["Single", "Secret"]}, ["Secret", "Single"]),
            ({"subject__contains": "ngl"}, ["Single"]),
            ({"subject__istartswith": "se"}, ["Secret"]),
            ({"start__gt": at("23T12:00")}, ["Secret", "Single"]),
            ({"start__range": (at("24T00:00"), at("24T23:00"))}, ["Single"]),
            ({"sensitivity": "Private"}, ["Secret"]),
            ({"subject__not": "Single"}, ["Secret", "Weekly"]),
        ],
    )
    def test_words(self, account, filled: Owner, words: dict, subjects: list[str]):
        assert [
            one.subject for one in account.calendar.filter(**words).order_by("subject")
        ] == subjects

    def test_pages(self, exchange: SimulatedExchange, account, anna: Owner):
        for number in range(5):
            anna.create(Subject=str(number))
        query = account.calendar.all().order_by("-subject").only("subject")
        query.page_size = 2
        assert [one.subject for one in query] == ["4", "3", "2", "1", "0"]
        assert exchange.count("FindItem") == 3


class TestFolders:
    def test_further_calendars(self, account, anna: Owner):
        second = anna.add_calendar("Second")
        anna.create(Subject="there", folder=second)
        found = {one.name: one for one in account.calendar.children}
        assert list(found) == ["Second"]
        assert found["Second"].id == second.id
        assert [one.subject for one in found["Second"].all()] == ["there"]
        assert account.calendar.all().count() == 0
        item = meeting(account, subject="made")
        item.folder = found["Second"]
        item.save()
        assert [one.data["Subject"] for one in anna.items(second)] == ["there", "made"]

    def test_tree(self, account):
        names = {one.name for one in account.msg_folder_root.children}
        assert {"Calendar", "Inbox", "Sent Items", "Deleted Items"} <= names
        assert account.root.effective_rights.read is True


class TestPeople:
    @pytest.mark.parametrize("name", ["robert", "Robert Baker", "baker", "ROBERT@corp.example"])
    def test_resolve(self, account, robert: Owner, name: str):
        (found,) = account.protocol.resolve_names([name])
        assert (found.email_address, found.name) == ("robert@corp.example", "Robert Baker")

    def test_address_inside_the_organisation(self, account, anna: Owner, robert: Owner):
        inside = {"name": "Robert", "email": robert.mailbox.legacy, "routing": "EX"}
        anna.create(Subject="Old", RequiredAttendees=[inside])
        item = next(iter(account.calendar.filter(subject="Old")))
        item.refresh()
        (guest,) = item.required_attendees
        assert guest.mailbox.routing_type == "EX"
        (found,) = account.protocol.resolve_names([guest.mailbox.email_address])
        assert found.email_address == "robert@corp.example"

    def test_one_at_a_time(self, exchange: SimulatedExchange, anna: Owner):
        entries = "<m:UnresolvedEntry>anna</m:UnresolvedEntry>" * 2
        ask = f'<m:ResolveNames ReturnFullContactData="false">{entries}</m:ResolveNames>'
        assert codes(soap(exchange, ask)[1]) == ["ErrorSchemaValidation"]

    def test_nobody(self, exchange: SimulatedExchange, anna: Owner):
        entry = "<m:UnresolvedEntry>{}</m:UnresolvedEntry>"
        ask = f'<m:ResolveNames ReturnFullContactData="false">{entry}</m:ResolveNames>'
        assert codes(soap(exchange, ask.format("zz"))[1]) == [ErrorNameResolutionNoResults.__name__]
        exchange.add_user("andrea@corp.example")
        _, answer = soap(exchange, ask.format("an"))
        assert codes(answer) == ["ErrorNameResolutionMultipleResults"]
        assert len(list(answer.iter("{*}Resolution"))) == 2


class TestZones:
    def test_all_that_exchangelib_knows_by_name(self, account):
        ours = {one.id for one in account.protocol.get_timezones(return_full_timezone_data=False)}
        assert {"W. Europe Standard Time", "UTC", "Eastern Standard Time"} <= ours

    def test_rules(self, account):
        (found,) = account.protocol.get_timezones([EWSTimeZone("Europe/Berlin")], True)
        winter, summer, standard = found.get_std_and_dst(2026)
        assert (standard.bias_in_minutes, summer.bias) == (-60, -60)
        assert (winter.iso_month, winter.weekday, winter.occurrence) == (10, 7, 5)
        assert (winter.time.hour, summer.time.hour) == (3, 2)


class TestFreeTimes:
    def _busy(self, account, email: str, start: EWSDateTime, end: EWSDateTime, **more):
        ask = [(email, "Required", False)]
        return list(account.protocol.get_free_busy_info(ask, start, end, **more))

    def test_own(self, account, filled: Owner):
        start = at("23T08:00")
        (found,) = self._busy(
            account,
            "anna@corp.example",
            start,
            start + timedelta(hours=4),
            merged_free_busy_interval=60,
        )
        assert (found.view_type, found.merged) == ("DetailedMerged", "0200")
        (event,) = found.calendar_events
        assert (event.start, event.busy_type) == (at("23T09:00"), "Busy")
        assert event.details.subject == "Weekly"

    def test_of_others_without_details(self, account, robert: Owner):
        robert.create(Subject="Robert's", Start=at("23T09:00"), End=at("23T10:00"))
        ask = (at("23T08:00"), at("23T12:00"))
        (found,) = self._busy(account, "robert@corp.example", *ask)
        assert found.view_type == "FreeBusyMerged"
        assert [one.details for one in found.calendar_events] == [None]
        robert.share("anna@corp.example")
        robert.create(
            Subject="Secret", Sensitivity="Private", Start=at("23T10:00"), End=at("23T11:00")
        )
        (found,) = self._busy(account, "robert@corp.example", *ask)
        assert [one.details.subject for one in found.calendar_events] == ["Robert's", None]
        assert [one.details.is_private for one in found.calendar_events] == [False, True]

    def test_over_the_change_of_the_clocks(self, account, anna: Owner):
        for day in ("10-24T09:00", "10-26T09:00"):
            anna.create(Start=at(day), End=at(day) + timedelta(hours=1))
        (found,) = self._busy(account, "anna@corp.example", at("10-24T00:00"), at("10-27T00:00"))
        starts = [one.start for one in found.calendar_events]
        assert [one.hour for one in starts] == [9, 9]

    def test_nobody_and_too_long(self, account, anna: Owner):
        with pytest.raises(ErrorMailRecipientNotFound):
            raise self._busy(account, "zz@corp.example", at("23T08:00"), at("23T12:00"))[0]
        with pytest.raises(ErrorTimeIntervalTooBig):
            self._busy(account, "anna@corp.example", at("2026-11-01T00:00"), at("2027-01-30T00:00"))
