"""Applications that prove themselves with a certificate instead of a secret.

https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from .graph_login import App, LoginError
from .jwt import Claims, Token, taken_apart

PADDINGS = {
    "RS256": padding.PKCS1v15(),
    "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size),
}
SKEW = 300  # seconds


def new_certificate() -> tuple[x509.Certificate, str]:
    """Return a certificate, and with its private key as PEM, for an application."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Simulated application")])
    begins = datetime.now(timezone.utc) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.not_valid_before(begins).not_valid_after(begins + timedelta(days=365))
    builder = builder.serial_number(x509.random_serial_number()).public_key(key.public_key())
    certificate = builder.sign(key, hashes.SHA256())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate, (pem + certificate.public_bytes(serialization.Encoding.PEM)).decode()


def check_assertion(app: App, assertion: str, audience: str, now: datetime) -> None:
    """Refuse an assertion that none of the application's certificates signed, or an old one."""
    header, claims, signed, signature = _parts(assertion)
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
    if not isinstance(claims.get("exp"), int | float) or claims["exp"] < now.timestamp() - SKEW:
        message = "Client assertion is not within its valid time range."
        raise LoginError("invalid_client", 700024, message, status=401)
    if _end(certificate) < now:
        message = f"The certificate of app '{app.id}' has expired."
        raise LoginError("invalid_client", 1000502, message, status=401)


def _parts(assertion: str) -> Token:
    try:
        return taken_apart(assertion)
    except ValueError:
        message = "Client assertion is malformed."
        raise LoginError("invalid_request", 50027, message) from None


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


def _end(certificate: x509.Certificate) -> datetime:
    if hasattr(certificate, "not_valid_after_utc"):
        return certificate.not_valid_after_utc
    return certificate.not_valid_after.replace(tzinfo=timezone.utc)  # cryptography before 42


def _verified(
    certificate: x509.Certificate, header: Claims, signed: bytes, signature: bytes
) -> bool:
    try:
        key: Any = certificate.public_key()
        key.verify(signature, signed, PADDINGS[header["alg"]], hashes.SHA256())
    except InvalidSignature:
        return False
    return True
