"""Where calendar services call when something changed: check, note, wake a job, answer."""

from odoo import http
from odoo.http import request

LARGEST = 256 * 1024  # bytes; Graph bundles up to a hundred notices of under a kilobyte


class WebhookController(http.Controller):
    @http.route(
        "/synced_meetings/webhook/<string:provider>",
        type="http",
        auth="none",
        readonly=False,  # else everything is done twice, first in vain
        methods=["POST"],
        csrf=False,  # each channel has a secret of its own
        save_session=False,
        sitemap=False,
        max_content_length=LARGEST,
    )
    def called(self, provider, **_said):
        """Answer a provider's call; all else happens in a job."""
        calls = request.env["synced.calendar"].sudo()
        asked = request.httprequest
        status, kind, text = calls._answer_call(
            provider, asked.headers, asked.args, asked.get_data(cache=False)
        )
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
            "Cache-Control": "no-store",
        }
        return request.make_response(text, headers, status=status)
