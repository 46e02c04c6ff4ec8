"""From consent to tokens and back, against the simulated Google over real HTTP."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.synced_meetings.sync.errors import Retryable
from odoo.addons.synced_meetings_google.provider import oauth

from simulators.google import GoogleSimulator

from .google_server import GoogleServer

NOW = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)


@pytest.fixture
def server():
    with GoogleSimulator() as google:
        yield GoogleServer(google)


def code_for(server, verifier, scopes=(*oauth.IDENTITY, *oauth.SCOPES)):
    proof = {"code_challenge": oauth.challenge(verifier), "code_challenge_method": "S256"}
    return server.google.code(server.owner, scope=scopes, **proof)


def test_a_code_becomes_tokens_once(server):
    verifier = oauth.new_verifier()
    code = code_for(server, verifier)
    tokens = oauth.exchange(server.client, code, verifier, NOW)
    oauth.require_scopes(tokens)
    assert tokens.access_token
    assert tokens.refresh_token
    assert tokens.expires == NOW + timedelta(seconds=3_599)
    identity = oauth.identity_of(tokens)
    assert identity.email == server.owner
    assert identity.account_id
    with pytest.raises(oauth.CodeRefused, match="invalid_grant"):
        oauth.exchange(server.client, code, verifier)


def test_a_code_is_worth_nothing_without_its_verifier(server):
    code = code_for(server, oauth.new_verifier())
    with pytest.raises(oauth.CodeRefused):
        oauth.exchange(server.client, code, oauth.new_verifier())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1/other"}, "redirect_uri_mismatch"),
    ],
)
def test_a_mistake_of_the_administrator_is_named(server, changes, reason):
    verifier = oauth.new_verifier()
    code = code_for(server, verifier)
    with pytest.raises(oauth.ClientRefused) as raised:
        oauth.exchange(replace(server.client, **changes), code, verifier)
    assert raised.value.reason == reason
    assert "wrong" not in repr(raised.value)


def test_scopes_that_were_unticked_are_missed(server):
    verifier = oauth.new_verifier()
    code = code_for(server, verifier, [*oauth.IDENTITY, *oauth.SCOPES[1:]])
    tokens = oauth.exchange(server.client, code, verifier)
    with pytest.raises(oauth.ScopesMissing) as raised:
        oauth.require_scopes(tokens)
    assert raised.value.missing == {oauth.EVENTS}


def test_a_grant_can_be_withdrawn_once(server):
    verifier = oauth.new_verifier()
    tokens = oauth.exchange(server.client, code_for(server, verifier), verifier)
    assert oauth.revoke(server.client, tokens.refresh_token)
    assert not oauth.revoke(server.client, tokens.refresh_token)


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"drop": "before"}])
def test_an_outage_is_retryable_and_tells_no_secret(server, fault):
    verifier = oauth.new_verifier()
    code = code_for(server, verifier)
    server.google.faults.add(times=None, **fault)
    with pytest.raises(Retryable) as raised:
        oauth.exchange(server.client, code, verifier)
    assert raised.value.__cause__ is None
    assert server.client.client_secret not in repr(raised.value)


def test_the_consent_address_is_one_that_google_takes(server):
    address = oauth.consent_url(
        server.client, oauth.new_state(), oauth.new_verifier(), login_hint=server.owner
    )
    answer = oauth.requests.get(address, timeout=10)
    assert answer.status_code == 200
    assert server.owner in answer.text
