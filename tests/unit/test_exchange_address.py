"""Which addresses of own servers are called: what is typed, what is meant, what is hostile."""

import socket
import threading

import pytest
import requests
from urllib3.exceptions import HTTPError

from odoo.addons.synced_meetings_exchange.provider import address
from odoo.addons.synced_meetings_exchange.provider.guard import GuardedAdapter
from odoo.addons.synced_meetings_exchange.provider.trouble import ConnectionRefused

URL = "https://mail.corp.example/EWS/Exchange.asmx"


def refusal(text):
    with pytest.raises(address.AddressRefused) as caught:
        address.address_of(text)
    assert caught.value.reason in address.REASONS
    return caught.value


def found(*ips):
    """Return a lookup that answers with these addresses."""
    return lambda host, port, **_: [(socket.AF_INET, 1, 6, "", (ip, port)) for ip in ips]


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        (URL, URL),
        (f"  {URL}\n", URL),
        ("HTTPS://Mail.Corp.Example:443/EWS/Exchange.asmx", URL),
        ("https://mail.corp.example./EWS/Exchange.asmx", URL),
        ("https://mail.corp.example:8443/ews/exchange.asmx", None),
        ("https://mail.corp.example/proxy/EWS/Exchange.asmx", None),
        (
            "https://bücher.example/EWS/Exchange.asmx",
            "https://xn--bcher-kva.example/EWS/Exchange.asmx",
        ),
        ("https://[2001:DB8:0:0::1]/EWS/Exchange.asmx", "https://[2001:db8::1]/EWS/Exchange.asmx"),
    ],
)
def test_a_good_address_has_one_form(typed, called):
    once = address.address_of(typed).url
    assert once == (called or typed)
    assert address.address_of(once).url == once


@pytest.mark.parametrize(
    "typed",
    [
        "mail.corp.example",
        "mail.corp.example/owa",
        "http://mail.corp.example/EWS/Exchange.asmx",
        "http://mail.corp.example:80",
        "https://mail.corp.example/EWS/Services.wsdl",
        "https://mail.corp.example/EWS/",
        "https://mail.corp.example/EWS/Exchange.asmx/",
        "https://mail.corp.example/EWS/Exchange.asmx?x=1",
        "https://mail.corp.example/EWS/Exchange.asmx#x",
    ],
)
def test_the_right_address_is_offered(typed):
    refused = refusal(typed)
    assert (refused.reason, refused.values["suggestion"]) == ("address_not_ews", URL)


@pytest.mark.parametrize(
    "typed",
    [
        "https:///EWS/Exchange.asmx",
        "https://?/EWS/Exchange.asmx",
        "ftp://mail.corp.example/EWS/Exchange.asmx",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://x/EWS/Exchange.asmx",
        "https://2130706433/EWS/Exchange.asmx",
        "https://0x7f000001/EWS/Exchange.asmx",
        "https://0177.0.0.1/EWS/Exchange.asmx",
        "https://127.1/EWS/Exchange.asmx",
        "https://127.0.0.0x1/EWS/Exchange.asmx",
        "https://999.1.1.1/EWS/Exchange.asmx",
        "https://[::1%25lo]/EWS/Exchange.asmx",
        "https://[::1/EWS/Exchange.asmx",
        "https://[mail.corp.example]/EWS/Exchange.asmx",
        "https://mail.corp.example:0/EWS/Exchange.asmx",
        "https://mail.corp.example:65536/EWS/Exchange.asmx",
        "https://mail.corp.example:x/EWS/Exchange.asmx",
        "https://mail..corp.example/EWS/Exchange.asmx",
        "https://-mail.corp.example/EWS/Exchange.asmx",
        "https://mail.corp.example\\@evil.example/EWS/Exchange.asmx",
        "https://mail.corp.example/EWS /Exchange.asmx",
        "https://mail.corp.example\r\nHost: evil/EWS/Exchange.asmx",
        "https://mail.corp.example/../EWS/Exchange.asmx",
        "https://mail.corp.example/%2e%2e/EWS/Exchange.asmx",
        "https://" + "a" * 64 + ".example/EWS/Exchange.asmx",
        "https://" + "a." * 130 + "example/EWS/Exchange.asmx",
        "https://mail.corp.example\u202e/EWS/Exchange.asmx",
    ],
)
def test_what_is_no_address_is_refused(typed):
    assert refusal(typed).reason == "address_malformed"


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_a_missing_address_is_said_to_be_missing(typed):
    assert refusal(typed).reason == "address_missing"


