"""OAuth 2: the consent page, codes with PKCE, tokens, revocation."""

import base64
import hashlib
import json
import re
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from google.auth.exceptions import RefreshError

from simulators.conftest import Clock, Service
from simulators.google import GoogleSimulator
from simulators.google_oauth import DEMO_CLIENT, DEMO_SECRET, MOST_REFRESH_TOKENS
from simulators.google_owner import Owner
from simulators.google_scopes import PREFIX

EVENTS, LIST = PREFIX + "calendar.events", PREFIX + "calendar.calendarlist.readonly"
BACK = "http://127.0.0.1:8069/synced_meetings/oauth/google"
VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
ASKED = {
    "client_id": DEMO_CLIENT,
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": f"openid email {EVENTS} {LIST}",
    "access_type": "offline",
    "prompt": "consent",
    "state": "s 1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def fetch(url: str, form: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any, str]:
    """Return status, headers and text, without following redirects."""
    data = urlencode(form, doseq=True).encode() if form is not None else None
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def decide(google: GoogleSimulator, decision: str = "allow", **form: Any) -> dict[str, str]:
    """Return what the client gets back after a person decided."""
    given = {**ASKED, "account": "ann@corp.example", "decision": decision, **form}
    status, headers, _ = fetch(google.auth_url, given)
    assert status == 302
    url = urlsplit(headers["Location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == BACK
    return {name: values[0] for name, values in parse_qs(url.query).items()}


def exchange(google: GoogleSimulator, code: str, /, **form: Any) -> tuple[int, dict[str, Any]]:
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": DEMO_CLIENT,
        "client_secret": DEMO_SECRET,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    status, _, text = fetch(google.token_url, {**given, **form})
    return status, json.loads(text)


def refresh(google: GoogleSimulator, token: str, **form: Any) -> tuple[int, dict[str, Any]]:
    given = {"grant_type": "refresh_token", "refresh_token": token}
    client = {"client_id": DEMO_CLIENT, "client_secret": DEMO_SECRET}
    status, _, text = fetch(google.token_url, {**given, **client, **form})
    return status, json.loads(text)


def test_the_consent_page_asks_everything(google: GoogleSimulator, ann: Owner, bob: Owner) -> None:
    hint = {"login_hint": "bob@corp.example"}
    status, headers, text = fetch(f"{google.auth_url}?{urlencode({**ASKED, **hint})}")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Synced Meetings wants access" in text
    assert "View and edit events on all your calendars" in text
    assert text.count('type="radio"') == 2
    assert re.search(r'value="bob@corp\.example" required checked', text)
    assert text.count('type="checkbox"') == 3
    assert text.count("checked disabled") == 1  # who one is cannot be kept back
    assert '<html lang="en">' in text
    assert 'name="viewport"' in text


def test_from_consent_to_tokens(google: GoogleSimulator, ann: Owner) -> None:
    answer = decide(google, allowed=[EVENTS, LIST])
    assert answer["state"] == "s 1"
    status, tokens = exchange(google, answer["code"])
    assert status == 200
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3_599
    assert {EVENTS, LIST, "openid"} <= set(tokens["scope"].split())
    claims = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "=="))
    assert (claims["email"], claims["aud"]) == ("ann@corp.example", DEMO_CLIENT)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert json.loads(fetch(google.userinfo_url, **bearer)[2]) == {
        "sub": claims["sub"],
        "email": "ann@corp.example",
        "email_verified": True,
    }
    assert fetch(google.userinfo_url)[0] == 401


def test_scopes_can_be_unticked(google: GoogleSimulator, ann: Owner) -> None:
    answer = decide(google, allowed=[LIST])
    assert EVENTS not in answer["scope"]
    _, tokens = exchange(google, answer["code"])
    assert EVENTS not in tokens["scope"]
    assert LIST in tokens["scope"]


def test_cancel(google: GoogleSimulator, ann: Owner) -> None:
    assert decide(google, "cancel") == {"error": "access_denied", "state": "s 1"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"client_id": None}, 400, "invalid_request"),
        ({"redirect_uri": "http://evil.example/"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"scope": ""}, 400, "invalid_request"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"code_challenge_method": None}, 400, "invalid_request"),
        ({"code_challenge": "short"}, 400, "invalid_request"),
        ({"access_type": "sometimes"}, 400, "invalid_request"),
    ],
)
def test_wrong_requests_are_shown_to_the_person(
    google: GoogleSimulator, ann: Owner, change: dict, status: int, code: str
) -> None:
    query = {name: value for name, value in {**ASKED, **change}.items() if value is not None}
    for found in (fetch(f"{google.auth_url}?{urlencode(query)}"), fetch(google.auth_url, query)):
        assert found[0] == status
        assert "Access blocked" in found[2]
        assert code in found[2]


