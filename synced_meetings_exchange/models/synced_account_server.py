"""Accounts of own Exchange servers: their login, and how the server is reached."""

import hashlib
import os
from pathlib import Path

from odoo import models
from odoo.tools import config

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import AuthRequired

from .synced_account import KNOWN, PASSWORD, SERVICE_PASSWORD

# What a server calls itself in the protocol: 2019 and Subscription Edition speak as 2016 does.
API_VERSIONS = {"Exchange2019": "Exchange2016"}
TIMEOUT = 30.0  # seconds
FOLDER = "synced_meetings_exchange"


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    def _exchange_own_server(self, remote_id=None):
        """Return the mailbox through EWS. Raises `AuthRequired` and `KeyMissing`."""
        from ..provider.ews import EwsProvider

        return EwsProvider(
            self._exchange_server(),
            self.email,
            remote_id,
            known=self._secret(KNOWN),
            keep=self._exchange_kept(KNOWN),
            timeout=self._patience(TIMEOUT),
        )

    def _exchange_server(self):
        """Return the server with the login, as the adapter takes it."""
        from ..provider.ews_session import Server

        username, password = self._exchange_credentials()
        if not password:
            raise AuthRequired("no password")
        record = self.server_id.sudo()
        version = record.version if record else self.version
        return Server(
            url=self._exchange_address(),
            username=username,
            password=password,
            auth_method=self.auth_method,
            impersonate=self.impersonation,
            version=API_VERSIONS.get(version, version or ""),
            ca_file=_kept_file(record.ca_certificates) if record.ca_certificates else "",
            verify=record.verify_tls if record else True,
            allowed=self._exchange_allowed_hosts(),
        )

    def _exchange_credentials(self):
        """Return user name and password. Raises `KeyMissing`."""
        if not self.impersonation:
            return self._exchange_login_name(), self._secret(PASSWORD)
        if self.impersonation_email:
            return self.impersonation_email, self._secret(SERVICE_PASSWORD)
        return self._exchange_login_name(), self.server_id.sudo()._service_password()

    def _exchange_login_name(self):
        """Return under which name the account logs in at its server."""
        if not self.impersonation:
            return self.username or self.email or ""
        return self.impersonation_email or self.server_id.sudo().service_login or ""

    def _exchange_address(self):
        return self.server_id.sudo().url or self.server_url or ""

    def _exchange_host(self):
        return (self._exchange_address().split("/") + [""] * 3)[2]

    def _exchange_check_login(self):
        """Raise `ConsentFailed` where the server or the login is not complete, or not allowed."""
        from ..provider.address import address_of, addresses_of
        from ..provider.trouble import ConnectionRefused

        username, password = self._exchange_credentials()
        if self.impersonation and not (username and password):
            raise ConsentFailed("service_missing")
        if not password:
            raise ConsentFailed("password_missing", account=username)
        try:
            address = address_of(self._exchange_address())
            addresses_of(address.host, address.port, self._exchange_allowed_hosts())
        except ConnectionRefused as refused:
            raise ConsentFailed(refused.reason, **refused.values) from None

    def _exchange_allowed_hosts(self):
        """Return the hosts that an administrator allowed although they are in a private network."""
        from ..provider.address import address_of, hosts_of

        servers = self.env["synced.exchange.server"].sudo().search([("private_network", "=", True)])
        listed = hosts_of(self._exchange_parameter("private_hosts"))
        return listed | {address_of(server.url).host for server in servers}


def _kept_file(text):
    """Return the path of a file with this text; its name follows from it, so none is ever stale."""
    folder = Path(config["data_dir"]) / FOLDER
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()}.pem"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.replace(path)
    return str(path)
