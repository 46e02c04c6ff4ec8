"""Patterns that Exchange does not have."""

from __future__ import annotations

import pytest

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import codes, soap


@pytest.mark.parametrize(
    "content",
    [
        "<t:DailyRecurrence><t:Interval>0</t:Interval></t:DailyRecurrence>",
        "<t:DailyRecurrence><t:Interval>1000</t:Interval></t:DailyRecurrence>",
        "<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Moonday</t:DaysOfWeek></t:WeeklyRecurrence>",
        "<t:WeeklyRecurrence><t:Interval>1</t:Interval></t:WeeklyRecurrence>",
        "<t:HourlyRecurrence><t:Interval>1</t:Interval></t:HourlyRecurrence>",
        "",
    ],
)
def test_patterns_that_exchange_does_not_have(
    exchange: SimulatedExchange, anna: Owner, content: str
):
    _, answer = soap(
        exchange,
        '<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem>'
        f"<t:Recurrence>{content}<t:NoEndRecurrence><t:StartDate>2026-11-23</t:StartDate>"
        "</t:NoEndRecurrence></t:Recurrence></t:CalendarItem></m:Items></m:CreateItem>",
    )
    assert codes(answer) == ["ErrorCalendarInvalidRecurrence"]
    assert anna.items() == []
