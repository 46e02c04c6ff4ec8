"""Single items through exchangelib: what is written is what is read, and what is refused."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from exchangelib import CalendarItem, EWSDate, HTMLBody, errors
from exchangelib.errors import (
    ErrorCalendarEndDateIsEarlierThanStartDate,
    ErrorItemCorrupt,
    ErrorItemNotFound,
)
from exchangelib.folders import Calendar
from exchangelib.items import (
    SEND_TO_ALL_AND_SAVE_COPY,
)
from exchangelib.properties import UID

from simulators.ews import SimulatedExchange
from simulators.ews_extended import global_id
from simulators.ews_fields import FIELDS, PEOPLE
from simulators.ews_folders import KNOWN
from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, at, attendee, codes, fields, meeting, soap

ASKED = ["subject", "start", "end", "body", "location", "categories", "sensitivity"]


def _read(account, item, *names: str) -> CalendarItem:
    found = account.fetch([(item.id, item.changekey)], folder=account.calendar, only_fields=names)
    return next(iter(found))


def test_fields_are_those_of_the_schema():
    """exchangelib knows no property that is not here; what it may write, may be written."""
    theirs = fields(CalendarItem)
    missing = set(theirs) - {field.uri for field in FIELDS.values()}
    assert missing == set()
    for field in FIELDS.values():
        if field.uri in theirs and field.kind != "none" and field.name != "MimeContent":
            assert field.writable is not theirs[field.uri].is_read_only, field.uri
    assert set(PEOPLE) <= set(FIELDS)


def test_fields_of_folders_are_those_of_the_schema():
    assert {uri.partition(":")[2] for uri in fields(Calendar)} <= set(KNOWN)


def test_errors_are_those_of_the_schema():
    """exchangelib mirrors the published list of response codes."""
    sources = Path(__file__).parent.glob("ews*.py")
    found = {code for one in sources for code in re.findall(r'"(Error\w+)"', one.read_text())}
    assert len(found) > 50
    assert {code for code in found if not hasattr(errors, code)} == set()


def test_clocks_of_the_item(exchange: SimulatedExchange, anna: Owner):
    zone = "W. Europe Standard Time"
    view = anna.create(
        Start=at("23T09:00"), End=at("23T10:00"), StartTimeZone=zone, EndTimeZone=zone
    )
    names = ("StartWallClock", "EndWallClock", "StartTimeZoneId", "IsOrganizer")
    paths = "".join(f'<t:FieldURI FieldURI="calendar:{name}"/>' for name in names)
    _, answer = soap(
        exchange,
        "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
        f"{paths}</t:AdditionalProperties></m:ItemShape><m:ItemIds>"
        f'<t:ItemId Id="{view.id}"/></m:ItemIds></m:GetItem>',
    )
    assert [next(answer.iter(f"{{*}}{name}")).text for name in names] == [
        *("2026-11-23T09:00:00+01:00", "2026-11-23T10:00:00+01:00", zone, "true")
    ]


def test_comes_back_as_it_was_written(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    item = meeting(
        account,
        subject="Kick-off <& “ä”",
        body=HTMLBody("<p>Hello</p>"),
        location="HQ",
        categories=["CRM", "Blue"],
        sensitivity="Private",
        legacy_free_busy_status="OOF",
        importance="High",
        reminder_is_set=True,
        reminder_minutes_before_start=30,
        client_key="42",
        uid="odoo-1@corp.example",
        required_attendees=[attendee("robert@client.example")],
        optional_attendees=[attendee("eve@client.example")],
        resources=[attendee("room@corp.example")],
    ).save()
    names = [one.name for one in CalendarItem.FIELDS if not one.name.startswith("_")]
    found = _read(account, item, *names)
    assert (found.subject, found.location) == ("Kick-off <& “ä”", "HQ")
    assert "<p>Hello</p>" in found.body
    assert found.body.startswith("<html>"), "Exchange makes a document of a fragment"
    assert found.text_body == "Hello"
    assert found.categories == ["CRM", "Blue"]
    assert (found.sensitivity, found.importance) == ("Private", "High")
    assert found.legacy_free_busy_status == "OOF"
    assert (found.reminder_is_set, found.reminder_minutes_before_start) == (True, 30)
    assert (found.client_key, found.uid) == ("42", "odoo-1@corp.example")
    assert found.global_object_id == UID("odoo-1@corp.example")
    assert (found.start, found.end) == (at("23T09:00"), at("23T10:00"))
    assert (found._start_timezone.key, found._end_timezone.key) == ("Europe/Berlin",) * 2
    people = (found.required_attendees, found.optional_attendees, found.resources)
    addresses = [[one.mailbox.email_address for one in group] for group in people]
    assert addresses == [["robert@client.example"], ["eve@client.example"], ["room@corp.example"]]
    assert (found.type, found.my_response_type) == ("Single", "Organizer")
    assert (found.is_meeting, found.is_cancelled, found.is_recurring) == (True, False, False)
    assert found.meeting_request_was_sent is False
    assert found.organizer.email_address == "anna@corp.example"
    assert found.last_modified_time == at("23T09:00"), "the clock was handed in"


def test_gives_exactly_what_was_asked_for(exchange: SimulatedExchange, anna: Owner):
    identity = anna.create(Subject="Kick-off", Location="HQ").id
    body = (
        "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
        '<t:FieldURI FieldURI="calendar:Location"/><t:FieldURI FieldURI="contacts:Birthday"/>'
        f'</t:AdditionalProperties></m:ItemShape><m:ItemIds><t:ItemId Id="{identity}"/></m:ItemIds>'
        "</m:GetItem>"
    )
    _, answer = soap(exchange, body)
    item = next(answer.iter("{*}CalendarItem"))
    assert [one.tag.rpartition("}")[2] for one in item] == ["ItemId", "Location"]
    status, answer = soap(exchange, body.replace("calendar:Location", "calendar:Place"))
    assert (status, codes(answer)) == (500, ["ErrorSchemaValidation"])


def test_errors_are_one_by_one_in_order(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    ids = [anna.create(Subject=name).id for name in ("a", "b", "c")]
    anna.delete(ids[1])
    asked = [(one, None) for one in (*ids, "bm8=")]
    found = list(account.fetch(asked, folder=account.calendar, only_fields=["subject"]))
    assert [getattr(one, "subject", type(one).__name__) for one in found] == [
        *("a", "ErrorItemNotFound", "c", "ErrorInvalidIdMalformed")
    ]


def test_ids_are_case_sensitive(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    identity = anna.create(Subject="a").id
    found = account.fetch(
        [(identity.swapcase(), None)], folder=account.calendar, only_fields=["subject"]
    )
    assert isinstance(next(iter(found)), Exception)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC"])
def test_all_day_is_midnight_to_midnight(
    exchange: SimulatedExchange, anna: Owner, sign_in: SignIn, zone: str
):
    from exchangelib import EWSTimeZone

    account = sign_in("anna@corp.example", zone=EWSTimeZone(zone))
    days = {"start": EWSDate(2026, 12, 24), "end": EWSDate(2026, 12, 25)}
    item = CalendarItem(account=account, folder=account.calendar, is_all_day=True, **days).save()
    found = _read(account, item, "start", "end", "is_all_day")
    assert (found.start, found.end) == (date(2026, 12, 24), date(2026, 12, 25))
    view = anna.items()[0]
    assert view.end - view.start == timedelta(days=2)
    assert view.start.astimezone(view.item.zone).hour == 0


def test_all_day_is_rounded_to_days(anna: Owner):
    view = anna.create(
        Start=at("23T09:00"),
        End=at("23T10:00"),
        IsAllDayEvent=True,
        StartTimeZone="W. Europe Standard Time",
    )
    assert (view.start, view.end) == (at("23T00:00"), at("24T00:00"))


def test_start_and_end_must_be_in_order(anna: Owner, exchange: SimulatedExchange):
    with pytest.raises(Exception, match=ErrorCalendarEndDateIsEarlierThanStartDate.__name__):
        anna.create(Start=at("23T10:00"), End=at("23T09:00"))
    assert anna.items() == []


def test_save_without_fields_rewrites_everything(anna: Owner, sign_in: SignIn):
    """exchangelib empties what it did not fetch; the server does as it is told."""
    account = sign_in("anna@corp.example")
    item = meeting(account, categories=["a"], required_attendees=[attendee("r@client.example")])
    found = _read(account, item.save(), "subject", "start", "end")
    found.save()
    data = anna.get(item.id).data
    assert "RequiredAttendees" not in data
    assert data["IsMeeting"] is False


def test_delete(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    items = [meeting(account, subject=str(number)).save() for number in range(4)]
    gone = (items[0].id, None)
    items[0].delete()
    items[1].soft_delete()
    items[2].move_to_trash()
    assert [one.data["Subject"] for one in anna.items()] == ["3"]
    assert [one.subject for one in account.trash.all()] == ["2"]
    found = account.fetch([gone], folder=account.calendar, only_fields=["subject"])
    assert isinstance(next(iter(found)), ErrorItemNotFound)


def test_bulk(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    items = [meeting(account, subject=str(number)) for number in range(3)]
    made = account.bulk_create(folder=account.calendar, items=items)
    anna.delete(made[1].id)
    results = account.bulk_delete([(one.id, one.changekey) for one in made])
    assert [one is True for one in results] == [True, False, True]
    assert isinstance(results[1], ErrorItemNotFound)


def test_refused_item(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    good, bad = (anna.create(Subject=name).id for name in ("good", "bad"))
    exchange.faults.refuse(bad)
    ask = [(one, None) for one in (good, bad)]
    found = list(account.fetch(ask, folder=account.calendar, only_fields=["subject"]))
    assert found[0].subject == "good"
    assert isinstance(found[1], ErrorItemCorrupt)
    exchange.faults.heal(bad)
    found = list(account.fetch(ask, folder=account.calendar, only_fields=["subject"]))
    assert [one.subject for one in found] == ["good", "bad"]


def test_global_ids(anna: Owner):
    own = anna.create(Subject="a").data["UID"]
    assert global_id(own) == UID.to_global_object_id(own)
    assert global_id("x@corp.example") == UID("x@corp.example")


def test_attribute_of_who_is_told_is_recorded(
    exchange: SimulatedExchange, anna: Owner, sign_in: SignIn
):
    account = sign_in("anna@corp.example")
    item = meeting(account).save(send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
    item.delete()
    sends = [(one.operation, one.send) for one in exchange.asked if one.send]
    assert sends == [("CreateItem", "SendToAllAndSaveCopy"), ("DeleteItem", "SendToNone")]


def test_ids_in_other_formats(exchange: SimulatedExchange, anna: Owner):
    identity = anna.create(Subject="a").id
    body = (
        '<m:ConvertId DestinationFormat="{}"><m:SourceIds><t:AlternateId Id="{}" Format="EwsId" '
        'Mailbox="anna@corp.example"/></m:SourceIds></m:ConvertId>'
    )
    found = {}
    for name in ("EwsId", "EntryId", "HexEntryId"):
        _, answer = soap(exchange, body.format(name, identity))
        found[name] = next(answer.iter("{*}AlternateId")).get("Id")
    assert found["EwsId"] == identity
    assert base64.b64decode(found["EntryId"]).hex().upper() == found["HexEntryId"]
    _, answer = soap(exchange, body.format("EntryId", "DUMMY"))
    assert codes(answer) == ["ErrorInvalidIdMalformed"]
