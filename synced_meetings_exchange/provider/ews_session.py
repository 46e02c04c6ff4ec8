"""A connection to one Exchange server: exchangelib's, with nothing shared and nothing logged.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/authentication-and-ews-in-exchange
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
from exchangelib import BASIC, NTLM, Configuration, Credentials, FailFast
from exchangelib.protocol import Protocol
from exchangelib.version import Version
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from .ews_errors import HttpRefused
from .guard import GuardedAdapter

NEWEST = "Exchange2016"  # what 2016, 2019 and the Subscription Edition speak
METHODS = {"basic": BASIC, "ntlm": NTLM}
# They write out headers, the login's among them, and whole envelopes, some of them as errors.
TALKATIVE = ("exchangelib.util", "exchangelib.util.xml", "exchangelib.transport")

for _name in TALKATIVE:
    logging.getLogger(_name).addFilter(lambda record: False)
logging.getLogger("spnego").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Server:
    """An own Exchange server, and how to sign in there.

    With ``impersonate``, one service account opens many mailboxes by its right to act for them;
    without, it opens its own, or those that were shared with it.
    """

    url: str
    username: str
    password: str = field(repr=False)
    auth_method: str  # basic, ntlm
    impersonate: bool = False
    version: str = ""  # such as "Exchange2016"; "" asks the server
    ca_file: str = ""  # whose certificates to trust instead of the usual ones: a PEM file
    verify: bool = True
    # The private hosts that may be called, all others only at public addresses; None: any address.
    allowed: frozenset[str] | None = None


class _Unshared(type(Protocol)):  # type: ignore[misc]
    """Undoes exchangelib's cache: a password that changed, or another thread, is another login."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return type.__call__(cls, *args, **kwargs)


class Connection(Protocol, metaclass=_Unshared):  # type: ignore[misc]
    """One kept session, for one thread at a time; it trusts what its own server's settings say."""

    def __init__(self, server: Server, version: str, timeout: float) -> None:
        trusted = server.verify and (server.ca_file or True)
        self.open = partial(TrustingAdapter, trusted)
        if server.allowed is not None:
            self.open = partial(GuardedTrustingAdapter, trusted, allowed=server.allowed)
        self.TIMEOUT = timeout  # exchangelib's name for it
        super().__init__(
            config=Configuration(
                service_endpoint=server.url,
                credentials=Credentials(server.username, server.password),
                auth_type=METHODS[server.auth_method],
                version=Version(build=None, api_version=version or NEWEST),
                retry_policy=_Once(),
                max_connections=1,
            )
        )

    def create_session(self) -> requests.Session:
        """Return a session of our own adapter; see `TrustingAdapter`."""
        session = super().create_session()
        session.mount(self.service_endpoint, self.open())
        if self.auth_type == BASIC:
            session.auth = _basic(self.credentials)
        return session


class TrustingAdapter(HTTPAdapter):  # type: ignore[misc]
    """Trusts the authorities of one server.

    exchangelib's HTTP_ADAPTER_CLS holds for the process, and so for every database; this one
    is mounted on a session, so that no server's exception ever reaches another.
    """

    def __init__(self, trusted: bool | str, **options: Any) -> None:
        self.trusted = trusted
        pool = {"pool_connections": 1, "pool_maxsize": 1, "pool_block": True}
        super().__init__(max_retries=0, **pool, **options)

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it, whatever the environment says of authorities."""
        return super().send(request, *args, **{**kwargs, "verify": self.trusted})


class GuardedTrustingAdapter(TrustingAdapter, GuardedAdapter):
    """Trusts the authorities of one server, and goes nowhere else."""


class _Once(FailFast):  # type: ignore[misc]
    """Asks once: the engine waits and repeats, and a wrong password locks nobody out."""

    def raise_response_errors(self, response: requests.Response) -> None:
        """Raise `HttpRefused` for what is not an answer of Exchange Web Services itself."""
        if response.status_code != 200 and not _is_fault(response):
            raise HttpRefused.of(response)


def _is_fault(response: requests.Response) -> bool:
    """Whether this is SOAP all the same: faults come with status 500."""
    return response.status_code == 500 and b"Envelope" in response.content[:500]


def _basic(credentials: Any) -> HTTPBasicAuth:
    pair = (credentials.username, credentials.password)
    try:
        "".join(pair).encode("latin-1")
    except UnicodeEncodeError:
        pair = tuple(one.encode() for one in pair)
    return HTTPBasicAuth(*pair)
