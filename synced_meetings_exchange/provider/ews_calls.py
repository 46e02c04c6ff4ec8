"""Calls of Exchange Web Services over one login's connection.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange
"""

from __future__ import annotations

from typing import Any

from exchangelib.account import Identity
from exchangelib.errors import (
    ErrorIncorrectSchemaVersion,
    ErrorInvalidSchemaVersionForMailboxVersion,
    ErrorInvalidServerVersion,
    EWSError,
)
from exchangelib.services.common import EWSService

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable, SyncError

from .ews_errors import meaning_of_one, translated
from .ews_session import Connection, Server
from .ews_xml import Element, NotSoap, find, local, parse

Answer = Element | SyncError
VERSIONS = (
    *("Exchange2016", "Exchange2013_SP1", "Exchange2013"),
    *("Exchange2010_SP2", "Exchange2010_SP1", "Exchange2010"),
)
UNKNOWN_VERSION = (
    ErrorInvalidServerVersion,
    ErrorIncorrectSchemaVersion,
    ErrorInvalidSchemaVersionForMailboxVersion,
)


class Calls:
    """Asks in the name of one mailbox; not for several threads at once."""

    def __init__(self, server: Server, mailbox: str, version: str, timeout: float) -> None:
        self.mailbox = mailbox
        self.method, self.impersonates = server.auth_method, server.impersonate
        self._connection = Connection(server, server.version or version, timeout)
        self._actor = Identity(primary_smtp_address=mailbox) if server.impersonate else None

    @property
    def version(self) -> str:
        """Return the version that the server understands, as far as is known."""
        return str(self._connection.config.version.api_version)

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._connection.close()

    def one(self, payload: Element) -> Element:
        """Return the one message of an answer, or raise what it was refused with."""
        [answer] = self.many(payload, 1)
        if isinstance(answer, SyncError):
            raise answer
        return answer

    def many(self, payload: Element, number: int) -> list[Answer]:
        """Return what each item was answered or refused with, in order.

        Raises `AuthRequired`, and `Retryable` where it is not known what was done.
        """
        with translated():
            answers = self.ask(payload)
        if len(answers) != number:
            raise Retryable("messages")  # what is missing may have been done
        found = [meaning_of_one(one) if isinstance(one, EWSError) else one for one in answers]
        for answer in found:
            if isinstance(answer, AuthRequired):
                raise answer
        return found

    def ask(self, payload: Element) -> list[Element | EWSError]:
        """Return the messages of an answer; raises what exchangelib raises."""
        return _Operation(self._connection, self._actor, self.mailbox).messages(payload)


class _Operation(EWSService):  # type: ignore[misc]
    """One call in exchangelib's envelope."""

    def __init__(self, connection: Connection, actor: Identity | None, mailbox: str) -> None:
        super().__init__(protocol=connection)
        self._actor, self._mailbox = actor, mailbox

    @property
    def _account_to_impersonate(self) -> Identity | None:
        return self._actor

    def _extra_headers(self) -> dict[str, str]:
        return {"X-AnchorMailbox": self._mailbox}  # to the server that holds the mailbox

    def messages(self, payload: Element) -> list[Element | EWSError]:
        """Return each response message, or the exception of its code.

        A server that does not know the version is asked in the next older one.
        """
        known = self._version_hint.api_version
        versions = (known, *(one for one in VERSIONS if one != known))
        for version in versions:
            try:
                return self._messages(payload, version)
            except UNKNOWN_VERSION:
                if version == versions[-1]:
                    raise
        return []

    def _messages(self, payload: Element, version: str) -> list[Element | EWSError]:
        root = parse(self._get_response(payload, version).content)
        body = find(root, "s:Body")
        if body is None or not len(body):
            raise NotSoap("no body")
        if (header := find(root, "s:Header")) is not None:
            self._update_api_version(version, header)
        if (fault := find(body, "s:Fault")) is not None:
            self._raise_soap_errors(fault)
        return [self._message(one) for one in _messages_of(body[0])]

    def _message(self, message: Element) -> Element | EWSError:
        # Of availability, the message stands beside what it is about.
        said = find(message, "m:ResponseMessage")
        try:
            found = self._get_element_container(message if said is None else said)
        except EWSError as error:
            return error
        return found if isinstance(found, EWSError) else message


def _messages_of(response: Element) -> list[Any]:
    """Return the messages of a response, in order."""
    for name in ("m:ResponseMessages", "m:FreeBusyResponseArray"):
        if (found := find(response, name)) is not None:
            return list(found)
    if not local(response).endswith("Response"):
        raise NotSoap(local(response))
    return [response]
