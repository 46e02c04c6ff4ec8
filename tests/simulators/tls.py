"""A certificate authority made on the fly, and with it a server certificate for this machine."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey
LIFE = timedelta(days=3650)


class Authority:
    """Signs certificates; ``ca_file`` is what its clients must trust."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="authority")
        self.folder = Path(folder or self._temporary.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = _key()
        self.name = _name("Simulated certificate authority")
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        builder = _builder(self.name, self.name, self.key).add_extension(usage, critical=True)
        builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
        self.certificate = builder.add_extension(own, critical=False).sign(
            self.key, hashes.SHA256()
        )
        self.ca_file = str(self.folder / "ca.pem")
        Path(self.ca_file).write_bytes(_pem(self.certificate))

    def context(self, hosts: tuple[str, ...] = ("localhost",)) -> ssl.SSLContext:
        """Return what a server on 127.0.0.1, or under these names, needs to speak TLS."""
        key = _key()
        names = [x509.DNSName(host) for host in hosts]
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        builder = _builder(_name(hosts[0]), self.name, key)
        for extension in (
            x509.SubjectAlternativeName(names),
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
        ):
            builder = builder.add_extension(extension, critical=False)
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        path = self.folder / f"{hosts[0]}.pem"
        path.write_bytes(_private(key) + _pem(builder.sign(self.key, hashes.SHA256())))
        path.chmod(0o600)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@cache
def authority() -> Authority:
    """Return the one authority of this process."""
    return Authority()


def _key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(subject: x509.Name, issuer: x509.Name, key: Key) -> x509.CertificateBuilder:
    # Certificates are judged by the client's own clock, whatever time the simulator was told.
    begins = datetime.now(timezone.utc) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.not_valid_before(begins).not_valid_after(begins + LIFE)
    return builder.serial_number(x509.random_serial_number()).public_key(key.public_key())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
