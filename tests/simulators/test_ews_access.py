"""Signing in: Basic, NTLM, TLS; and what is refused before any work."""

from __future__ import annotations

import base64
import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from exchangelib import BASIC, DELEGATE, NTLM, Credentials, FailFast
from exchangelib.account import Account
from exchangelib.configuration import Configuration
from exchangelib.errors import (
    MalformedResponseError,
    TransportError,
    UnauthorizedError,
)
from requests_ntlm import HttpNtlmAuth

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import GET_CALENDAR, SignIn, codes, soap
from simulators.tls import authority


@pytest.mark.parametrize("login", ["anna@corp.example", "anna", "CORP\\anna"])
@pytest.mark.parametrize("method", [BASIC, NTLM])
def test_signs_in(
    exchange: SimulatedExchange, anna: Owner, sign_in: SignIn, login: str, method: str
):
    account = sign_in("anna@corp.example", login, auth_type=method, access_type=DELEGATE)
    assert account.calendar.name == "Calendar"
    assert {one.account for one in exchange.asked} == {"anna@corp.example"}
    assert exchange.service.gate.failures == []


@pytest.mark.parametrize(("offered", "chosen"), [("Basic", "basic"), ("NTLM", "NTLM")])
def test_offers_methods(
    exchange: SimulatedExchange, anna: Owner, sign_in: SignIn, offered: str, chosen: str
):
    exchange.service.gate.methods = [offered]
    account = sign_in("anna@corp.example", auth_type=None)
    assert account.calendar.name == "Calendar"
    assert account.protocol.auth_type == chosen


def test_both_methods_are_told(exchange: SimulatedExchange, anna: Owner):
    refused = requests.post(exchange.url, data=b"", timeout=30)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'NTLM, Basic realm="127.0.0.1"'


@pytest.mark.parametrize("method", [BASIC, NTLM])
@pytest.mark.parametrize(
    ("login", "password"), [("anna", "wrong"), ("nobody", "secret"), ("EVIL\\anna", "secret")]
)
def test_wrong_password(
    exchange: SimulatedExchange,
    anna: Owner,
    sign_in: SignIn,
    method: str,
    login: str,
    password: str,
):
    with pytest.raises(UnauthorizedError):
        sign_in("anna@corp.example", login, password, method).calendar.refresh()
    assert exchange.asked == []
    assert len(exchange.service.gate.failures) == 1


@pytest.mark.parametrize(("offered", "method"), [("Basic", NTLM), ("NTLM", BASIC)])
def test_method_that_is_not_offered(
    exchange: SimulatedExchange, anna: Owner, sign_in: SignIn, offered: str, method: str
):
    exchange.service.gate.methods = [offered]
    with pytest.raises(UnauthorizedError):
        sign_in("anna@corp.example", auth_type=method).calendar.refresh()
    assert exchange.asked == []


@pytest.fixture
def wire(exchange: SimulatedExchange) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(exchange.url).netloc, timeout=30)
    yield connection
    connection.close()


def _post(wire: http.client.HTTPConnection, proof: str = "") -> int:
    headers = {"Authorization": f"NTLM {proof}"} if proof else {}
    wire.request("POST", "/EWS/Exchange.asmx", b"", headers)
    answer = wire.getresponse()
    answer.read()
    return answer.status


def test_ntlm_proves_one_connection(
    exchange: SimulatedExchange, anna: Owner, wire: http.client.HTTPConnection
):
    session = requests.Session()
    session.auth = HttpNtlmAuth("CORP\\anna", "secret")
    assert session.post(exchange.url, data=b"<x/>", timeout=30).status_code == 500
    assert _post(wire) == 401


def test_ntlm_answer_cannot_be_replayed(
    exchange: SimulatedExchange, anna: Owner, wire: http.client.HTTPConnection
):
    session = requests.Session()
    session.auth = HttpNtlmAuth("CORP\\anna", "secret")
    answer = session.post(exchange.url, data=b"<x/>", timeout=30)
    first = answer.history[1].request.headers["Authorization"].removeprefix("NTLM ")
    third = answer.request.headers["Authorization"].removeprefix("NTLM ")
    assert _post(wire, first) == 401
    assert _post(wire, third) == 401
    assert len(exchange.service.gate.failures) == 1


