"""The links in invitations that Odoo mailed: one person answers, after a look at what for."""

import binascii

from odoo import http
from odoo.http import request
from odoo.tools.misc import verify_hash_signed

from ..models.synced_meeting_mail import SCOPE

RESPONSES = ("accepted", "tentative", "declined")


class AnswerController(http.Controller):
    @http.route(
        "/synced_meetings/answer/<string:token>/<string:response>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,  # the token in the address is what allows it, and it is good for this alone
        sitemap=False,
    )
    def answer(self, token, response, **said):
        """Show what is answered; only a click on the page answers, not a scanner of mails."""
        attendee = self._attendee(token)
        if not attendee or response not in RESPONSES:
            return self._page(attendee=None, response="", done=False, status=404)
        done = request.httprequest.method == "POST"
        if done:
            attendee._answer(response)
        return self._page(attendee=attendee, response=response, done=done)

    def _attendee(self, token):
        try:
            said = verify_hash_signed(request.env(su=True), SCOPE, token)
        except (ValueError, binascii.Error, UnicodeDecodeError):
            said = None
        if not said:
            return None
        attendee = request.env["synced.meeting.attendee"].sudo().browse(said[0]).exists()
        # Who was taken off, or whose place somebody else has now, has nothing to answer.
        fits = attendee and attendee.email == said[1] and attendee._unit().active
        return attendee if fits else None

    def _page(self, status=200, **values):
        response = request.render("synced_meetings.answer_page", values, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
