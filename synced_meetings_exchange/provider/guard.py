"""Connections to own servers that go nowhere else: the address is checked where it is opened.

A name is looked up once, what was found is checked, and exactly that is connected to. So a name
that changes its answer between check and call (DNS rebinding) reaches nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from .address import addresses_of
from .trouble import ConnectionRefused


class GuardedAdapter(HTTPAdapter):
    """Opens https only, to public addresses or ``allowed`` hosts, past no proxy, and never on to
    where a redirection leads. Raises `ConnectionRefused`."""

    def __init__(self, allowed: Collection[str] = (), **options: Any) -> None:
        self.allowed = frozenset(allowed)
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Let every connection be a checked one; without an entry, http is no way at all."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool(self.allowed)}

    def send(
        self, request: requests.PreparedRequest, *arguments: Any, **options: Any
    ) -> requests.Response:
        """Send without the environment's proxies, which would look names up by themselves."""
        answer = super().send(request, *arguments, **(options | {"proxies": None}))
        if answer.is_redirect:
            answer.close()
            raise ConnectionRefused("wrong_path")
        return answer


def _pool(allowed: frozenset[str]) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, allowed)

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


def _connect(connection: HTTPSConnection, allowed: frozenset[str]) -> socket.socket:
    """Return a socket to the first checked address that answers."""
    failure: OSError | None = None
    for ip in addresses_of(connection.host, connection.port, allowed):
        try:
            return create_connection(
                (ip, connection.port),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "timed out") from failure
    raise NewConnectionError(connection, "refused") from failure
