"""Whether a connection works, and what is wrong where it does not.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-errors-related-to-ews-in-exchange
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime

import requests
from exchangelib.errors import ErrorServerBusy, ErrorTimeoutExpired, EWSError, TransportError

from odoo.addons.synced_meetings.sync.errors import SyncError
from odoo.addons.synced_meetings.sync.event import Window
from odoo.addons.synced_meetings.sync.rules import UTC

from . import ews_payloads as payloads
from .ews_busy import zone_of
from .ews_calls import Calls
from .ews_errors import UNNAMED, HttpRefused, code_of
from .ews_folders import id_of, only
from .ews_payloads import Place
from .ews_xml import NotSoap
from .trouble import ConnectionRefused, Identity

CODES = {
    "ErrorImpersonateUserDenied": "impersonation_missing",
    "ErrorImpersonationDenied": "impersonation_missing",
    "ErrorImpersonationFailed": "impersonation_missing",
    "ErrorNonExistentMailbox": "no_mailbox",
    "ErrorMailboxNotFound": "no_mailbox",
    "ErrorMissingEmailAddress": "no_mailbox",
    "ErrorAccountDisabled": "account_disabled",
    "ErrorMailboxMoveInProgress": "mailbox_elsewhere",
    "ErrorIncorrectSchemaVersion": "not_exchange",
    "ErrorServerBusy": "throttled",
    "ErrorExceededConnectionCount": "throttled",
    "ErrorTooManyObjectsOpened": "throttled",
}
# Somebody else's mailbox, without impersonation: nothing is shared with the one who signs in.
NOT_SHARED = ("ErrorAccessDenied", "ErrorItemNotFound", "ErrorFolderNotFound")
STATUSES = {
    403: "ews_blocked",
    404: "wrong_path",
    405: "wrong_path",
    408: "timeout",
    429: "throttled",
    503: "throttled",
    504: "timeout",
}
SIGNED = ("ntlm", "negotiate")


def checked(calls: Calls, place: Place) -> Identity:
    """Return whose mailbox it is. Raises `ConnectionRefused`."""
    main = Place(place.mailbox)
    asked = [main.folder, main.distinguished("msgfolderroot")]
    try:
        answers = calls.ask(payloads.folders(asked))
        for answer in answers:
            if isinstance(answer, EWSError):
                raise answer
        root = only(answers[-1])
        today = datetime.now(UTC)
        zone = zone_of(calls, place.mailbox, Window(today, today))
    except ConnectionRefused:
        raise
    except Exception as error:
        raise _refused(error, calls, place.mailbox) from None
    return Identity(place.mailbox, id_of(root), zone, calls.version)


def _refused(error: Exception, calls: Calls, mailbox: str) -> ConnectionRefused:
    """Return what is wrong, with no word of the server's own: it may repeat what was sent."""
    values: dict[str, object] = {"email": mailbox, "code": code_of(error)}
    if isinstance(error, HttpRefused):
        values["code"] = str(error.status)
        return ConnectionRefused(_status(error, calls.method), values)
    if isinstance(error, ErrorServerBusy) and error.back_off:
        values["after"] = error.back_off
    return ConnectionRefused(_reason(error, calls), values)


def _reason(error: Exception, calls: Calls) -> str:
    code = code_of(error)
    if code in NOT_SHARED and not calls.impersonates:
        return "impersonation_missing"
    if isinstance(error, ErrorTimeoutExpired):
        return _unreached(error)
    if isinstance(error, NotSoap):
        return "not_exchange"
    if isinstance(error, TransportError) and code == UNNAMED:
        return "tls" if _is_tls(error) else "not_exchange"
    if isinstance(error, SyncError | EWSError):
        return CODES.get(code, "refused")
    return _unreached(error)


def _status(error: HttpRefused, method: str) -> str:
    if error.status == 401:
        return _unwelcome(error.offered, method)
    if 300 <= error.status < 400:
        return "wrong_path"  # to a page for people
    return STATUSES.get(error.status, "unreachable" if error.status >= 500 else "refused")


def _unwelcome(offered: frozenset[str], method: str) -> str:
    """Tell a wrong password from a way to sign in that the server does not take."""
    if method == "basic" and "basic" not in offered and offered & set(SIGNED):
        return "wants_ntlm"
    if method == "ntlm" and not offered & set(SIGNED) and "basic" in offered:
        return "wants_basic"
    return "wrong_password"


def _unreached(error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror) or type(cause).__name__ == "NameResolutionError":
            return "dns"
        if isinstance(cause, requests.exceptions.SSLError):
            return "tls"
        if isinstance(cause, requests.exceptions.Timeout | TimeoutError):
            return "timeout"
    return "unreachable"


def _is_tls(error: BaseException) -> bool:
    return any(isinstance(cause, requests.exceptions.SSLError) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it, also where a library only names it in its arguments."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or one in seen:
            continue
        seen.append(one)
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