@pytest.mark.parametrize("proof", ["", "!!", base64.b64encode(b"NTLMSSP\0\3").decode()])
def test_ntlm_rubbish(
    exchange: SimulatedExchange, anna: Owner, wire: http.client.HTTPConnection, proof: str
):
    assert _post(wire, proof or "x") == 401
    assert exchange.asked == []


def test_web_services_may_be_blocked(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    exchange.faults.block("anna@corp.example")
    with pytest.raises(MalformedResponseError, match="403"):
        account.calendar.refresh()
    exchange.faults.unblock()
    assert account.calendar.name == "Calendar"


def test_wrong_path(exchange: SimulatedExchange, anna: Owner):
    for path in ("", "/", "/EWS", "/owa/auth.owa"):
        url = f"{exchange.server.url}{path}"
        assert requests.post(url, auth=("anna", "secret"), timeout=30).status_code == 404
    assert requests.get(exchange.url, auth=("anna", "secret"), timeout=30).status_code == 200


def test_tls(monkeypatch: pytest.MonkeyPatch):
    with SimulatedExchange(tls=True) as exchange:
        exchange.add_user("anna@corp.example", "Anna", "Europe/Berlin")
        assert exchange.url.startswith("https://")
        for method in (BASIC, NTLM):
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", exchange.ca_file)
            account = SignIn(exchange)("anna@corp.example", auth_type=method)
            assert account.calendar.name == "Calendar"
            SignIn.out()


def test_tls_of_an_unknown_authority(monkeypatch: pytest.MonkeyPatch):
    with SimulatedExchange(tls=True) as exchange:
        exchange.add_user("anna@corp.example", "Anna", "Europe/Berlin")
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        with pytest.raises(TransportError, match="certificate"):
            SignIn(exchange)("anna@corp.example").calendar.refresh()
        SignIn.out()
        assert exchange.asked == []
        assert exchange.ca_file == authority().ca_file


@pytest.mark.parametrize(
    ("build", "version"),
    [
        ((14, 3, 248, 2), "Exchange2010_SP2"),
        ((15, 0, 1497, 2), "Exchange2013_SP1"),
        ((15, 2, 2562, 17), "Exchange2016"),
    ],
)
def test_tells_its_version(build: tuple[int, int, int, int], version: str):
    with SimulatedExchange(build=build) as exchange:
        exchange.add_user("anna@corp.example")
        settings = Configuration(
            service_endpoint=exchange.url,
            credentials=Credentials("anna", "secret"),
            retry_policy=FailFast(),
        )
        assert settings.version is None
        account = Account(
            "anna@corp.example", config=settings, autodiscover=False, access_type=DELEGATE
        )
        assert account.version.api_version == version
        assert (account.version.build.major_version, account.version.build.minor_version) == build[
            :2
        ]
        SignIn.out()


class TestSoap:
    def test_entities_are_refused(self, exchange: SimulatedExchange, anna: Owner):
        bomb = (
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&e;</s:Body></s:Envelope>'
        )
        answer = requests.post(exchange.url, bomb, auth=("anna", "secret"), timeout=30)
        assert answer.status_code == 500
        assert "ErrorSchemaValidation" in answer.text
        assert "DTD is prohibited" in answer.text

    @pytest.mark.parametrize("body", ["", "<m:GetItem/><m:GetItem/>", "<m:Unheard/>"])
    def test_other_envelopes_are_refused(self, exchange: SimulatedExchange, anna: Owner, body: str):
        status, answer = soap(exchange, body)
        assert status == 500
        assert codes(answer)[0] in ("ErrorSchemaValidation", "ErrorInvalidRequest")

    def test_unknown_version(self, exchange: SimulatedExchange, anna: Owner):
        exchange.service.versions = ("Exchange2013",)
        status, answer = soap(exchange, GET_CALENDAR)
        assert (status, codes(answer)) == (500, ["ErrorInvalidServerVersion"])
