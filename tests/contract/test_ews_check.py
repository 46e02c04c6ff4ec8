"""Each trouble with a connection to an own server has its own name, and none tells a secret."""

import logging
import socket
from base64 import b64encode
from contextlib import suppress

import pytest

from odoo.addons.synced_meetings.sync.errors import SyncError
from odoo.addons.synced_meetings_exchange.provider.ews import EwsProvider
from odoo.addons.synced_meetings_exchange.provider.ews_session import Server
from odoo.addons.synced_meetings_exchange.provider.trouble import CONNECTION, ConnectionRefused

from simulators.ews import SimulatedExchange
from simulators.server import Response

from .ews_server import PASSWORD, EwsServer
from .provider_contract import LUNCH, listing
from .push_changes import create


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


@pytest.fixture
def secure():
    with SimulatedExchange(tls=True) as exchange:
        yield EwsServer(exchange)


def refused(provider):
    """Return why a connection does not work."""
    with pytest.raises(ConnectionRefused) as raised:
        provider.check()
    assert raised.value.reason in CONNECTION
    return raised.value


def at(url, **changes):
    """Return a provider for an address at which there may be nothing."""
    login = {"username": "ann", "password": PASSWORD, "auth_method": "basic", **changes}
    return EwsProvider(Server(url, **login), EwsServer.owner, timeout=0.5)


@pytest.mark.parametrize("method", ["basic", "ntlm"])
@pytest.mark.parametrize("username", ["CORP\\ann", "ann@corp.example"])
def test_a_connection_says_whose_mailbox_it_is(server, method, username):
    identity = server.provider(auth_method=method, username=username).check()
    assert (identity.email, identity.zone) == (server.owner, server.zone)
    assert identity.version == "Exchange2016"
    assert identity.account_id
    assert server.provider().check() == identity


def test_the_id_of_a_mailbox_is_no_others(server):
    login = Server(server.exchange.url, "onlooker", "secret", "basic", impersonate=True)
    ids = {EwsProvider(login, email).check().account_id for email in (server.owner, server.host)}
    assert len(ids) == 2


@pytest.mark.parametrize("method", ["basic", "ntlm"])
def test_a_wrong_password(server, method):
    assert refused(server.provider(auth_method=method, password="x")).reason == "wrong_password"
    assert len(server.exchange.service.gate.failures) == 1  # tried once: nobody is locked out


@pytest.mark.parametrize(
    ("offered", "method", "reason"),
    [("NTLM", "basic", "wants_ntlm"), ("Basic", "ntlm", "wants_basic")],
)
def test_another_way_to_sign_in(server, offered, method, reason):
    server.exchange.service.gate.methods = [offered]
    assert refused(server.provider(auth_method=method)).reason == reason
    assert server.exchange.service.gate.failures == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 403}, "ews_blocked"),
        ({"status": 404}, "wrong_path"),
        ({"status": 302}, "wrong_path"),
        ({"status": 500, "reason": "ErrorServerBusy", "retry_after": 7_000}, "throttled"),
        ({"status": 429}, "throttled"),
        ({"status": 503}, "throttled"),
        ({"status": 502}, "unreachable"),
        ({"status": 418}, "refused"),
        ({"status": 500, "reason": "ErrorInternalServerError"}, "refused"),
        ({"status": 500, "reason": "ErrorImpersonationDenied"}, "impersonation_missing"),
        ({"body": "<html><body>It works!</body></html>"}, "not_exchange"),
        ({"body": "{}"}, "not_exchange"),
        ({"drop": "before"}, "unreachable"),
        ({"delay": 2.0}, "timeout"),
    ],
)
def test_each_trouble_has_its_name(server, fault, reason):
    server.exchange.faults.add(times=None, **fault)
    error = refused(server.provider(timeout=0.5))
    assert error.reason == reason
    assert error.values.get("after") == (7 if fault.get("retry_after") else None)


def test_web_services_that_are_switched_off(server):
    server.exchange.faults.block(server.owner)
    assert refused(server.provider()).reason == "ews_blocked"


def test_a_wrong_path(server):
    url = server.exchange.url.replace("Exchange.asmx", "Services.wsdl")
    assert refused(at(url)).reason == "wrong_path"


def test_a_service_account_without_the_right(server):
    server.exchange.add_service("clerk", may_act_for=[server.host])
    clerk = {"username": "clerk", "password": "secret"}
    assert refused(server.provider(**clerk, impersonate=True)).reason == "impersonation_missing"
    assert refused(server.provider(username="host", password="secret")).reason == (
        "impersonation_missing"  # nor was the mailbox shared
    )


def test_an_address_without_mailbox(server):
    login = Server(server.exchange.url, "onlooker", "secret", "basic", impersonate=True)
    error = refused(EwsProvider(login, "nobody@corp.example"))
    assert (error.reason, error.values["email"]) == ("no_mailbox", "nobody@corp.example")


def test_a_certificate_that_nobody_trusts(secure):
    assert refused(secure.provider(timeout=3.0)).reason == "tls"
    trusting = secure.provider(ca_file=secure.exchange.ca_file)
    assert trusting.check().email == secure.owner
    assert secure.provider(verify=False).check().email == secure.owner
    secure.create(LUNCH)
    assert len(listing(trusting)[0]) == 1
    # What one server is trusted with, no other login is.
    assert refused(secure.provider(timeout=3.0)).reason == "tls"


def test_the_environment_does_not_say_whom_to_trust(secure, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", secure.exchange.ca_file)
    assert refused(secure.provider(timeout=3.0)).reason == "tls"


def test_nothing_is_there():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/EWS/Exchange.asmx"
        assert refused(at(url)).reason == "timeout"
    assert refused(at(url)).reason == "unreachable"
    assert refused(at("https://mail.nowhere.invalid/EWS/Exchange.asmx")).reason == "dns"


def test_a_login_does_not_travel(server):
    with SimulatedExchange() as elsewhere:
        location = {"Location": elsewhere.url}
        server.exchange.faults.refusal = lambda _: moved(location)
        server.exchange.faults.add(302, times=None)
        assert refused(server.provider()).reason == "wrong_path"
        assert elsewhere.requests == []
        assert elsewhere.service.gate.failures == []


def moved(headers):
    return Response(302, "", "text/html", headers)


@pytest.mark.parametrize("method", ["basic", "ntlm"])
@pytest.mark.parametrize("fault", [{}, {"status": 500}, {"drop": "before"}, {"body": "<x/>"}])
def test_no_secret_is_told(server, caplog, method, fault):
    caplog.set_level(logging.DEBUG)
    if fault:
        server.exchange.faults.add(times=None, **fault)
    provider = server.provider(timeout=1.0, auth_method=method)
    said = [repr(Server(server.exchange.url, "ann", PASSWORD, method)), repr(vars(provider))]
    for work in (
        provider.check,
        lambda: listing(provider),
        lambda: provider.push([create(provider, LUNCH)]),
    ):
        with suppress(SyncError):
            try:
                work()
            except SyncError as error:
                said += [repr(error), str(vars(error)), repr(error.__cause__)]
                raise
    said += [record.getMessage() for record in caplog.records]
    secrets = (PASSWORD, b64encode(f"CORP\\ann:{PASSWORD}".encode()).decode(), "Canteen")
    assert not [line for line in said for secret in secrets if secret in line]
    assert not [line for line in said if "Authorization" in line or "Envelope" in line]
