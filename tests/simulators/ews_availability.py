"""GetUserAvailability: when people are busy, in the zone that the request describes.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseravailability-operation
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta, tzinfo

from .ews_call import RIGHTS, Call
from .ews_errors import EwsError, SoapFault
from .ews_fields import BUSY
from .ews_recurrence import DAYS
from .ews_rules import RuleZone
from .ews_time import instant, wall, zone_of
from .ews_views import View, expanded
from .ews_world import Folder, Mailbox
from .ews_xml import Element, add, children, find, flag, new, text
from .ews_zones import changes, offsets

DIGITS = {"Free": "0", "Tentative": "1", "Busy": "2", "OOF": "3", "NoData": "4"}
DIGITS["WorkingElsewhere"] = "4"
LONGEST = timedelta(days=62)
MOST = 100


def availability(call: Call) -> Element:
    """Return the answer to the whole request; it has a form of its own."""
    place = find(call.element, "t:TimeZone")
    options = find(call.element, "t:FreeBusyViewOptions")
    if place is None or options is None:
        raise SoapFault("ErrorSchemaValidation", "The request lacks a zone or a view.")
    boxes = children(call.required("MailboxDataArray"))
    if len(boxes) > MOST:
        raise SoapFault("ErrorInvalidRequest", "At most 100 mailboxes are looked at.")
    view = _View(call, RuleZone.of(place), options)
    answer = new("m:GetUserAvailabilityResponse")
    listed = add(answer, "m:FreeBusyResponseArray")
    for box in boxes:
        _one(add(listed, "m:FreeBusyResponse"), box, view)
    return answer


def _one(response: Element, box: Element, view: _View) -> None:
    message = add(response, "m:ResponseMessage", None, ResponseClass="Success")
    code = add(message, "m:ResponseCode", "NoError")
    try:
        shown = view.of(text(box, "t:Email", "t:Address").lower())
    except EwsError as error:
        message.set("ResponseClass", "Error")
        message.insert(0, new("m:MessageText", error.message))
        code.text = error.code
        shown = new("m:FreeBusyView")
        add(shown, "t:FreeBusyViewType", "None")
    response.append(shown)


def _hours(shown: Element, own: tzinfo) -> None:
    """Append the working hours: the mailbox's zone by its rules, and the days of work."""
    standard, daylight = offsets(own)
    place = add(shown, "t:TimeZone")
    add(place, "t:Bias", _minutes(-standard))
    turns = {change.to: change.wall for change in changes(own)}
    for kind, bias in (("Standard", timedelta()), ("Daylight", standard - daylight)):
        _turn(add(place, f"t:{kind}Time"), bias, turns.get(kind))
    period = add(add(shown, "t:WorkingPeriodArray"), "t:WorkingPeriod")
    add(period, "t:DayOfWeek", " ".join(DAYS[:5]))
    add(period, "t:StartTimeInMinutes", "480")
    add(period, "t:EndTimeInMinutes", "1020")


def _turn(shown: Element, bias: timedelta, at: datetime | None) -> None:
    """Append when a time of the year begins; month 0 where it never does."""
    add(shown, "t:Bias", _minutes(bias))
    add(shown, "t:Time", at.time().isoformat() if at else "00:00:00")
    last = at is not None and at.day + 7 > monthrange(at.year, at.month)[1]
    order = 0 if at is None else 5 if last else (at.day - 1) // 7 + 1
    add(shown, "t:DayOrder", str(order))
    add(shown, "t:Month", str(at.month if at else 0))
    add(shown, "t:DayOfWeek", DAYS[at.weekday()] if at else DAYS[6])


