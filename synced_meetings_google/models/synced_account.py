"""Accounts of Google Calendar."""

import json
import warnings
from datetime import datetime

from odoo import fields, models

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import AuthRequired

from .synced_secret import CLIENT_SECRET

# Google's libraries are imported where they are used: they cost each server time and memory. What
# they say at that moment about the age of this Python is not news for a server's log.
warnings.filterwarnings("ignore", message=".*google.api_core", category=FutureWarning)

# Google's words for an organisation that allows only applications it knows.
ORG_REFUSALS = {"admin_policy_enforced", "org_internal"}
PARAMETER = "synced_meetings_google.%s"
TOKENS = "google_tokens"


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    provider = fields.Selection(
        selection_add=[("google", "Google Calendar")], ondelete={"google": "cascade"}
    )

    def _provider(self, remote_id=None):
        """Return Google Calendar with this account's login; see the core's."""
        if self.provider == "google":
            from ..provider.client import API_URL, GoogleProvider

            return GoogleProvider(
                self._google_credentials(),
                remote_id or "primary",
                api_url=self._google_parameter("api_url", API_URL).rstrip("/") + "/",
                timeout=self._patience(),
            )
        return super()._provider(remote_id)

    def _conference_name(self):
        """Google makes a Meet for whoever asks."""
        return "Google Meet" if self.provider == "google" else super()._conference_name()

    def _new_event_key(self):
        """Return an id of our choice, and the UID that Google makes of it (events.insert)."""
        if self.provider == "google":
            from ..provider.bodies import new_key, uid_of

            key = new_key()
            return key, uid_of(key)
        return super()._new_event_key()

    def _occurrence_id(self, series_remote_id, recurrence_id):
        """Return Google's name of an instance: see events.instances."""
        if self.provider == "google":
            from ..provider.bodies import occurrence_id

            return occurrence_id(series_remote_id, recurrence_id)
        return super()._occurrence_id(series_remote_id, recurrence_id)

    # ---- consent ----

    def _check_consentable(self):
        """Refuse where the administrator did not tell Google about this server."""
        if self.provider == "google":
            client = self._google_client()
            if not (client.client_id and client.client_secret):
                raise ConsentFailed("no_client")
        return super()._check_consentable()

    def _consent_url(self, state, verifier):
        """Return the address of Google's consent page."""
        if self.provider == "google":
            from ..provider.oauth import consent_url

            return consent_url(self._google_client(), state, verifier, self.email or "")
        return super()._consent_url(state, verifier)

    def _redeem(self, answer, verifier):
        """Return what Google gave for a consent."""
        if self.provider == "google":
            return self._google_redeem(answer, verifier)
        return super()._redeem(answer, verifier)

    def _google_redeem(self, answer, verifier):
        from ..provider import oauth

        client = self._google_client()
        try:
            tokens = oauth.exchange(client, oauth.code_of(answer), verifier)
            oauth.require_scopes(tokens)
        except oauth.ConsentRefused as refused:
            reason = "org_refused" if refused.reason in ORG_REFUSALS else "cancelled"
            raise ConsentFailed(reason) from None
        except oauth.ScopesMissing:
            raise ConsentFailed("scope_missing") from None
        except oauth.ClientRefused:
            raise ConsentFailed("client_refused") from None
        except oauth.CodeRefused:
            raise ConsentFailed("code_refused") from None
        person = oauth.identity_of(tokens)
        if not (tokens.refresh_token and person.email):
            raise ConsentFailed("code_refused")
        return person.email, person.account_id or person.email, {TOKENS: _dump(tokens)}

    def _revoke(self):
        """Withdraw Google's grant."""
        if self.provider == "google":
            from ..provider.oauth import revoke

            if kept := self._secret(TOKENS):
                revoke(self._google_client(), json.loads(kept)["refresh_token"])
            return None
        return super()._revoke()

    def _leaving_sentence(self):
        """Say that Google is told, too."""
        if self.provider == "google":
            return self.env._("Google takes back the permission that you gave to Odoo.")
        return super()._leaving_sentence()

    def _lacks_permission(self):
        """Whether the permissions that were given lack one."""
        if self.provider != "google":
            return super()._lacks_permission()
        from ..provider import oauth

        kept = self._secret(TOKENS)
        scopes = _load(kept).scopes if kept else frozenset()
        try:
            oauth.require_scopes(oauth.Tokens("", scopes=scopes))
        except oauth.ScopesMissing:
            return bool(scopes)
        return False

    # ---- login ----

    def _google_client(self):
        """Return how this server is known to Google. Raises `KeyMissing`."""
        from ..provider import oauth

        return oauth.Client(
            client_id=self._google_parameter("client_id", ""),
            client_secret=self.env["synced.secret"]._get_parameter(CLIENT_SECRET),
            redirect_uri=self._redirect_uri(),
            auth_url=self._google_parameter("auth_url", oauth.AUTH_URL),
            token_url=self._google_parameter("token_url", oauth.TOKEN_URL),
            revoke_url=self._google_revoke_url(oauth),
        )

    def _google_revoke_url(self, oauth):
        """Return where grants are withdrawn: beside the tokens, unless it is set."""
        token_url = self._google_parameter("token_url", oauth.TOKEN_URL)
        return self._google_parameter("revoke_url", token_url.rsplit("/", 1)[0] + "/revoke")

    def _google_parameter(self, name, default):
        return self.env["ir.config_parameter"].sudo().get_param(PARAMETER % name) or default

    def _google_credentials(self):
        """Return the login, which renews itself and is kept when it does."""
        if self._google_by_service():
            return self._google_service_credentials()
        from ..provider.oauth import Tokens

        kept = self._secret(TOKENS)
        if not kept:
            raise AuthRequired("no tokens")
        tokens = _load(kept)
        credentials = tokens.credentials(self._google_client())
        renew = credentials.refresh

        def renew_and_keep(request):
            renew(request)
            self._renew_secret(TOKENS, _dump(Tokens.of(credentials, tokens.scopes)))

        credentials.refresh = renew_and_keep
        return credentials


def _dump(tokens):
    """Return tokens as text, to be sealed."""
    return json.dumps(
        {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires": tokens.expires and tokens.expires.isoformat(),
            "scopes": sorted(tokens.scopes),
        }
    )


def _load(text):
    """Return the tokens that `_dump` wrote."""
    from ..provider.oauth import Tokens

    kept = json.loads(text)
    return Tokens(
        access_token=kept["access_token"],
        refresh_token=kept["refresh_token"],
        expires=kept["expires"] and datetime.fromisoformat(kept["expires"]),
        scopes=frozenset(kept["scopes"]),
    )
