"""Who asks: Basic and NTLM, and in whose name (ExchangeImpersonation).

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/authentication-and-ews-in-exchange
"""

from __future__ import annotations

import base64

from .ews_errors import HttpRefusal, SoapFault, page
from .ews_ntlm import Handshake, Refused
from .ews_world import Account, Mailbox, World
from .ews_xml import Element, find, text
from .server import Request

METHODS = ("Basic", "NTLM")


class Gate:
    """Lets people in who can prove who they are."""

    def __init__(self, world: World, methods: tuple[str, ...] = METHODS) -> None:
        self.world = world
        self.methods = list(methods)
        self.failures: list[str] = []  # names whose password was wrong, as a lockout would count

    def enter(self, request: Request) -> Account:
        """Return who asks; answer 401 as long as that is not proved."""
        scheme, _, proof = (request.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() == "basic" and "Basic" in self.methods:
            return self._basic(proof)
        if scheme.upper() in ("NTLM", "NEGOTIATE") and "NTLM" in self.methods:
            return self._ntlm(request, proof)
        known = request.connection.get("account")
        if known and not scheme:
            return known  # NTLM proves a connection, not a request
        raise self.refusal()

    def refusal(self) -> HttpRefusal:
        """Return the 401 that names the methods on offer."""
        shown = {"Basic": 'Basic realm="127.0.0.1"', "NTLM": "NTLM"}
        offered = [shown[one] for one in sorted(self.methods, reverse=True)]
        return page(401, "401 - Unauthorized: Access is denied.", WWW_Authenticate=offered)

    def _basic(self, proof: str) -> Account:
        try:
            name, _, password = base64.b64decode(proof, validate=True).decode().partition(":")
        except ValueError:
            raise self.refusal() from None
        account = self.named(name)
        if account is None or account.password != password:
            self.failures.append(name)
            raise self.refusal()
        return account

    def named(self, name: str) -> Account | None:
        """Return the account of ``CORP\\\\ann``, ``ann`` or an address."""
        domain, _, login = name.lower().rpartition("\\")
        if domain and domain != self.world.domain.lower():
            return None
        return next((one for one in self.world.accounts if login in (one.login, one.email)), None)

    def _ntlm(self, request: Request, proof: str) -> Account:
        memory = request.connection
        try:
            token = base64.b64decode(proof, validate=True)
            handshake: Handshake | None = memory.pop("handshake", None)
            if handshake is None:
                memory.pop("account", None)
                memory["handshake"] = handshake = Handshake(self.world.domain)
                challenge = base64.b64encode(handshake.challenge(token)).decode()
                raise page(401, "401 - Unauthorized", WWW_Authenticate=f"NTLM {challenge}")
            name = handshake.name(token)
            account = self.named(name)
            if account is None or not handshake.proved(account.password):
                self.failures.append(name)
                raise self.refusal()
        except (Refused, ValueError):
            memory.pop("handshake", None)
            raise self.refusal() from None
        memory["account"] = account
        return account


def actor(world: World, account: Account, header: Element | None, anchor: str) -> Mailbox | None:
    """Return the mailbox in whose name a request works; refuse who has no right to that."""
    wanted = None if header is None else find(header, "t:ExchangeImpersonation")
    if wanted is None:
        return account.mailbox
    paths = ("t:PrimarySmtpAddress", "t:SmtpAddress", "t:PrincipalName")
    given = (text(wanted, "t:ConnectingSID", one).strip() for one in paths)
    email = next((one.lower() for one in given if one), "")
    if account.may_act_for is not None and email not in account.may_act_for:
        raise SoapFault("ErrorImpersonateUserDenied")
    box = world.mailboxes.get(email)
    if box is None:
        raise SoapFault("ErrorNonExistentMailbox")
    if box.disabled:
        raise SoapFault("ErrorAccountDisabled")
    if anchor and anchor.lower() != email:
        raise SoapFault("ErrorProxyRequestProcessingFailed")
    return box
