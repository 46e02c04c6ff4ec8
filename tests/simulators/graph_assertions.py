"""Applications that prove themselves with a certificate instead of a secret.

https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from .graph_login import App, LoginError

Claims = dict[str, Any]
PADDINGS = {
    "RS256": padding.PKCS1v15(),
    "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size),
}
SKEW = 300  # seconds


def check_assertion(app: App, assertion: str, audience: str, now: datetime) -> None:
    """Refuse an assertion that none of the application's certificates signed, or an old one."""
    header, claims, signed, signature = _taken_apart(assertion)
    certificate = _certificate(app, header)
    if header.get("alg") not in PADDINGS or not _verified(certificate, header, signed, signature):
        message = "Client assertion failed signature validation."
        raise LoginError("invalid_client", 700027, message, status=401)
    if claims.get("iss") != app.id or claims.get("sub") != app.id:
        message = "Client assertion contains an invalid issuer or subject."
        raise LoginError("invalid_client", 700021, message, status=401)
    if claims.get("aud") not in (f"{audience}/oauth2/v2.0/token", f"{audience}/v2.0"):
        message = f"Client assertion audience claim does not match '{audience}/oauth2/v2.0/token'."
        raise LoginError("invalid_client", 700023, message, status=401)
    if not isinstance(claims.get("exp"), int) or claims["exp"] < now.timestamp() - SKEW:
        message = "Client assertion is not within its valid time range."
        raise LoginError("invalid_client", 700024, message, status=401)
    if certificate.not_valid_after_utc < now:
        message = f"The certificate of app '{app.id}' has expired."
        raise LoginError("invalid_client", 1000502, message, status=401)


def _taken_apart(assertion: str) -> tuple[Claims, Claims, bytes, bytes]:
    try:
        head, payload, signature = assertion.split(".")
        header, claims = (json.loads(_decoded(one)) for one in (head, payload))
        return header, claims, f"{head}.{payload}".encode(), _decoded(signature)
    except (ValueError, TypeError, binascii.Error):
        message = "Client assertion is malformed."
        raise LoginError("invalid_request", 50027, message) from None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _certificate(app: App, header: Claims) -> x509.Certificate:
    """Return the certificate that the header names by its thumbprint."""
    names = {"x5t": hashes.SHA1(), "x5t#S256": hashes.SHA256()}
    for one in app.certificates:
        for name, method in names.items():
            print_ = base64.urlsafe_b64encode(one.fingerprint(method)).decode().rstrip("=")
            if str(header.get(name, "")).rstrip("=") == print_:
                return one
    message = "The certificate used to sign the client assertion is not registered on application."
    raise LoginError("invalid_client", 700027, message, status=401)


def _verified(
    certificate: x509.Certificate, header: Claims, signed: bytes, signature: bytes
) -> bool:
    try:
        key: Any = certificate.public_key()
        key.verify(signature, signed, PADDINGS[header["alg"]], hashes.SHA256())
    except InvalidSignature:
        return False
    return True