@pytest.mark.parametrize("user", ["user:password@", "user@", "mail.corp.example@", ":@"])
def test_a_login_in_an_address_is_refused(user):
    refused = refusal(f"https://{user}mail.corp.example/EWS/Exchange.asmx")
    assert refused.reason == "address_password"
    assert "password" not in repr(refused.values)


@pytest.mark.parametrize(
    "host",
    [
        "outlook.office365.com",
        "OUTLOOK.office365.com.",
        "outlook.office365.us",
        "partner.outlook.cn",
        "outlook.office.de",
        "corp.mail.protection.outlook.com",
        "outlook.live.com",
        "\uff4futlook.office365.com",  # a letter of another width
        "outlook\u3002office365.com",  # and another full stop
    ],
)
@pytest.mark.parametrize("path", ["/EWS/Exchange.asmx", "/owa", ""])
def test_office_365_is_no_own_server(host, path):
    assert refusal(f"https://{host}{path}").reason == "address_online"


def test_a_name_that_only_ends_like_microsofts_is_an_own_server():
    assert address.address_of("https://notoffice365.com/EWS/Exchange.asmx").host


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "nonsense",
    ],
)
def test_what_lies_inside_is_reached_only_where_it_is_allowed(ip):
    assert not address.is_public(ip)
    with pytest.raises(address.AddressRefused) as caught:
        address.addresses_of("mail.corp.example", 443, lookup=found("93.184.215.14", ip))
    assert caught.value.reason == "address_private"
    allowed = address.hosts_of("other.example, MAIL.corp.example.")
    ips = address.addresses_of("mail.corp.example", 443, allowed, lookup=found(ip))
    assert ips == [ip]


@pytest.mark.parametrize("ip", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_open(ip):
    assert address.addresses_of("mail.corp.example", 443, lookup=found(ip, ip)) == [ip]


def test_an_unknown_name_is_said_to_be_unknown():
    def nobody(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for lookup in (nobody, found()):
        with pytest.raises(ConnectionRefused) as caught:
            address.addresses_of("mail.corp.example", 443, lookup=lookup)
        assert (caught.value.reason, caught.value.values) == ("dns", {"host": "mail.corp.example"})


def test_hosts_are_listed_as_people_list_them():
    text = "mail.corp.example, 10.0.0.5;[fd00::5]\nEXCHANGE"
    assert address.hosts_of(text) == {"mail.corp.example", "10.0.0.5", "fd00::5", "exchange"}
    assert address.hosts_of("") == frozenset()
    with pytest.raises(address.AddressRefused):
        address.hosts_of("https://mail.corp.example/")


# ---- where the connection is opened ----


@pytest.fixture
def answers(monkeypatch):
    """Return a list of what the name server says, one answer for each question."""
    said = []
    real = socket.getaddrinfo

    def lookup(host, port, *arguments, **options):
        if host != "mail.corp.example":
            return real(host, port, *arguments, **options)  # a number, to connect to
        return [(socket.AF_INET, 1, 6, "", (said.pop(0), port))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return said


@pytest.fixture
def inside():
    """Return the port of a server inside, and a list of the connections it was given."""
    reached = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                reached.append(connection)
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], reached


def call(port, allowed=(), scheme="https"):
    with requests.Session() as session:
        session.mount(f"{scheme}://", GuardedAdapter(allowed))
        return session.get(f"{scheme}://mail.corp.example:{port}/EWS/Exchange.asmx", timeout=5)


def test_a_name_that_changes_its_answer_reaches_nothing(answers, inside):
    port, reached = inside
    answers += ["93.184.215.14", "127.0.0.1"]  # the check at saving, then the connection
    assert address.addresses_of("mail.corp.example", port) == ["93.184.215.14"]
    with pytest.raises(address.AddressRefused) as caught:
        call(port)
    assert caught.value.reason == "address_private"
    assert not reached


def test_what_was_checked_is_what_is_called(answers, inside):
    port, reached = inside
    answers += ["127.0.0.1", "93.184.215.14"]
    with pytest.raises(requests.RequestException):  # what is there speaks no TLS
        call(port, {"mail.corp.example"})
    assert reached
    assert answers == ["93.184.215.14"], "one question for one connection"


def test_without_tls_there_is_no_way(answers, inside):
    port, reached = inside
    answers += ["127.0.0.1"]
    with pytest.raises((requests.RequestException, HTTPError, KeyError)):
        call(port, {"mail.corp.example"}, "http")
    assert not reached


def test_the_environments_proxy_is_not_asked(answers, inside, monkeypatch):
    port, reached = inside
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    answers += ["10.0.0.1"]
    with pytest.raises(address.AddressRefused):
        call(port)
    assert not reached
