"""The return address of a provider's consent page."""

import logging
import re

from odoo import http
from odoo.http import request

from odoo.addons.synced_meetings.sync.errors import SyncError

from ..models.keyring import KeyMissing
from ..models.synced_consent import ConsentFailed

# What went wrong before anything was known about an account: nothing is to be noted on its card.
STRAY = ("unknown_state", "foreign", "replayed")
HEADERS = {
    "Cache-Control": "no-store",
    # The address holds the code: it must not travel on.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'none'",
}


class OAuthController(http.Controller):
    @http.route(
        "/synced_meetings/oauth/<string:provider>", type="http", auth="user", methods=["GET"]
    )
    def consented(self, provider, **answer):
        """Take the answer of a consent page and lead the user back to the card."""
        consent = request.env["synced.consent"]._find(provider, answer.get("state", ""))
        account = request.env["synced.account"]
        if consent.user_id == request.env.user:
            account = consent.account_id.sudo(False)  # else not even its number is shown
        failure = self._redeem(consent, account, answer)
        noted = not failure or failure.reason not in STRAY
        if failure and noted:
            account._note_refusal(failure)
        if noted and not consent.popup:
            return request.redirect(account._cards_path(), code=303)
        sentence = failure and account._sentence(failure.reason, **failure.values)
        return self._page(account, sentence, closes=noted)

    def _redeem(self, consent, account, answer):
        """Connect the account with what the answer gives; return what stood against it."""
        try:
            if not consent:
                raise ConsentFailed("unknown_state")
            verifier = consent._use()
            # From here on it is used up, whatever happens; and nothing waits for the network.
            request.env["ir.cron"]._commit_progress()
            account._authorised(*account._redeem(answer, verifier))
        except ConsentFailed as failure:
            return failure
        except KeyMissing:
            return ConsentFailed("key_missing")
        except SyncError:
            return ConsentFailed("no_network")
        request.env["ir.cron"]._commit_progress()
        account._list_calendars()
        return None

    def _page(self, account, sentence, closes):
        values = {
            "account": account,
            "sentence": sentence,
            "closes": closes,
            "cards": account._cards_path(),
        }
        return request.render("synced_meetings.oauth_answer", values, headers=HEADERS)


class _Discreet(logging.Filter):
    """Keeps codes and states out of the log of requests."""

    query = re.compile(r"(/synced_meetings/oauth/\w*)\?\S*")

    def filter(self, record):
        """Cut the query off the return address."""
        message = record.getMessage()
        if "/synced_meetings/oauth/" in message:
            record.msg, record.args = self.query.sub(r"\1?…", message), ()
        return True


logging.getLogger("werkzeug").addFilter(_Discreet())
