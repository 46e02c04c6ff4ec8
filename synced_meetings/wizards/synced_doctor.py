"""The doctor: looks for what keeps calendars from being read, and says how each fault is mended."""

import hmac as compare
import secrets
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import requests

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import hmac

from ..models.callback import fault_of
from ..models.keyring import KeyMissing, keyring
from ..models.synced_account import RUNNING
from ..models.synced_account_channel import WEBHOOK_PATH

TIMEOUT = 10
SKEW = timedelta(minutes=2)  # OAuth and signed requests forgive less than five
LATE = timedelta(minutes=15)
SCOPE = "synced_meetings.doctor"
NONCE = "nonce"


class SyncedDoctor(models.TransientModel):
    _name = "synced.doctor"
    _description = "Doctor"

    line_ids = fields.One2many("synced.doctor.line", "doctor_id", readonly=True)
    faults = fields.Integer(compute="_compute_faults")

    @api.depends("line_ids.fault")
    def _compute_faults(self):
        for doctor in self:
            doctor.faults = len(doctor.line_ids.filtered("fault"))

    @api.model
    def action_examine(self):
        """Look at everything and return the action that shows what was found."""
        self.env["synced.account"]._check_manager()
        doctor = self.create({})
        lines = [
            {"doctor_id": doctor.id, "name": name, "fault": fault or False}
            for name, fault in doctor._findings()
        ]
        self.env["synced.doctor.line"].sudo().create(lines)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Doctor"),
            "res_model": self._name,
            "res_id": doctor.id,
            "view_mode": "form",
            "target": "new",
        }

    def _findings(self):
        """Return [(what was looked at, what is wrong and how it is mended, or "")]."""
        _ = self.env._
        return [
            (_("Address of this server"), self._base_url_fault()),
            (_("Certificate (TLS)"), self._tls_fault()),
            (_("A call comes back to this server"), self._round_trip_fault()),
            (_("Return address of sign-ins"), self._redirect_fault()),
            (_("Scheduled jobs"), self._cron_fault()),
            (_("Clock"), self._clock_fault()),
            (_("Key of the saved sign-ins"), self._key_fault()),
            (_("Permissions that people gave"), self._scope_fault()),
            (_("Odoo's own calendar synchronisation"), self._double_fault()),
        ]

    # ---- the address ----

    def _accounts(self):
        return self.env["synced.account"].sudo()

    def _base_url_fault(self):
        code = fault_of(self._accounts()._webhook_root())
        return code and self._accounts().browse()._sentence(code)

    def _tls_fault(self):
        root = self._accounts()._webhook_root()
        try:
            requests.get(f"{root}/web/health", timeout=TIMEOUT, allow_redirects=False)
        except requests.exceptions.SSLError:
            return self.env._(
                "The certificate of %(url)s is not trusted: it has expired, is for another name, "
                "or lacks its chain. Renew it, and install it with all intermediate certificates.",
                url=root,
            )
        except requests.RequestException:
            return ""  # said by the next one
        return ""

    def _round_trip_fault(self):
        root, nonce = self._accounts()._webhook_root(), secrets.token_urlsafe(16)
        url = root + WEBHOOK_PATH % "doctor"
        try:
            answer = requests.post(
                url, params={NONCE: nonce}, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException:
            return self.env._(
                "%(url)s does not answer this server itself. Check the name in the DNS, the "
                "proxy and the firewall, and that Odoo has a free worker.",
                url=url,
            )
        if answer.status_code == requests.codes.ok and compare.compare_digest(
            answer.text, self._proof(nonce)
        ):
            return ""
        return self.env._(
            "%(url)s is answered, but not by this database (status %(status)s). Let the proxy "
            "pass /synced_meetings/webhook/ to Odoo, and choose the database by its name "
            "(dbfilter) where there are several.",
            url=url,
            status=answer.status_code,
        )

    @api.model
    def _proof(self, nonce):
        """Return what only this database can answer."""
        return hmac(self.env(su=True), SCOPE, nonce[:64])

    def _redirect_fault(self):
        base = self._accounts().get_base_url().rstrip("/")
        used = request and request.httprequest.url_root.rstrip("/")
        if not used or used == base:
            return ""
        return self.env._(
            "You use %(used)s, but sign-ins come back to %(base)s. Correct the system parameter "
            "web.base.url, set web.base.url.freeze, and enter the return address that the settings "
            "show, %(base)s/synced_meetings/oauth/google for one, at Google and Microsoft.",
            used=used,
            base=base,
        )

    # ---- the server ----

    def _cron_fault(self):
        jobs = self.env["synced.calendar"].sudo()._jobs()
        off = len(jobs) < 4 or any(not job.active for job in jobs)
        if off:
            return self.env._(
                "A scheduled job of Synced Meetings is switched off or deleted. Switch all of them "
                "on under Settings > Technical > Scheduled Actions."
            )
        if min(jobs.mapped("nextcall")) < fields.Datetime.now() - LATE:
            return self.env._(
                "No scheduled job has run for a quarter of an hour. Start Odoo with "
                "max_cron_threads of 1 or more, and look for jobs that never end."
            )
        return ""

    def _clock_fault(self):
        for url in self._clocks():
            try:
                answer = requests.head(url, timeout=TIMEOUT, allow_redirects=False)
                told = parsedate_to_datetime(answer.headers["Date"])
            except (requests.RequestException, KeyError, ValueError, TypeError):
                continue
            skew = datetime.now(timezone.utc) - told
            if abs(skew) > SKEW:
                return self.env._(
                    "The clock of this server differs by %(minutes)s minutes from the calendar "
                    "service's, and sign-ins fail by it. Let it follow a time server (NTP).",
                    minutes=round(abs(skew).total_seconds() / 60),
                )
        return ""

    @api.model
    def _clocks(self):
        """Return addresses whose answers tell the time; adapters name their services'."""
        return []

    def _key_fault(self):
        secret = self.env["synced.secret"].sudo()
        row = secret.search([], limit=1)
        try:
            if (row and keyring() is None) or (row and not secret._unseal(row.value)):
                raise KeyMissing
        except KeyMissing:
            return self._accounts().browse()._sentence("key_missing")
        return ""

    # ---- the connections ----

    def _running(self):
        return self.env["synced.account"].search([("state", "in", RUNNING)]).sudo()

    def _scope_fault(self):
        lacking = self._running().filtered(lambda account: account._lacks_permission())
        return lacking and self.env._(
            "Permissions are missing for %(names)s. They sign in again and tick all of them; "
            "the calendar API must be switched on in the application, too.",
            names=", ".join(lacking.mapped("name")),
        )

    def _double_fault(self):
        double = self._running().filtered(lambda account: account._other_is_on())
        return double and self.env._(
            "Odoo's own synchronisation is on, too, for %(names)s: meetings can appear twice and "
            "guests get two mails. Stop it on their connection's card.",
            names=", ".join(double.mapped("name")),
        )


class SyncedDoctorLine(models.TransientModel):
    _name = "synced.doctor.line"
    _description = "Finding of the Doctor"
    _order = "fault, id"

    doctor_id = fields.Many2one("synced.doctor", required=True, ondelete="cascade")
    name = fields.Char(string="Looked at")
    fault = fields.Char(string="What is wrong, and how it is mended")
