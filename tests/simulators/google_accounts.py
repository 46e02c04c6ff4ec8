"""Service accounts, and what administrators let them do in the name of their people.

https://developers.google.com/identity/protocols/oauth2/service-account
https://support.google.com/a/answer/162106 (domain-wide delegation)

A service account asks for access with a JWT that it signed. With ``sub`` it acts as that person, as
far as the administrator of the person's domain granted scopes to its client id; without, it is a
user with a calendar of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .google_oauth import OAuthError, canonical, known_scope
from .jwt import Claims, Token, taken_apart

if TYPE_CHECKING:
    from .google_oauth import OAuth

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
AUDIENCES = (  # google-auth names the first wherever it sends the JWT; Google takes older ones, too
    AUDIENCE,
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
)
LONGEST, SKEW = 3_600, 300  # seconds


@dataclass
class ServiceAccount:
    """A service account, as the Cloud console knows it."""

    email: str
    client_id: str  # the number that administrators delegate to
    key_id: str
    public_key: str  # PEM


def new_key() -> tuple[str, str]:
    """Return a private and a public key as PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def key_file(account: ServiceAccount, private_key: str, token_uri: str) -> dict[str, str]:
    """Return the JSON key that the Cloud console lets one download."""
    return {
        "type": "service_account",
        "project_id": account.email.partition("@")[2].partition(".")[0],
        "private_key_id": account.key_id,
        "private_key": private_key,
        "client_email": account.email,
        "client_id": account.client_id,
        "token_uri": token_uri,
    }


class Assertions:
    """Reads the JWTs of service accounts."""

    def __init__(self, oauth: OAuth, token_url: str) -> None:
        self.oauth, self.audiences = oauth, (*AUDIENCES, token_url)

    def read(self, assertion: str) -> tuple[str, ServiceAccount, list[str]]:
        """Return as whom the account may act and for what; raise what Google answers else."""
        header, claims, signed, signature = _parts(assertion)
        account = self.oauth.accounts.get(str(claims.get("iss")))
        if account is None:
            raise OAuthError("invalid_grant", "Invalid grant: account not found")
        _check_signature(account, header, signed, signature)
        self._check_claims(claims)
        scopes = _scopes(claims)
        person = str(claims.get("sub") or account.email).lower()
        if person != account.email:
            self._check_delegation(account, person, scopes)
        return person, account, scopes

    def _check_claims(self, claims: Claims) -> None:
        if claims.get("aud") not in self.audiences:
            text = f"Invalid JWT: Failed audience check. The right audience is {AUDIENCE}"
            raise OAuthError("invalid_grant", text)
        now, begun, ends = self.oauth.now(), claims.get("iat"), claims.get("exp")
        numbers = isinstance(begun, int | float) and isinstance(ends, int | float)
        if not numbers or not (begun - SKEW <= now <= ends + SKEW and 0 < ends - begun <= LONGEST):
            text = (
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim."
            )
            raise OAuthError("invalid_grant", text)

    def _check_delegation(self, account: ServiceAccount, person: str, scopes: list[str]) -> None:
        if person not in self.oauth.world.users:
            raise OAuthError("invalid_grant", "Invalid email or User ID")
        granted = self.oauth.delegated(person.partition("@")[2], account.client_id)
        allowed = [one for one in scopes if one in granted]
        if not allowed:
            text = (
                "Client is unauthorized to retrieve access tokens using this method, or client "
                "not authorized for any of the scopes requested."
            )
            raise OAuthError("unauthorized_client", text, 401)
        if allowed != scopes:  # the guide: access_denied, one or more scopes are not authorised
            raise OAuthError("access_denied", "Requested client not authorized.", 403)


def _parts(assertion: str) -> Token:
    try:
        return taken_apart(assertion)
    except ValueError:
        raise OAuthError("invalid_request", "Bad Request") from None


def _check_signature(
    account: ServiceAccount, header: Claims, signed: bytes, signature: bytes
) -> None:
    key = serialization.load_pem_public_key(account.public_key.encode())
    try:
        if header.get("alg") != "RS256" or header.get("kid", account.key_id) != account.key_id:
            raise InvalidSignature
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise OAuthError("invalid_grant", "Invalid JWT Signature.") from None


def _scopes(claims: Claims) -> list[str]:
    scopes = str(claims.get("scope") or "").split()
    if not scopes:
        raise OAuthError("invalid_scope", "Empty or missing scope not allowed.")
    if not all(known_scope(one) for one in scopes):
        raise OAuthError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return [canonical(one) for one in scopes]
