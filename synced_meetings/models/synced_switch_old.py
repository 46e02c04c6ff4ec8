"""Switching over, first: what the old synchronisation still has to send, and its pause (S2, S3)."""

from odoo import models
from odoo.fields import Domain

from .synced_account_others import OTHERS

# By provider: the mark of what is still to be sent, the switch for all users, its job.
OLD = {
    "google": (
        "need_sync",
        "google_calendar_sync_paused",
        "pause_google_synchronization",
        "google_calendar.ir_cron_sync_all_cals",
    ),
    "exchange": (
        "need_sync_m",
        "microsoft_calendar_sync_paused",
        "pause_microsoft_synchronization",
        "microsoft_calendar.ir_cron_sync_all_cals",
    ),
}
NAMED = 50  # meetings that wait are named up to here; more are counted


class SyncedSwitch(models.Model):
    _inherit = "synced.switch"

    def _plan_old(self):
        """Name what waits to be sent, and when each user's synchronisation last ran."""
        nothing = True
        for provider, name in self._installed():
            waiting = self._waiting(provider)
            for event in waiting[:NAMED]:
                text = self.env._(
                    "%(name)s has not sent “%(meeting)s” (%(when)s) of %(user)s yet. Let it run, "
                    "or open the meeting and put right what holds it up.",
                    name=name,
                    meeting=event.display_name,  # Odoo says "Busy" of what the reader may not see
                    when=event.display_time or event.start,
                    user=event.user_id.name,
                )
                yield "waits", text, event
            if len(waiting) > NAMED:
                more = self.env._("… and %(n)s more meetings.", n=len(waiting) - NAMED)
                yield "waits", more, None
            for user in self._users_on(provider):
                nothing = False
                yield "todo", self._last_run_text(provider, name, user), user
        if nothing:
            text = self.env._(
                "Odoo's own synchronisation with Google or Outlook is on for nobody. Nothing waits."
            )
            yield "todo", text, None

    def _do_old(self):
        self._report("done", self.env._("Nothing waits in the old synchronisation."))
        return True

    def _plan_pause(self):
        found = False
        for provider, name in self._installed():
            for user in self._users_on(provider):
                found = True
                text = self.env._(
                    "%(name)s is stopped for %(user)s. The meetings it brought stay in Odoo and "
                    "in the calendar.",
                    name=name,
                    user=user.name,
                )
                yield "todo", text, user
            if not self.user_ids and not self._is_paused(provider):
                found = True
                text = self.env._("%(name)s is paused for everybody.", name=name)
                yield "todo", text, None
        if not found:
            yield "todo", self.env._("The old synchronisation is off already."), None

    def _do_pause(self):
        for provider, name in self._installed():
            for user in self._users_on(provider):
                getattr(user, OTHERS[provider][3])()
                text = self.env._("%(name)s: stopped for %(user)s", name=name, user=user.name)
                self._report("done", text, user)
            if not self.user_ids and not self._is_paused(provider):
                getattr(self.env.user, OLD[provider][2])()
                self._report("done", self.env._("%(name)s: paused for everybody", name=name))
        return True

    def _installed(self):
        """Return [(provider, name)] of Odoo's own synchronisations that are installed."""
        known = self.env["res.users"]._fields
        return [(key, other[0]) for key, other in OTHERS.items() if other[1] in known]

    def _users_on(self, provider):
        """Return those of the users to move whose old synchronisation is on."""
        _name, stopped, token, _stop = OTHERS[provider]
        on = Domain(token, "!=", False) & Domain(stopped, "=", False)
        return self.env["res.users"].sudo().search(self._people() & on, order="name")

    def _waiting(self, provider):
        """Return the events, deleted ones included, that are still to be sent."""
        events = self.env["calendar.event"].with_context(active_test=False)
        users = self._users_on(provider)
        due = Domain(OLD[provider][0], "=", True) & Domain("user_id", "in", users.ids)
        found = events.sudo().search(due, order="start desc")
        return found.sudo(False)  # named as the reader may see them

    def _is_paused(self, provider):
        value = self.env["ir.config_parameter"].sudo().get_param(OLD[provider][1])
        return value not in (False, "", "False")

    def _last_run_text(self, provider, name, user):
        job = self.env.ref(OLD[provider][3], raise_if_not_found=False)
        last = job and job.sudo().lastcall
        if provider == "exchange":
            last = user.microsoft_last_sync_date or last
        if not last:
            return self.env._("%(name)s has never run for %(user)s.", name=name, user=user.name)
        when = self.env["ir.qweb.field.datetime"].value_to_html(last, {})
        return self.env._(
            "%(name)s ran last for %(user)s on %(when)s.", name=name, user=user.name, when=when
        )
