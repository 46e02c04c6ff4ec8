"""Service accounts with google-auth: delegation, its refusals, and a calendar of their own."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError
from google.oauth2 import _client, service_account
from googleapiclient.discovery import build

from simulators.conftest import Clock, Service, look, meeting, refusal
from simulators.google import SCOPES, GoogleSimulator
from simulators.google_accounts import AUDIENCE, new_key
from simulators.google_oauth import DEMO_CLIENT
from simulators.google_owner import Owner
from simulators.google_scopes import PREFIX
from simulators.google_time import UTC

EVENTS = PREFIX + "calendar.events"
Key = dict[str, str]
Connect = Callable[..., Service]


@pytest.fixture
def clock() -> Clock:
    """Return a clock that begins now: google-auth goes by the machine's."""
    found = Clock()
    found.time = datetime.now(UTC)
    return found


@pytest.fixture
def key(google: GoogleSimulator, ann: Owner, bob: Owner) -> Key:
    """Return the key of a service account to which Ann's domain delegated everything."""
    key = google.add_service_account()
    google.delegate("corp.example", key["client_id"])
    return key


@pytest.fixture
def connect_as(google: GoogleSimulator, key: Key) -> Connect:
    """Return a function that builds Google's client for whom the account acts for."""

    def connect_as(person: str = "", scopes: Any = SCOPES) -> Service:
        found = service_account.Credentials.from_service_account_info(key, scopes=scopes)
        if person:
            found = found.with_subject(person)
        return build(
            "calendar",
            "v3",
            http=google_auth_httplib2.AuthorizedHttp(found, http=httplib2.Http(timeout=30)),
            cache_discovery=False,
            static_discovery=True,
            client_options={"api_endpoint": google.api_url},
        )

    return connect_as


def insert(service: Service, **body: Any) -> Any:
    return service.events().insert(calendarId="primary", body=meeting(**body), sendUpdates="all")


def failure(service: Service) -> tuple[str, bool]:
    with pytest.raises(RefreshError) as caught:
        insert(service).execute()
    return caught.value.args[0], caught.value.retryable


def test_it_acts_as_people_of_the_domain(
    google: GoogleSimulator, ann: Owner, bob: Owner, connect_as: Connect
) -> None:
    event = insert(connect_as("Ann@corp.example"), attendees=[{"email": bob.email}]).execute()
    assert event["organizer"] == event["creator"] == {"email": ann.email, "self": True}
    assert [mail.to for mail in google.mails] == [bob.email]
    service = connect_as(bob.email)
    copy = service.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert copy["attendees"][0]["self"] is True
    assert refusal(insert(service, id=event["id"])) == (409, "duplicate")


def test_an_expired_token_is_renewed(google: GoogleSimulator, connect_as: Connect) -> None:
    service = connect_as("ann@corp.example")
    insert(service).execute()
    google.faults.expire_access_tokens()
    insert(service).execute()
    assert [one.status for one in google.requests] == [200, 200, 401, 200, 200]


def test_only_what_was_delegated(google: GoogleSimulator, key: Key, connect_as: Connect) -> None:
    google.delegate("corp.example", key["client_id"], [EVENTS])
    insert(connect_as("ann@corp.example", [EVENTS])).execute()
    text, retryable = failure(connect_as("ann@corp.example", [EVENTS, PREFIX + "calendar"]))
    assert (text, retryable) == ("access_denied: Requested client not authorized.", False)
    text, _ = failure(connect_as("ann@corp.example", [PREFIX + "calendar"]))
    assert text.startswith("unauthorized_client: Client is unauthorized to retrieve access tokens")
    google.delegate("corp.example", key["client_id"], [])
    assert failure(connect_as("ann@corp.example", [EVENTS]))[0].startswith("unauthorized_client")


def test_other_domains_and_strangers(google: GoogleSimulator, connect_as: Connect) -> None:
    google.add_user("eve@client.example")
    assert failure(connect_as("eve@client.example"))[0].startswith("unauthorized_client")
    text, _ = failure(connect_as("nobody@corp.example"))
    assert text == "invalid_grant: Invalid email or User ID"


def test_scopes_that_do_not_exist(connect_as: Connect) -> None:
    text, _ = failure(connect_as("ann@corp.example", ["calendar.events"]))
    assert text == "invalid_scope: Invalid OAuth scope or ID token audience provided."
    assert failure(connect_as("ann@corp.example", []))[0].startswith("invalid_scope: Empty")