def test_registered_addresses(google: GoogleSimulator, ann: Owner) -> None:
    client = google.oauth.clients[DEMO_CLIENT]
    for uri in ("https://odoo.example/back", "http://localhost:8069/back"):
        assert client.takes(uri)
    client.redirect_uris = ["https://odoo.example/back"]
    assert not client.takes(BACK)


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"code_verifier": "wrong" * 10}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"redirect_uri": "https://odoo.example/"}, 400, "redirect_uri_mismatch"),
        ({"code": "4/made-up"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_codes_are_checked(
    google: GoogleSimulator, ann: Owner, form: dict, status: int, error: str
) -> None:
    code = decide(google, allowed=[EVENTS])["code"]
    assert exchange(google, code, **form)[0] == status
    code = decide(google, allowed=[EVENTS])["code"]
    assert exchange(google, code, **form)[1]["error"] == error


def test_codes_serve_once_and_not_for_long(
    google: GoogleSimulator, ann: Owner, clock: Clock
) -> None:
    code = decide(google, allowed=[EVENTS])["code"]
    assert exchange(google, code)[0] == 200
    assert exchange(google, code)[1]["error"] == "invalid_grant"
    code = decide(google, allowed=[EVENTS])["code"]
    clock.forward(minutes=11)
    assert exchange(google, code)[1]["error"] == "invalid_grant"


def test_basic_authentication_of_the_client(google: GoogleSimulator, ann: Owner) -> None:
    code = google.code("ann@corp.example")
    pair = base64.b64encode(f"{DEMO_CLIENT}:{DEMO_SECRET}".encode()).decode()
    form = {"grant_type": "authorization_code", "code": code}
    form["redirect_uri"] = "http://127.0.0.1/callback"
    assert fetch(google.token_url, form, Authorization=f"Basic {pair}")[0] == 200


def test_refresh_tokens_come_with_consent_only(google: GoogleSimulator, ann: Owner) -> None:
    def granted(**query: str) -> bool:
        code = google.code("ann@corp.example", BACK, **query)
        return "refresh_token" in exchange(google, code, code_verifier="")[1]

    assert granted(prompt="", access_type="online") is False
    google.oauth.end("ann@corp.example")
    assert granted(prompt="") is True  # the first consent
    assert granted(prompt="") is False
    assert granted(prompt="select_account consent") is True


def test_refreshing(google: GoogleSimulator, ann: Owner) -> None:
    token = google.consent("ann@corp.example")["refresh_token"]
    status, tokens = refresh(google, token)
    assert status == 200
    assert "refresh_token" not in tokens
    assert refresh(google, token, scope=EVENTS)[1]["scope"] == EVENTS
    assert refresh(google, token, scope=PREFIX + "calendar")[1]["error"] == "invalid_scope"
    assert refresh(google, token, client_secret="x")[1]["error"] == "invalid_client"


def test_earlier_scopes_can_be_included(google: GoogleSimulator, ann: Owner) -> None:
    google.consent("ann@corp.example", scope=EVENTS)
    apart = google.consent("ann@corp.example", scope=LIST)
    both = google.consent("ann@corp.example", scope=LIST, include_granted_scopes="true")
    assert apart["scope"] == LIST
    assert both["scope"].split() == [LIST, EVENTS]


def test_access_ends_with_its_hour(
    google: GoogleSimulator, calendar: Service, clock: Clock
) -> None:
    calendar.events().list(calendarId="primary").execute()
    clock.forward(seconds=3_598)
    calendar.events().list(calendarId="primary").execute()
    clock.forward(seconds=2)
    calendar.events().list(calendarId="primary").execute()
    assert [one.path.rsplit("/", 1)[1] for one in google.requests].count("token") == 2


def test_revoking_any_token_ends_the_grant(
    google: GoogleSimulator, ann: Owner, calendar: Service
) -> None:
    tokens = google.consent("ann@corp.example")
    assert fetch(google.revoke_url, {"token": tokens["access_token"]})[0] == 200
    assert refresh(google, tokens["refresh_token"])[1] == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }
    status, _, text = fetch(google.revoke_url, {"token": tokens["refresh_token"]})
    assert (status, json.loads(text)["error"]) == (400, "invalid_token")
    with pytest.raises(RefreshError, match="invalid_grant: Token has been expired or revoked"):
        calendar.events().list(calendarId="primary").execute()


def test_grants_die_of_old_age(google: GoogleSimulator, ann: Owner, clock: Clock) -> None:
    token = google.consent("ann@corp.example")["refresh_token"]
    clock.forward(days=170)
    assert refresh(google, token)[0] == 200
    clock.forward(days=170)
    assert refresh(google, token)[0] == 200  # use keeps it alive
    clock.forward(days=181)
    assert refresh(google, token)[1]["error"] == "invalid_grant"
    google.oauth.clients[DEMO_CLIENT].testing = True
    token = google.consent("ann@corp.example")["refresh_token"]
    clock.forward(days=8)
    assert refresh(google, token)[1]["error"] == "invalid_grant"


def test_the_oldest_of_too_many_tokens_dies(google: GoogleSimulator, ann: Owner) -> None:
    tokens = [
        google.consent("ann@corp.example")["refresh_token"] for _ in range(MOST_REFRESH_TOKENS + 1)
    ]
    assert refresh(google, tokens[0])[1]["error"] == "invalid_grant"
    assert refresh(google, tokens[1])[0] == 200
