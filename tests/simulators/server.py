"""HTTP plumbing that every simulator shares: keep-alive, gzip, a record of what was asked."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

GZIP_FROM = 1_400  # bytes; below one network packet compression gains nothing


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Any
    body: bytes = b""
    target: str = ""  # path and query as sent, still encoded
    connection: dict[str, Any] = field(default_factory=dict)  # lives as long as the connection

    def param(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def json(self) -> Any:
        """Return the body as JSON; raise ValueError where it is none."""
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, list[str]]:
        """Return the fields of a form body."""
        return parse_qs(self.body.decode(), keep_blank_values=True)

    def parts(self) -> list[str]:
        """Return the decoded path segments; an encoded slash stays inside its segment."""
        return [unquote(part) for part in urlsplit(self.target).path.split("/")[1:]]


@dataclass
class Response:
    """One answer; ``body`` may come in pieces that were serialised earlier."""

    status: int = 200
    body: bytes | str | Iterable[str] = b""
    content_type: str = "application/json; charset=UTF-8"
    headers: dict[str, str | list[str]] = field(default_factory=dict)

    def payload(self) -> bytes:
        """Return the body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else "".join(self.body)).encode()

    @classmethod
    def of(cls, value: Any, status: int = 200, **headers: str) -> Response:
        """Return a JSON answer."""
        return cls(status, json.dumps(value, ensure_ascii=False), headers=dict(headers))


class Recorded(NamedTuple):
    """What a test may ask about a request that was served."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: str
    status: int
    kind: str = "single"  # or batch; or inner: a call in a batch


class ConnectionDropped(Exception):
    """The connection is cut without an answer."""


def unfolded(request: Request) -> Request:
    """Return the GET that a client wrapped in a POST because its address was too long."""
    if request.headers.get("X-HTTP-Method-Override") != "GET":
        return request
    return replace(request, method="GET", query=request.form(), body=b"")


class Server:
    """A threading HTTP/1.1 server around one function from request to response."""

    def __init__(
        self,
        handle: Callable[[Request], Response],
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.handle, self.tls = handle, tls
        self.connections: set[socket.socket] = set()
        self.http = _Listener(("127.0.0.1", port), _Handler)
        self.http.owner = self
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.http.server_address[1]}"

    def start(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self._accept, daemon=True, name=self.url).start()

    def _accept(self) -> None:
        """Take connections until the listening socket is cut; unlike polling, that is at once."""
        while True:
            try:
                connection, address = self.http.get_request()
            except OSError:
                return
            self.http.process_request(connection, address)

    def stop(self) -> None:
        """End, closing connections that clients keep alive."""
        _cut(self.http.socket)
        self.http.server_close()
        for connection in list(self.connections):
            _cut(connection)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    owner: Server

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection; TLS begins later, in the thread that serves it."""
        connection, address = super().get_request()
        if self.owner.tls:
            connection = self.owner.tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that left before their answer; they may have been killed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # sets TCP_NODELAY; otherwise 40 ms per answer on keep-alive
    wbufsize = -1  # headers and body leave in one segment
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.memory: dict[str, Any] = {}
        self.server.owner.connections.add(self.connection)

    def finish(self) -> None:
        self.server.owner.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            self.close_connection = True  # the client left first

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        url = urlsplit(self.path)
        query = parse_qs(url.query, keep_blank_values=True)
        request = Request(
            self.command, unquote(url.path), query, self.headers, body, self.path, self.memory
        )
        try:
            self._answer(self.server.owner.handle(unfolded(request)))
        except ConnectionDropped:
            self.close_connection = True
            _cut(self.connection)

    def _answer(self, response: Response) -> None:
        payload = response.payload()
        headers = {"Content-Type": response.content_type, **response.headers}
        if len(payload) > GZIP_FROM and "gzip" in self.headers.get("Accept-Encoding", ""):
            payload = gzip.compress(payload, 1)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(response.status)
        for name, value in headers.items():
            for one in [value] if isinstance(value, str) else value:
                self.send_header(name, one)
        if response.status not in (204, 304):  # these two never carry a body, RFC 9110
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if response.status not in (204, 304):
            self.wfile.write(payload)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def log_message(self, *args: Any) -> None:
        """Say nothing on the terminal; requests are recorded."""


def _cut(connection: socket.socket) -> None:
    """Close both directions at once; a closed socket is what we wanted anyway."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        connection.close()
