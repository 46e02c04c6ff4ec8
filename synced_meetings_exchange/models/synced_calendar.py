"""What is different in a calendar's service, of the two that are Exchange."""

from odoo import api, models

from .synced_account import SERVICES


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    def _provider_label(self):
        if self.account_id.exchange_service == "microsoft365":
            return dict(SERVICES)["microsoft365"]
        return super()._provider_label()

    @api.model
    def _answer_call(self, provider, headers, query, body):
        """Take the calls of Microsoft 365 and, with a key in their address, of own servers."""
        if provider != "exchange":
            return super()._answer_call(provider, headers, query, body)
        if "key" in query:
            return self._exchange_answer_server(query["key"], body)
        from ..provider.graph_channels import notices_of, token_of

        if token := token_of(query):
            return 200, "text/plain", token
        self.env["synced.calendar.call"]._hear(notices_of(body))
        return 202, "text/plain", ""

    def _exchange_answer_server(self, key, body):
        """Answer an own server; only who has a key of ours learns that a channel is gone."""
        from ..provider.ews_channels import answer, notices_of

        calls = self.env["synced.calendar.call"]
        known = calls._hear(notices_of(body, key))
        return 200, "text/xml", answer(known or not calls._is_ours(key))
