"""From consent to a login and back, and what is wrong where none works, over real HTTPS."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

import pytest

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable
from odoo.addons.synced_meetings_exchange.provider.graph import GraphProvider
from odoo.addons.synced_meetings_exchange.provider.graph_login import (
    Application,
    Client,
    ConsentRefused,
    Delegated,
    LoginRefused,
    admin_consent_url,
    consent_url,
    exchange,
)
from odoo.addons.synced_meetings_exchange.provider.trouble import CONNECTION, ConnectionRefused

from simulators.graph import SimulatedGraph
from simulators.graph_login import DEMO_SECRET

from .graph_server import RETURN, VERIFIER, GraphServer
from .provider_contract import LUNCH, listing

DOMAIN = "corp.example"


@pytest.fixture
def server():
    with SimulatedGraph() as graph:
        yield GraphServer(graph)


def code_for(server, verifier=VERIFIER, scope=None):
    asked = dict(parse_qsl(urlsplit(consent_url(server.client, "s", verifier)).query))
    proof = {name: asked[name] for name in ("nonce", "code_challenge", "code_challenge_method")}
    code = server.graph.code(server.owner, RETURN, scope or asked["scope"], **proof)
    return {"code": code, "state": "s"}


def own(server, **changes):
    """Return the application as an administrator registered it for one tenant."""
    server.graph.admin_consent(DOMAIN)
    return replace(server.client, tenant=DOMAIN, **changes)


def application(server, mailbox="", url="", ca_file="", timeout=5.0, **changes):
    return GraphProvider(
        Application(own(server, **changes)),
        mailbox=mailbox or server.owner,
        graph_url=url or server.graph.api_url,
        ca_file=ca_file,
        timeout=timeout,
    )


def refused(provider):
    with pytest.raises(ConnectionRefused) as raised:
        provider.check()
    assert raised.value.reason in CONNECTION
    assert DEMO_SECRET not in repr(raised.value) + str(raised.value.values)
    assert raised.value.__suppress_context__
    return raised.value.reason


# Consent


def test_the_addresses_of_consent(server):
    url = urlsplit(consent_url(server.client, "s", VERIFIER, "ann@corp.example"))
    asked = dict(parse_qsl(url.query))
    assert f"{url.scheme}://{url.netloc}" == server.graph.authority_url
    assert url.path == "/organizations/oauth2/v2.0/authorize"
    assert asked["scope"] == "Calendars.ReadWrite User.Read openid profile offline_access"
    assert (asked["prompt"], asked["login_hint"]) == ("select_account", "ann@corp.example")
    assert asked["code_challenge_method"] == "S256"
    assert VERIFIER not in url.query
    admin = urlsplit(admin_consent_url(server.client, "s"))
    assert admin.path == "/organizations/v2.0/adminconsent"
    scope = dict(parse_qsl(admin.query))["scope"]
    assert scope == "https://graph.microsoft.com/Calendars.ReadWrite"


def test_people_may_be_sent_to_another_address_than_the_authoritys(server):
    client = replace(server.client, sign_in_url="https://login.example/")
    for url in (consent_url(client, "s", VERIFIER), admin_consent_url(client, "s")):
        assert url.startswith("https://login.example/organizations/")
    assert client.authority == server.client.authority
    assert exchange(client, code_for(server), VERIFIER).email == server.owner


def test_a_code_becomes_a_grant_once(server):
    answer = code_for(server)
    grant = exchange(server.client, answer, VERIFIER)
    mailbox = server.ann.mailbox
    assert (grant.email, grant.account_id) == (server.owner, mailbox.oid)
    assert grant.tenant_id == mailbox.tenant
    kept = []
    assert Delegated(server.client, grant.cache, kept.append).token()
    assert kept == []
    with pytest.raises(ConsentRefused, match="code_refused"):
        exchange(server.client, answer, VERIFIER)
    assert "secret" not in repr(grant).lower() + repr(server.client).lower().replace(
        "client_secret", ""
    )


def test_a_code_is_worth_nothing_without_its_verifier(server):
    with pytest.raises((ConsentRefused, Retryable)):
        exchange(server.client, code_for(server), "w" * 64)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "access_denied", "error_description": "AADSTS65004: declined"}, "cancelled"),
        ({"error": "access_denied"}, "cancelled"),
        ({"error": "consent_required", "error_description": "AADSTS65001: x"}, "admin_needed"),
        ({"error": "access_denied", "error_description": "AADSTS90094: x"}, "admin_needed"),
        ({"error": "access_denied", "error_description": "AADSTS53003: x"}, "org_refused"),
        ({"error": "unauthorized_client", "error_description": "AADSTS700016"}, "client_refused"),
        ({}, "code_refused"),
        ({"code": "x", "state": "s"}, "code_refused"),
    ],
)
def test_a_refused_consent_has_a_reason(server, answer, reason):
    with pytest.raises(ConsentRefused) as raised:
        exchange(server.client, answer, VERIFIER)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_secret": "wrong"}, "client_refused"),
        ({"client_id": "unknown"}, "client_refused"),
        ({"redirect_uri": "http://127.0.0.1/other"}, "client_refused"),
    ],
)
def test_a_mistake_of_the_administrator_is_named(server, changes, reason):
    with pytest.raises(ConsentRefused) as raised:
        exchange(replace(server.client, **changes), code_for(server), VERIFIER)
    assert raised.value.reason == reason


def test_less_than_was_asked_for_is_not_enough(server):
    answer = code_for(server, scope="User.Read openid profile offline_access")
    with pytest.raises(ConsentRefused) as raised:
        exchange(server.client, answer, VERIFIER)
    assert raised.value.reason in ("scope_missing", "admin_needed")


# Logins


def test_a_revoked_grant_needs_its_owner(server):
    server.graph.faults.expire_refresh_tokens()
    server.expire_login()
    with pytest.raises(AuthRequired, match="AADSTS700082"):
        listing(server.provider())


def test_a_wrong_client_secret_is_not_the_owners_fault(server):
    server.client = replace(server.client, client_secret="changed")
    server.expire_login()
    with pytest.raises(Retryable) as raised:
        listing(server.provider())
    assert raised.value.after == 3_600
    assert "changed" not in str(raised.value)


@pytest.mark.parametrize("cache", ["", "{}"])
def test_without_a_grant_its_owner_is_needed(server, cache):
    with pytest.raises(AuthRequired):
        Delegated(server.client, cache, lambda _: None).token()


def test_an_unwell_login_service_is_waited_for(server):
    server.expire_login()
    server.graph.faults.add(status=503, match="/token", times=None, retry_after=9)
    with pytest.raises(Retryable) as raised:
        listing(server.provider())
    assert raised.value.after == 9


def test_an_application_reads_and_writes_a_mailbox(server):
    created = server.create(LUNCH)
    provider = application(server)
    assert set(listing(provider)[0]) == {created}
    server.expire_login()
    assert set(listing(provider)[0]) == {created}


def test_an_application_logs_in_once_in_a_process(server):
    def logins():
        return sum(one.path.endswith("/token") for one in server.graph.requests)

    before = logins()
    listing(application(server))
    listing(application(server))
    assert logins() == before + 1


def test_no_log_holds_a_secret(server, caplog):
    caplog.set_level("DEBUG")
    server.create(LUNCH)
    server.expire_login()
    listing(server.provider())
    listing(application(server))
    assert caplog.text
    held = json.loads(server.cache)
    kinds = ("AccessToken", "RefreshToken")
    secrets = [one["secret"] for kind in kinds for one in held[kind].values()]
    for secret in [DEMO_SECRET, *secrets]:
        assert secret not in caplog.text


# Whether it works


def test_a_connection_says_whose_mailbox_it_is(server):
    for provider in (server.provider(), application(server)):
        found = provider.check()
        assert (found.email, found.zone) == (server.owner, server.zone)
    assert server.provider().check().account_id == server.ann.mailbox.oid


def test_what_is_wrong_with_an_applications_login(server):
    assert refused(application(server, client_secret="wrong")) == "secret_wrong"
    assert refused(application(server, client_id="unknown")) == "client_unknown"
    unknown = replace(own(server), tenant="nowhere.example")
    provider = GraphProvider(Application(unknown), mailbox="a@b.example")
    assert refused(provider) == "tenant_unknown"
    anybody = GraphProvider(Application(replace(unknown, tenant="organizations")), mailbox="a@b")
    assert refused(anybody) == "tenant_unknown"
    app = server.graph.login.apps[server.client.client_id]
    app.secrets["old"] = datetime.now(timezone.utc) - timedelta(days=1)
    assert refused(application(server, client_secret="old")) == "secret_expired"


def test_what_is_wrong_with_a_mailbox(server):
    assert refused(application(server, "nobody@corp.example")) == "no_mailbox"
    server.graph.faults.limit_app(DOMAIN, ["host@corp.example"])
    assert refused(application(server)) == "out_of_scope"
    server.graph.faults.limit_app(DOMAIN, None)
    server.graph.faults.without_rest(server.owner)
    assert refused(application(server)) == "mailbox_elsewhere"
    assert refused(server.provider()) == "mailbox_elsewhere"


def test_what_is_wrong_with_a_persons_login(server):
    provider = server.provider()
    server.revoke_login()
    assert refused(provider) == "consent_refused"


def test_what_is_wrong_on_the_way(server):
    server.fail("throttled")
    assert refused(server.provider()) == "throttled"
    server.recover()
    secure = server.graph.secure_api_url
    assert application(server, url=secure, ca_file=server.graph.ca_file).check().email
    assert refused(application(server, url=secure)) == "tls"
    assert refused(application(server, url="http://127.0.0.1:9/v1.0")) == "unreachable"
    assert refused(application(server, url="http://nowhere.invalid/v1.0")) == "dns"
    server.fail("slow")
    assert refused(application(server, timeout=0.3)) == "timeout"
    server.recover()


def test_a_client_is_known_by_what_it_says():
    assert "hidden" not in repr(Client("id", "hidden", "hidden"))
    assert LoginRefused("secret_wrong").reason in CONNECTION
