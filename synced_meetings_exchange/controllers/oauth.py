"""The answer to an administrator's consent for a whole organisation."""

from odoo import http
from odoo.http import request

from odoo.addons.synced_meetings.controllers.oauth import HEADERS, OAuthController

from ..models.synced_account_microsoft import ADMIN_STATE


class ExchangeOAuthController(OAuthController):
    @http.route()
    def consented(self, provider, **answer):
        """Thank an administrator who allowed the application: it connects nobody by itself."""
        if provider == "exchange" and answer.get("state") == ADMIN_STATE:
            allowed = answer.get("admin_consent", "").lower() == "true"
            cards = request.env["synced.account"]._cards_path()
            values = {"allowed": allowed, "cards": cards}
            page = "synced_meetings_exchange.admin_consent_answer"
            return request.render(page, values, headers=HEADERS)
        return super().consented(provider, **answer)
