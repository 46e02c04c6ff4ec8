"""Whether a connection works, and what is wrong where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Gone, Retryable, SyncError
from odoo.addons.synced_meetings.sync.event import Window
from odoo.addons.synced_meetings.sync.reading import clean, email
from odoo.addons.synced_meetings.sync.rules import UTC

from .graph_busy import zone_of
from .graph_calls import Ask, Calls, Json
from .graph_errors import ELSEWHERE, Absent, NoMailbox, Unreached
from .graph_login import LoginRefused
from .trouble import ConnectionRefused, Identity

WHO = "?$select=id,mail,userPrincipalName"
THROTTLED = ("429", "ApplicationThrottled", "TooManyRequests")


def checked(calls: Calls, base: str, mailbox: str) -> Identity:
    """Return whose mailbox it is. Raises `ConnectionRefused`; ``mailbox`` "" is the login's own."""
    try:
        calendar = calls.one(Ask("GET", f"{base}/calendar?$select=id,owner"))
        person = _person(calls, base)
        owner = calendar.get("owner")
        shown = owner.get("address") if isinstance(owner, Mapping) else None
        found = email(shown or person.get("mail") or person.get("userPrincipalName") or mailbox)
        today = datetime.now(UTC)
        zone = zone_of(calls, base, found, Window(today, today))
    except SyncError as error:
        raise _refused(error, mailbox) from None
    return Identity(found, clean(person.get("id")) or found, zone)


def _person(calls: Calls, base: str) -> Json:
    """Return what is told of the person; an application may read calendars and nobody's profile."""
    [answer] = calls.many([Ask("GET", f"{base}{WHO}")])
    return answer if isinstance(answer, dict) else {}


def _refused(error: SyncError, mailbox: str) -> ConnectionRefused:
    code = str(error.args[0]) if error.args else ""
    values = {"code": code, "email": mailbox}
    return ConnectionRefused(_reason(error, code, mailbox), values)


def _reason(error: SyncError, code: str, mailbox: str) -> str:
    if isinstance(error, LoginRefused):
        return error.reason
    if isinstance(error, AuthRequired):
        return "consent_refused"
    if isinstance(error, Unreached):
        return error.kind
    if isinstance(error, NoMailbox):
        return "mailbox_elsewhere" if code in ELSEWHERE.split() else "no_mailbox"
    if isinstance(error, Absent):
        return "no_mailbox"
    if isinstance(error, Gone):
        return "out_of_scope" if mailbox else "admin_needed"
    return "throttled" if isinstance(error, Retryable) and code in THROTTLED else "refused"