def test_without_a_person_it_has_its_own_calendar(
    google: GoogleSimulator, ann: Owner, key: Key, connect_as: Connect
) -> None:
    ann.calendar().insert(meeting())
    service = connect_as(scopes=[PREFIX + "calendar"])
    assert service.events().list(calendarId="primary").execute()["items"] == []
    event = insert(service).execute()
    assert event["organizer"]["email"] == key["client_email"]
    assert refusal(insert(service, attendees=[{"email": ann.email}])) == (
        403,
        "forbiddenForServiceAccounts",
    )
    change = {"attendees": [{"email": ann.email}]}
    request = service.events().patch(calendarId="primary", eventId=event["id"], body=change)
    assert refusal(request) == (403, "forbiddenForServiceAccounts")
    assert refusal(service.events().list(calendarId=ann.email)) == (404, "notFound")
    ann.calendar().share(key["client_email"], "writer")
    assert len(service.events().list(calendarId=ann.email).execute()["items"]) == 1


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({}, ""),
        ({"aud": "https://www.googleapis.com/oauth2/v4/token"}, ""),
        ({"aud": "https://elsewhere.example/token"}, "invalid_grant: Invalid JWT: Failed audience"),
        ({"aud": None}, "invalid_grant: Invalid JWT: Failed audience"),
        ({"iss": "x@y.example"}, "invalid_grant: Invalid grant: account not found"),
        ({"iss": None}, "invalid_grant: Invalid grant: account not found"),
        ({"iat": -7_200, "exp": -3_600}, "invalid_grant: Invalid JWT: Token must be a short-lived"),
        ({"iat": 3_600, "exp": 7_200}, "invalid_grant: Invalid JWT: Token must be a short-lived"),
        ({"iat": 0, "exp": 3_601}, "invalid_grant: Invalid JWT: Token must be a short-lived"),
        ({"exp": None}, "invalid_grant: Invalid JWT: Token must be a short-lived"),
        ({"scope": None}, "invalid_scope: Empty or missing scope not allowed."),
    ],
)
def test_every_claim_is_checked(
    google: GoogleSimulator, key: Key, claims: dict[str, Any], error: str
) -> None:
    now = int(time.time())
    times = {name: now + claims[name] for name in ("iat", "exp") if claims.get(name) is not None}
    payload = {"iss": key["client_email"], "sub": "ann@corp.example", "scope": EVENTS}
    payload |= {"aud": AUDIENCE, "iat": now, "exp": now + 3_600, **claims, **times}
    assert grant(google, key["private_key"], key["private_key_id"], payload).startswith(error)


def grant(google: GoogleSimulator, private: str, key_id: str, payload: dict[str, Any]) -> str:
    signer = crypt.RSASigner.from_string(private, key_id)
    request = google_auth_httplib2.Request(httplib2.Http())
    try:
        token, _, answer = _client.jwt_grant(request, google.token_url, jwt.encode(signer, payload))
    except RefreshError as refused:
        return refused.args[0]
    assert set(answer) == {"access_token", "expires_in", "token_type"}
    return "" if token else "no token"


def test_every_signature_is_checked(google: GoogleSimulator, key: Key) -> None:
    now = int(time.time())
    payload = {"iss": key["client_email"], "scope": EVENTS, "aud": AUDIENCE}
    payload |= {"iat": now, "exp": now + 3_600}
    wrong = "invalid_grant: Invalid JWT Signature."
    assert grant(google, key["private_key"], "another key", payload) == wrong
    assert grant(google, new_key()[0], key["private_key_id"], payload) == wrong


@pytest.mark.parametrize("assertion", ["", "a.b.c", "e30.e30", "e30.W10.e30"])
def test_what_is_no_jwt(google: GoogleSimulator, assertion: str) -> None:
    with pytest.raises(RefreshError, match="invalid_request: Bad Request"):
        _client.jwt_grant(
            google_auth_httplib2.Request(httplib2.Http()), google.token_url, assertion
        )


def test_accounts_from_outside(google: GoogleSimulator, ann: Owner) -> None:
    key = look(google, "accounts", {"name": "robot"})
    body = {"domain": "corp.example", "client_id": key["client_id"], "scopes": [EVENTS]}
    assert list(look(google, "delegations", body).values()) == [[EVENTS]]
    now = int(time.time())
    payload = {"iss": key["client_email"], "sub": ann.email, "scope": EVENTS, "aud": AUDIENCE}
    payload |= {"iat": now, "exp": now + 3_600}
    assert grant(google, key["private_key"], key["private_key_id"], payload) == ""


def test_accounts_are_kept(
    google: GoogleSimulator, key: Key, connect_as: Connect, ann: Owner
) -> None:
    google.load(google.save())
    insert(connect_as("ann@corp.example")).execute()
    assert refusal(insert(connect_as(), attendees=[{"email": "ann@corp.example"}]))[0] == 403
    assert DEMO_CLIENT in google.oauth.clients
