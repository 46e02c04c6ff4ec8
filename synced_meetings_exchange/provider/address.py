"""Addresses of own Exchange servers: which may be called, and what was probably meant.

A person types them, and this server calls them: so they are https, lead to EWS, and do not reach
into the network that this server stands in unless an administrator allowed that host.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from .trouble import ConnectionRefused

PATH = "/EWS/Exchange.asmx"
REASONS = frozenset(
    {
        "address_missing",
        "address_malformed",
        "address_password",  # user:password@ in it
        "address_not_ews",  # http, or another path; ``suggestion`` is what was probably meant
        "address_online",  # Office 365, where EWS is switched off
        "address_private",  # inside the network of this server, and not allowed
    }
)
# Exchange Online, the national clouds and the free mailboxes: no own servers.
ONLINE = (
    "office365.com",
    "office365.us",
    "office.com",
    "office.de",
    "outlook.com",
    "outlook.cn",
    "live.com",
    "hotmail.com",
    "microsoft.com",
    "apps.mil",
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # how a network without IPv4 says it (RFC 6052)
IPV4_IN_IPV6 = (
    (ipaddress.ip_network("::/96"), 0),  # IPv4-compatible, long deprecated
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4 (RFC 3056)
)
AZURE = ipaddress.ip_address("168.63.129.16")  # public by its number, the host's own by its use
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
PATHS = re.compile(r"(/[A-Za-z0-9_.~-]*)*")

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[..., list[tuple]]


class AddressRefused(ConnectionRefused):
    """A server's address is not called: ``reason`` is one of `REASONS`."""


@dataclass(frozen=True)
class Address:
    """A server's address in its one canonical form."""

    host: str  # in lower case, as in DNS; an IPv6 address without its brackets
    port: int
    path: str

    @property
    def url(self) -> str:
        """Return it as it is called."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}{'' if self.port == 443 else f':{self.port}'}{self.path}"


def address_of(text: str) -> Address:
    """Return the address that a person typed. Raises `AddressRefused`."""
    text = (text or "").strip()
    if not text:
        raise AddressRefused("address_missing")
    parts = _split(text)
    if "@" in parts.netloc:
        raise AddressRefused("address_password")
    host, port = _host_of(parts), _port_of(parts)
    if is_online(host):
        raise AddressRefused("address_online", {"host": host})
    if not PATHS.fullmatch(parts.path) or "/.." in parts.path:
        raise AddressRefused("address_malformed")
    meant = Address(host, port, _path_of(parts.path))
    exact = parts.scheme == "https" and parts.path == meant.path
    if not exact or parts.query or parts.fragment:
        port = 443 if parts.scheme == "http" else port
        suggestion = Address(host, port, meant.path).url
        raise AddressRefused("address_not_ews", {"suggestion": suggestion})
    return meant


def is_online(host: str) -> bool:
    """Whether Microsoft runs this host, so that EWS is switched off there."""
    return any(host == name or host.endswith(f".{name}") for name in ONLINE)


def hosts_of(text: str) -> frozenset[str]:
    """Return the hosts that an administrator listed, however they are parted.

    Raises `AddressRefused` where one is no host.
    """
    return frozenset(_canonical(word.strip("[]")) for word in re.split(r"[\s,;]+", text) if word)


def addresses_of(
    host: str, port: int, allowed: Collection[str] = (), lookup: Lookup | None = None
) -> list[str]:
    """Return the IP addresses to connect to, and to no others: the name is looked up once.

    Raises `AddressRefused` where one is private and the host is not ``allowed``, and
    `ConnectionRefused` where nobody knows the name.
    """
    try:
        found = (lookup or socket.getaddrinfo)(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ConnectionRefused("dns", {"host": host}) from None
    ips = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not ips:
        raise ConnectionRefused("dns", {"host": host})
    if host.rstrip(".").lower() not in allowed and not _all_public(ips):
        raise AddressRefused("address_private", {"host": host})
    return ips


def is_public(ip: str) -> bool:
    """Whether an IP address lies outside of every private, local or special network."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:  # with a zone, which only a link has
        return False
    return all(_is_public(one) for one in _meant_by(address))


def _all_public(ips: Iterable[str]) -> bool:
    return all(is_public(ip) for ip in ips)


def _is_public(ip: Ip) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip == AZURE)


def _meant_by(ip: Ip) -> Iterable[Ip]:
    """Yield an address, and those that gateways make of it."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
        return
    if ip.ipv4_mapped or ip in NAT64:
        yield _last_bits(ip)
        return
    yield ip
    for network, shift in IPV4_IN_IPV6:
        if ip in network:
            yield _last_bits(ip, shift)
    if ip.teredo:
        yield from ip.teredo


def _last_bits(ip: ipaddress.IPv6Address, shift: int = 0) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(ip) >> shift & 0xFFFFFFFF)


def _split(text: str) -> SplitResult:
    if "\\" in text or any(c.isspace() or not c.isprintable() for c in text):
        raise AddressRefused("address_malformed")
    try:
        parts = urlsplit(text if "//" in text else f"none://{text}")
    except ValueError:
        raise AddressRefused("address_malformed") from None
    if parts.scheme not in ("https", "http", "none"):
        raise AddressRefused("address_malformed")
    return parts


def _host_of(parts: SplitResult) -> str:
    bracketed = parts.netloc.startswith("[")
    host = _canonical(parts.hostname or "")
    if bracketed != (":" in host):
        raise AddressRefused("address_malformed")
    return host


def _port_of(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise AddressRefused("address_malformed")
    return port or 443


def _canonical(host: str) -> str:
    """Return a host as it stands in DNS; a number that is no plain IP address is refused."""
    try:
        if ":" in host:
            return _unscoped(host)
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except ValueError:
        raise AddressRefused("address_malformed") from None
    labels = name.split(".")
    if not all(LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise AddressRefused("address_malformed")
    if NUMBER.fullmatch(labels[-1]) and not _is_ipv4(name):
        raise AddressRefused("address_malformed")  # 2130706433, 0x7f.1, 127.1: other spellings
    return name


def _unscoped(host: str) -> str:
    ip = ipaddress.IPv6Address(host)
    if ip.scope_id:
        raise ValueError(host)
    return str(ip)


def _is_ipv4(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


def _path_of(path: str) -> str:
    """Return a path that leads to EWS: as typed where it does, whatever its case."""
    return path if path.lower().endswith(PATH.lower()) else PATH