def _minutes(length: timedelta) -> str:
    return str(int(length.total_seconds()) // 60)


class _View:
    """What is asked of every mailbox."""

    def __init__(self, call: Call, zone: RuleZone, options: Element) -> None:
        self.call, self.zone = call, zone
        window = [text(options, "t:TimeWindow", name) for name in ("t:StartTime", "t:EndTime")]
        self.first, self.last = (datetime.fromisoformat(one[:19]) for one in window)
        self.interval = int(text(options, "t:MergedFreeBusyIntervalInMinutes", default="30"))
        self.wanted = text(options, "t:RequestedView")
        if not 5 <= self.interval <= 1440:
            raise SoapFault("ErrorInvalidMergedFreeBusyInterval")

    def of(self, email: str) -> Element:
        """Return the times of one mailbox."""
        if self.last - self.first > LONGEST:
            raise EwsError("ErrorTimeIntervalTooBig")
        box = self.call.world.mailboxes.get(email)
        if box is None:
            raise EwsError("ErrorMailRecipientNotFound")
        views = self._views(box.calendar)
        detailed = self.wanted.startswith("Detailed") and self._may_see(box)
        merged = self.wanted.endswith("Merged") or self.wanted == "MergedOnly"
        kind = ("Detailed" if detailed else "FreeBusy") + ("Merged" if merged else "")
        shown = new("m:FreeBusyView")
        add(shown, "t:FreeBusyViewType", "MergedOnly" if self.wanted == "MergedOnly" else kind)
        if merged:
            add(shown, "t:MergedFreeBusy", self._merged(views))
        if self.wanted != "MergedOnly" and views:
            listed = add(shown, "t:CalendarEventArray")
            for one in views:
                self._event(add(listed, "t:CalendarEvent"), one, detailed)
        if self.wanted != "MergedOnly":
            _hours(add(shown, "t:WorkingHours"), zone_of(box.zone))
        return shown

    def _may_see(self, box: Mailbox) -> bool:
        given = box.calendar.rights.get(self.call.reader, "none")
        return box is self.call.actor or RIGHTS[given] >= RIGHTS["Reviewer"]

    def _views(self, folder: Folder) -> list[View]:
        start, end = (instant(one, self.zone) for one in (self.first, self.last))
        found = [view for item in folder.items.values() for view in expanded(item, start, end)]
        return sorted(found, key=lambda view: (view.start, view.end))

    def _merged(self, views: list[View]) -> str:
        """Return one digit for each interval: the busiest of what lies in it."""
        step, digits, begin = timedelta(minutes=self.interval), "", self.first
        spans = [(wall(one.start, self.zone), wall(one.end, self.zone), one) for one in views]
        while begin < self.last:
            inside = [one for start, end, one in spans if start < begin + step and end > begin]
            status = [DIGITS[one.data["LegacyFreeBusyStatus"]] for one in inside]
            digits += max((one for one in status if one != DIGITS["NoData"]), default="0")
            begin += step
        return digits

    def _event(self, shown: Element, view: View, detailed: bool) -> None:
        data = view.data
        for name, moment in (("StartTime", view.start), ("EndTime", view.end)):
            add(shown, f"t:{name}", wall(moment, self.zone).isoformat())
        status = data["LegacyFreeBusyStatus"]
        add(shown, "t:BusyType", status if status in BUSY[:4] else "NoData")
        if detailed:
            self._details(add(shown, "t:CalendarEventDetails"), view)

    def _details(self, shown: Element, view: View) -> None:
        data = view.data
        private = data["Sensitivity"] in ("Private", "Confidential")
        own = view.item.folder.mailbox is self.call.actor
        if own or not private:
            add(shown, "t:ID", view.id)
            add(shown, "t:Subject", data["Subject"])
            add(shown, "t:Location", data.get("Location", ""))
        add(shown, "t:IsMeeting", flag(data["IsMeeting"]))
        add(shown, "t:IsRecurring", flag(view.original is not None))
        add(shown, "t:IsException", flag(view.edited))
        add(shown, "t:IsReminderSet", flag(data["ReminderIsSet"]))
        add(shown, "t:IsPrivate", flag(private))
