"""A consent that a user was sent away to give, until the provider sends the answer back."""

import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.http import STORED_SESSION_BYTES, request

LIFETIME = timedelta(minutes=10)


class ConsentFailed(Exception):
    """The account is not connected; ``reason`` is a code of `synced.account`'s sentences."""

    def __init__(self, reason, **values):
        super().__init__(reason)
        self.reason, self.values = reason, values


class SyncedConsent(models.TransientModel):
    # Neither the state nor the verifier is stored as it is: a backup must be of no use.
    _name = "synced.consent"
    _description = "Consent Under Way"

    account_id = fields.Many2one("synced.account", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    digest = fields.Char(required=True, index=True, groups=fields.NO_ACCESS)
    verifier = fields.Char(required=True, groups=fields.NO_ACCESS)
    session = fields.Char(groups=fields.NO_ACCESS, help="Empty where it began outside a browser.")
    popup = fields.Boolean(help="Whether the answer is shown in a window of its own.")
    expires = fields.Datetime(required=True)
    used = fields.Datetime()

    @api.model
    def _begin(self, account, popup=False):
        """Return a new (state, verifier) for ``account``, to be sent to the provider."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        self.sudo().create(
            {
                "account_id": account.id,
                "user_id": account.env.uid,
                "digest": _digest(state),
                "verifier": self.env["synced.secret"]._seal(verifier),
                "session": _session(),
                "popup": popup,
                "expires": fields.Datetime.now() + LIFETIME,
            }
        )
        return state, verifier

    @api.model
    def _find(self, provider, state):
        """Return the consent that ``state`` belongs to, empty where there is none."""
        return self.sudo().search(
            [("digest", "=", _digest(state)), ("account_id.provider", "=", provider)], limit=1
        )

    def _use(self):
        """Use it up and return its verifier. Raises `ConsentFailed`."""
        self.ensure_one()
        if self.user_id != self.env.user or (self.session and self.session != _session()):
            raise ConsentFailed("foreign")
        if not self.try_lock_for_update() or self.used:
            raise ConsentFailed("replayed")  # perhaps this very moment, by a second answer
        self.used = fields.Datetime.now()
        if self.expires < self.used:
            raise ConsentFailed("expired")
        return self.env["synced.secret"]._unseal(self.verifier)


def _digest(text):
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _session():
    """Return what marks this browser's login, "" outside of one."""
    if not request or not request.session.uid:
        return ""
    # The rest of the id changes while the login lasts.
    return _digest(request.session.sid[:STORED_SESSION_BYTES])
