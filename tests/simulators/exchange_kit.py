"""What tests of the simulated Exchange share: exchangelib as everybody has it, and raw SOAP."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from typing import Any

from exchangelib import (
    BASIC,
    DELEGATE,
    IMPERSONATION,
    Account,
    Attendee,
    CalendarItem,
    Configuration,
    Credentials,
    EWSDateTime,
    EWSTimeZone,
    FailFast,
    Mailbox,
    close_connections,
)
from exchangelib.extended_properties import ExtendedProperty
from exchangelib.properties import EWSElement
from exchangelib.recurrence import NumberedPattern, Recurrence, WeeklyPattern

from simulators.ews import SimulatedExchange
from simulators.ews_xml import SPACES, Element, parse

BERLIN = EWSTimeZone("Europe/Berlin")
ENVELOPE = (
    '<s:Envelope xmlns:s="{s}" xmlns:m="{m}" xmlns:t="{t}"><s:Header>'
    '<t:RequestServerVersion Version="Exchange2016"/>{header}</s:Header><s:Body>{body}</s:Body>'
    "</s:Envelope>"
)
ACTING = (
    "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{}</t:PrimarySmtpAddress>"
    "</t:ConnectingSID></t:ExchangeImpersonation>"
)
CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>'
GET_CALENDAR = (
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
    f"<m:FolderIds>{CALENDAR}</m:FolderIds></m:GetFolder>"
)


class ClientKey(ExtendedProperty):
    """A client's own key at an item."""

    property_set_id = "c11ff724-aa03-4555-9952-8fa248a11c3e"
    property_name = "ClientKey"
    property_type = "String"


class GlobalObjectId(ExtendedProperty):
    """The id of a meeting, the same at all who are in it."""

    distinguished_property_set_id = "Meeting"
    property_id = 3
    property_type = "Binary"


CalendarItem.register("client_key", ClientKey)
CalendarItem.register("global_object_id", GlobalObjectId)


class SignIn:
    """Builds accounts of exchangelib."""

    def __init__(self, exchange: SimulatedExchange) -> None:
        self.exchange = exchange

    def __call__(
        self,
        email: str,
        login: str = "",
        password: str = "secret",
        auth_type: str | None = BASIC,
        **more: Any,
    ) -> Account:
        """Return a person's account; somebody else's login means impersonation."""
        settings = Configuration(
            service_endpoint=self.exchange.url,
            credentials=Credentials(login or email, password),
            auth_type=auth_type,
            retry_policy=FailFast(),
        )
        access = more.pop("access_type", IMPERSONATION if login else DELEGATE)
        zone = more.pop("zone", BERLIN)
        return Account(
            email, config=settings, access_type=access, autodiscover=False, default_timezone=zone
        )

    @staticmethod
    def out() -> None:
        """Close what exchangelib keeps open."""
        close_connections()


def at(text: str, zone: EWSTimeZone = BERLIN) -> EWSDateTime:
    """Return a time: ``23T09:00`` is in November 2026, ``12-07T09:00`` in that year."""
    day, _, clock = text.partition("T")
    full = f"2026-11-{day}" if len(day) == 2 else f"2026-{day}" if len(day) == 5 else day
    return EWSDateTime.strptime(f"{full}T{clock}", "%Y-%m-%dT%H:%M").replace(tzinfo=zone)


def meeting(account: Account, start: str = "23T09:00", end: str = "23T10:00", **more: Any) -> Any:
    """Return an item that is not saved yet."""
    values = {"subject": "Kick-off", "start": at(start), "end": at(end), **more}
    return CalendarItem(account=account, folder=account.calendar, **values)


def weekly(account: Account, count: int = 4, **more: Any) -> Any:
    """Return a series on Mondays at nine that is not saved yet."""
    boundary = NumberedPattern(start=at("23T09:00").date(), number=count)
    pattern = WeeklyPattern(interval=1, weekdays=["Monday"], first_day_of_week="Monday")
    return meeting(account, recurrence=Recurrence(pattern=pattern, boundary=boundary), **more)


def attendee(email: str) -> Attendee:
    """Return a guest who has not answered."""
    return Attendee(mailbox=Mailbox(email_address=email), response_type="Unknown")


def synced(account: Account, state: str | None = None, **more: Any) -> tuple[list[Any], str]:
    """Return what changed in a calendar since a state, and the new state."""
    folder = account.calendar
    folder.item_sync_state = state
    changes = list(folder.sync_items(sync_state=state, **more))
    return changes, folder.item_sync_state


def soap(
    exchange: SimulatedExchange,
    body: str,
    header: str = "",
    login: str = "anna@corp.example",
    **headers: str,
) -> tuple[int, Element]:
    """Post an operation as written; return status and answer."""
    content = ENVELOPE.format(**SPACES, header=header, body=body).encode()
    proof = base64.b64encode(f"{login}:secret".encode()).decode()
    sent = {"Authorization": f"Basic {proof}", "Content-Type": "text/xml; charset=utf-8"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(exchange.url, content, sent)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, parse(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, parse(refused.read())


def codes(answer: Element) -> list[str]:
    """Return the response codes of an answer, or that of its fault."""
    return [one.text for one in answer.iter("{*}ResponseCode")]


def told(exchange: SimulatedExchange) -> list[tuple[str, str]]:
    """Return who would have been told what since the last time."""
    found = sorted((one.to, one.reason) for one in exchange.mails)
    exchange.mails.clear()
    return found


def fields(model: type[EWSElement]) -> dict[str, Any]:
    """Return a model's fields by their paths in the schema."""
    return {one.field_uri: one for one in model.FIELDS if getattr(one, "field_uri", None)}
