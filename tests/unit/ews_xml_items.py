"""Items as Exchange answers them, for tests of how they are read."""

from lxml import etree

SPACE = "http://schemas.microsoft.com/exchange/services/2006/types"
BERLIN = "W. Europe Standard Time"
KICK_OFF = {
    "Subject": "Kick-off",
    "Sensitivity": "Normal",
    "UID": "040000008200E00074C5B7101A82E008000000000000000000000000000000000000000010000000AB12",
    "Start": "2026-11-23T08:00:00Z",
    "End": "2026-11-23T09:00:00Z",
    "IsAllDayEvent": "false",
    "LegacyFreeBusyStatus": "Busy",
    "Location": "HQ",
    "IsMeeting": "true",
    "IsCancelled": "false",
    "MyResponseType": "Organizer",
}


def item(zone=BERLIN, more="", key="AAMk=", **changes):
    """Return a CalendarItem; None takes a property away, ``more`` is XML that is added."""
    values = {**KICK_OFF, **changes}
    plain = "".join(f"<t:{n}>{v}</t:{n}>" for n, v in values.items() if v is not None)
    zoned = f'<t:StartTimeZone Id="{zone}"/>' if zone is not None else ""
    said = f'<t:ItemId Id="{key}" ChangeKey="CK1"/>' if key is not None else ""
    return element(f"<t:CalendarItem>{said}{plain}{more}{zoned}</t:CalendarItem>")


def element(text):
    """Return an element of the types' namespace."""
    return etree.fromstring(text.replace(">", f' xmlns:t="{SPACE}">', 1))


def person(email, response="Unknown", name="", routing="SMTP"):
    """Return an Attendee."""
    named = f"<t:Name>{name}</t:Name>" if name else ""
    box = f"{named}<t:EmailAddress>{email}</t:EmailAddress><t:RoutingType>{routing}</t:RoutingType>"
    return (
        f"<t:Attendee><t:Mailbox>{box}</t:Mailbox>"
        f"<t:ResponseType>{response}</t:ResponseType></t:Attendee>"
    )
