"""Signing in to the simulated Microsoft 365, with the real msal over TLS."""

from __future__ import annotations

import re
import warnings
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msal
import pytest
import requests

from simulators.conftest import Clock
from simulators.graph import DEMO_APP, DEMO_SECRET, SimulatedGraph
from simulators.graph_assertions import new_certificate
from simulators.graph_kit import Client, token
from simulators.graph_owner import Owner

SCOPES = ["Calendars.ReadWrite", "User.Read"]
BACK = "http://127.0.0.1/callback"
DEFAULT = ["https://graph.microsoft.com/.default"]


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def browser(graph: SimulatedGraph) -> requests.Session:
    session = requests.Session()
    session.trust_env, session.verify = False, graph.ca_file
    return session


def app(graph: SimulatedGraph, tenant: str = "organizations", **more: Any):
    """Return msal's client."""
    session = requests.Session()
    session.trust_env, session.verify = False, graph.ca_file
    own = {"client_credential": DEMO_SECRET, "http_client": session, "instance_discovery": False}
    authority = f"{graph.authority_url}/{tenant}"
    return msal.ConfidentialClientApplication(DEMO_APP, authority=authority, **{**own, **more})


def click(
    browser: requests.Session, address: str, decision: str, account: str = "ann@corp.example"
) -> requests.Response:
    """Open a page and press a button on it."""
    shown = browser.get(address, timeout=30)
    return press(browser, shown, decision, account)


def press(
    browser: requests.Session, shown: requests.Response, decision: str, account: str = ""
) -> requests.Response:
    assert f'value="{decision}"' in shown.text, shown.text
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', shown.text)
    form = {unescape(name): unescape(value) for name, value in hidden}
    url = shown.url.partition("?")[0]
    data = {**form, "decision": decision, "account": account}
    return browser.post(url, data=data, allow_redirects=False, timeout=30)


def came_back(answer: requests.Response) -> dict[str, str]:
    """Return what the browser carries back to the client."""
    assert answer.headers["Location"].startswith(f"{BACK}?")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[-1] for name, values in query.items()}


def begin(client: Any) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # msal recommends form_post, which loses Lax cookies
        return client.initiate_auth_code_flow(
            SCOPES, redirect_uri=BACK, state="state1", login_hint="ann@corp.example"
        )


def signed_in(graph: SimulatedGraph, browser: requests.Session, tenant: str = "organizations"):
    client = app(graph, tenant)
    flow = begin(client)
    answer = came_back(click(browser, flow["auth_uri"], "allow"))
    return client, client.acquire_token_by_auth_code_flow(flow, answer)


@pytest.mark.parametrize("tenant", ["organizations", "corp.example"])
def test_a_person_allows(graph: SimulatedGraph, ann: Owner, browser, tenant: str):
    _, found = signed_in(graph, browser, tenant)

    claims = found["id_token_claims"]
    assert claims["preferred_username"] == "ann@corp.example"
    assert (claims["oid"], claims["tid"]) == (ann.mailbox.oid, ann.mailbox.tenant)
    assert "Calendars.ReadWrite" in found["scope"].split()
    assert Client(graph, found["access_token"]).get("/me")["mail"] == "ann@corp.example"


def test_a_silent_refresh_rotates(graph: SimulatedGraph, ann: Owner, browser, clock: Clock):
    client, first = signed_in(graph, browser)
    [account] = client.get_accounts()
    clock.forward(hours=1)

    found = client.acquire_token_silent(SCOPES, account, force_refresh=True)

    assert found["access_token"] != first["access_token"]
    assert found["refresh_token"] != first["refresh_token"]
    assert Client(graph, found["access_token"]).get("/me")["id"] == ann.mailbox.oid


def test_a_refresh_token_may_be_good_for_one_use(graph: SimulatedGraph, ann: Owner):
    graph.login.strict_rotation = True
    first = graph.consent(ann.email)["refresh_token"]

    second = refreshed(graph, first).json()["refresh_token"]

    assert refreshed(graph, first).json()["error"] == "invalid_grant"
    assert refreshed(graph, second).status_code == 200


def refreshed(graph: SimulatedGraph, value: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": value, "client_id": DEMO_APP}
    return token(graph, {**form, "client_secret": DEMO_SECRET})


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        (lambda graph: graph.faults.expire_refresh_tokens(), 700082),
        (lambda graph: graph.faults.withdraw_consent("ann@corp.example"), 65001),
        (lambda graph: graph.faults.revoke_grants("ann@corp.example"), 50173),
    ],
)
def test_what_ends_a_connection(graph: SimulatedGraph, ann: Owner, browser, fault, number: int):
    client, _ = signed_in(graph, browser)
    fault(graph)

    [account] = client.get_accounts()
    found = client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)

    assert found["error"] == "invalid_grant"
    assert found["error_codes"] == [number]
    assert f"AADSTS{number}: " in found["error_description"]


def test_a_person_cancels(graph: SimulatedGraph, ann: Owner, browser):
    client = app(graph)
    flow = begin(client)

    answer = came_back(click(browser, flow["auth_uri"], "cancel"))

    found = client.acquire_token_by_auth_code_flow(flow, answer)
    assert found["error"] == "access_denied"
    assert "AADSTS65004" in found["error_description"]


