"""Consent, codes and tokens, without a server."""

import base64
import json
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from odoo.addons.synced_meetings_google.provider import oauth

EXPIRES = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
CLIENT = oauth.Client("cid", "the-secret", "https://erp.example/synced_meetings/oauth/google")


def tokens(scopes=(), id_token=""):
    return oauth.Tokens("ya29.access", "1//refresh", EXPIRES, frozenset(scopes), id_token)


def id_token(claims):
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.signature"


def test_the_consent_address_asks_for_all_that_is_needed():
    address = oauth.consent_url(CLIENT, "the-state", "v" * 64, login_hint="ann@corp.example")
    assert address.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()} == {
        "client_id": "cid",
        "redirect_uri": CLIENT.redirect_uri,
        "response_type": "code",
        "scope": "openid email https://www.googleapis.com/auth/calendar.events"
        " https://www.googleapis.com/auth/calendar.calendarlist.readonly"
        " https://www.googleapis.com/auth/calendar.freebusy",
        "access_type": "offline",
        "prompt": "consent",
        "include_granted_scopes": "true",
        "state": "the-state",
        "code_challenge": oauth.challenge("v" * 64),
        "code_challenge_method": "S256",
        "login_hint": "ann@corp.example",
    }
    assert "the-secret" not in address


def test_the_challenge_is_the_one_of_rfc_7636():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # appendix B
    assert oauth.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_states_and_verifiers_are_long_and_never_the_same():
    assert 43 <= len(oauth.new_verifier()) <= 128
    assert (
        len({oauth.new_state() for _ in range(9)} | {oauth.new_verifier() for _ in range(9)}) == 18
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [({"error": "access_denied", "code": "x"}, "access_denied"), ({}, "no_code")],
)
def test_a_refused_consent(answer, reason):
    with pytest.raises(oauth.ConsentRefused) as raised:
        oauth.code_of(answer)
    assert raised.value.reason == reason


def test_a_given_consent():
    assert oauth.code_of({"code": "4/0A", "state": "s"}) == "4/0A"


def test_missing_scopes_are_named():
    events, calendars, busy = oauth.SCOPES
    assert oauth.missing_scopes(tokens(oauth.SCOPES)) == frozenset()
    assert oauth.missing_scopes(tokens([events])) == {calendars, busy}
    with pytest.raises(oauth.ScopesMissing) as raised:
        oauth.require_scopes(tokens(["openid", calendars, busy]))
    assert raised.value.missing == {events}


def test_a_wider_scope_contains_ours():
    assert oauth.missing_scopes(tokens(["https://www.googleapis.com/auth/calendar"])) == frozenset()
    granted = tokens(["https://www.googleapis.com/auth/userinfo.email"])
    assert oauth.missing_scopes(granted, ["email"]) == frozenset()


def test_who_consented():
    found = oauth.identity_of(tokens(id_token=id_token({"email": "Ann@corp.example", "sub": "1"})))
    assert found == oauth.Identity("ann@corp.example", "1")


@pytest.mark.parametrize("text", ["", "a.b", "a.!!.c", id_token([]), id_token({}), "a.ÿ.c", "..."])
def test_an_unreadable_id_token_names_nobody(text):
    assert oauth.identity_of(tokens(id_token=text)) == oauth.Identity()


def test_credentials_and_back():
    credentials = tokens().credentials(CLIENT)
    assert (credentials.token, credentials.refresh_token) == ("ya29.access", "1//refresh")
    assert (credentials.token_uri, credentials.scopes) == (oauth.TOKEN_URL, None)
    assert oauth.Tokens.of(credentials) == tokens()
    empty = oauth.Tokens("", "1//refresh").credentials(CLIENT)
    assert not empty.valid
    assert oauth.Tokens.of(empty) == oauth.Tokens("", "1//refresh")


def test_nothing_shows_a_secret():
    shown = f"{CLIENT!r} {tokens(id_token='the-id-token')!r}"
    for secret in ("the-secret", "ya29", "1//", "the-id-token"):
        assert secret not in shown