def test_an_administrator_must_approve_and_does(graph: SimulatedGraph, ann: Owner, browser):
    graph.faults.need_admin("corp.example")
    client = app(graph)
    flow = begin(client)
    page = click(browser, flow["auth_uri"], "allow")
    assert page.status_code == 200
    assert "Need admin approval" in page.text

    answer = came_back(press(browser, page, "return"))
    assert answer["error"] == "access_denied"
    assert "AADSTS90094" in answer["error_description"]

    query = f"client_id={DEMO_APP}&redirect_uri={BACK}&state=s2&scope={DEFAULT[0]}"
    consent = f"{graph.authority_url}/organizations/v2.0/adminconsent?{query}"
    answer = came_back(click(browser, consent, "allow"))
    assert answer["admin_consent"] == "True"
    assert answer["tenant"] == ann.mailbox.tenant
    assert signed_in(graph, browser)[1]["access_token"]


def test_an_administrator_may_cancel(graph: SimulatedGraph, ann: Owner, browser):
    query = f"client_id={DEMO_APP}&redirect_uri={BACK}&state=s2"
    consent = f"{graph.authority_url}/corp.example/adminconsent?{query}"

    assert came_back(click(browser, consent, "cancel"))["error"] == "access_denied"
    assert graph.world.tenant("corp.example").consented == {}


@pytest.mark.parametrize("wrong", ["code", "verifier", "redirect", "used", "old"])
def test_a_code_counts_once_for_its_client_and_soon(
    graph: SimulatedGraph, ann: Owner, browser, clock: Clock, wrong: str
):
    flow = begin(app(graph))
    code = came_back(click(browser, flow["auth_uri"], "allow"))["code"]
    form = {"grant_type": "authorization_code", "client_id": DEMO_APP, "code": code}
    form |= {"client_secret": DEMO_SECRET, "redirect_uri": BACK}
    form["code_verifier"] = flow["code_verifier"]
    if wrong == "used":
        assert token(graph, form).status_code == 200
    if wrong == "old":
        clock.forward(minutes=11)
    changed = {"code": "code", "verifier": "code_verifier", "redirect": "redirect_uri"}.get(wrong)

    answer = token(graph, {**form, **({changed: "other"} if changed else {})})

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_a_page_for_an_unknown_client_sends_nobody_anywhere(graph: SimulatedGraph, browser):
    query = "client_id=nobody&redirect_uri=https://evil.example&response_type=code&scope=openid"

    answer = browser.get(
        f"{graph.authority_url}/organizations/oauth2/v2.0/authorize?{query}", timeout=30
    )

    assert answer.status_code == 400
    assert "AADSTS700016" in answer.text


def test_an_application_in_its_own_name(graph: SimulatedGraph, ann: Owner):
    graph.admin_consent("corp.example")

    found = app(graph, "corp.example").acquire_token_for_client(DEFAULT)

    assert "refresh_token" not in found
    assert Client(graph, found["access_token"]).get(f"/users/{ann.email}/events")["value"] == []


@pytest.mark.parametrize(
    ("prepare", "number"),
    [
        (lambda graph: graph.login.apps[DEMO_APP].secrets.clear(), 7000215),
        (
            lambda graph: graph.login.apps[DEMO_APP].secrets.update(
                {DEMO_SECRET: graph.world.now()}
            ),
            7000222,
        ),
        (lambda graph: graph.login.apps.clear(), 700016),
        (lambda graph: graph.world.tenant("corp.example").consented.clear(), 700016),
    ],
)
def test_an_application_that_is_refused(graph: SimulatedGraph, ann: Owner, prepare, number: int):
    graph.admin_consent("corp.example")
    prepare(graph)

    found = app(graph, "corp.example").acquire_token_for_client(DEFAULT)

    assert found["error_codes"] == [number]
    assert f"AADSTS{number}" in found["error_description"]


def test_an_unknown_tenant(graph: SimulatedGraph, ann: Owner):
    with pytest.raises(ValueError, match=r"unknown\.example"):
        app(graph, "unknown.example")
    form = {"grant_type": "client_credentials", "client_id": DEMO_APP}
    answer = token(graph, form, "unknown.example").json()
    assert (answer["error"], answer["error_codes"]) == ("invalid_tenant", [90002])


def test_without_the_permission_the_token_opens_nothing(graph: SimulatedGraph, ann: Owner):
    graph.login.admin_consent(DEMO_APP, "corp.example", ["User.Read.All"])
    found = app(graph, "corp.example").acquire_token_for_client(DEFAULT)

    http = Client(graph, found["access_token"])

    assert http.refusal("GET", f"/users/{ann.email}/events") == (403, "ErrorAccessDenied")


def test_certificates_are_checked(graph: SimulatedGraph, ann: Owner):
    graph.admin_consent("corp.example")
    (known, mine), (_, other) = new_certificate(), new_certificate()
    graph.login.apps[DEMO_APP].certificates.append(known)

    def asked(pem: str) -> dict[str, Any]:
        credential = {"private_key": pem, "public_certificate": pem}
        client = app(graph, "corp.example", client_credential=credential)
        return client.acquire_token_for_client(DEFAULT)

    assert "access_token" in asked(mine)
    assert asked(other)["error_codes"] == [700027]
    key = other.partition("-----BEGIN CERTIFICATE")[0]
    stolen = {"private_key": key, "public_certificate": mine[mine.index("-----BEGIN CERT") :]}
    client = app(graph, "corp.example", client_credential=stolen)
    assert client.acquire_token_for_client(DEFAULT)["error_codes"] == [700027]


def test_nobody_trusts_the_authority_by_chance(graph: SimulatedGraph):
    session = requests.Session()
    session.trust_env = False
    with pytest.raises(requests.exceptions.SSLError):
        session.get(graph.authority_url, timeout=30)
