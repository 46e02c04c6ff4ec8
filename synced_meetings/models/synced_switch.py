"""Moving over from Odoo's own meetings, step by step (S2 to S5, S34, S57).

Each step says what it would do before it does it, changes nothing when it is done twice, and can
be left and taken up again. What was done stays in the report.
"""

from odoo import api, fields, models
from odoo.fields import Command, Domain

STEPS = [
    ("old", "Is the old synchronisation done?"),
    ("pause", "Pause it"),
    ("adopt", "Take over meetings"),
    ("card", "Contact cards"),
    ("templates", "Templates and filters"),
    ("done", "Done"),
]
ORDER = [step for step, _name in STEPS]


class SyncedSwitch(models.Model):
    _name = "synced.switch"
    _description = "Switching to Synced Meetings"

    step = fields.Selection(STEPS, default="old", required=True, readonly=True)
    user_ids = fields.Many2many(
        "res.users", string="Users", domain=[("share", "=", False)], help="Nobody named: everybody."
    )
    line_ids = fields.One2many("synced.switch.line", "switch_id", readonly=True)
    plan_ids = fields.One2many(
        "synced.switch.line",
        "switch_id",
        string="What this step would do",
        domain=[("kind", "in", ("todo", "waits"))],
        readonly=True,
    )
    report_ids = fields.One2many(
        "synced.switch.line",
        "switch_id",
        string="What was done",
        domain=[("kind", "in", ("done", "left"))],
        readonly=True,
    )
    stops = fields.Boolean(compute="_compute_stops", help="Something is to be put right first.")

    @api.depends("plan_ids.kind")
    def _compute_stops(self):
        for switch in self:
            switch.stops = "waits" in switch.plan_ids.mapped("kind")

    @api.depends("step")
    def _compute_display_name(self):
        self.display_name = self.env._("Switching over")

    @api.model
    def action_open(self):
        """Open the assistant where it was left, with what its present step would do."""
        self.check_access("write")
        switch = self.search([], limit=1) or self.create({})
        switch._plan()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": switch.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "name": self.env._("Switching over"),
        }

    def action_check(self):
        """Look again at what the present step would do."""
        self._plan()

    def action_do(self):
        """Do the present step, and go on where all of it is done."""
        self.check_access("write")
        for switch in self:
            switch._plan()
            if switch.stops:
                continue  # the plan says what is in the way
            if getattr(switch, f"_do_{switch.step}")():
                switch._go(1)
            else:
                switch._plan()

    def action_skip(self):
        """Go on without doing the present step."""
        self._go(1)

    def action_back(self):
        """Go back by one step; nothing is undone."""
        self._go(-1)

    def _go(self, by):
        for switch in self:
            at = ORDER.index(switch.step) + by
            switch.step = ORDER[min(max(at, 0), len(ORDER) - 1)]
            switch._plan()

    def _plan(self):
        """Write down what the present step would do, in place of what was planned before."""
        self.check_access("write")
        for switch in self:
            plan = getattr(switch, f"_plan_{switch.step}")()
            old = switch.line_ids.filtered(lambda line: line.kind in ("todo", "waits"))
            switch.line_ids = [
                *(Command.delete(line.id) for line in old),
                *(Command.create(switch._line(*said)) for said in plan),
            ]

    def _report(self, kind, text, record=None):
        """Keep what a step did ("done") or left as it was ("left")."""
        self.line_ids = [Command.create(self._line(kind, text, record))]

    def _line(self, kind, text, record=None):
        values = {"step": self.step, "kind": kind, "text": text}
        if record:
            values |= {"res_model": record._name, "res_id": record.id}
        return values

    def _people(self):
        """Return the domain of the users that are to move."""
        chosen = Domain("id", "in", self.user_ids.ids) if self.user_ids else Domain.TRUE
        return chosen & Domain("share", "=", False)

    # ---- contact cards (S4) ----

    def _plan_card(self):
        companies = self._companies_to_turn()
        for company in companies:
            text = self.env._(
                "Contact cards of %(company)s show synced meetings in place of Odoo's own. Who "
                "chose for themselves with the gear on the box keeps the choice.",
                company=company.name,
            )
            yield "todo", text, company
        if not companies:
            yield "todo", self.env._("Contact cards show synced meetings already."), None

    def _do_card(self):
        for company in self._companies_to_turn():
            company.synced_meetings_box = "synced"
            text = self.env._("Contact cards of %(company)s: synced meetings", company=company.name)
            self._report("done", text, company)
        return True

    def _companies_to_turn(self):
        return self.env["res.company"].sudo().search([("synced_meetings_box", "!=", "synced")])

    # ---- done ----

    def _plan_done(self):
        return ()

    def _do_done(self):
        return False


class SyncedSwitchLine(models.Model):
    _name = "synced.switch.line"
    _description = "Step in Switching to Synced Meetings"
    _order = "id"

    switch_id = fields.Many2one("synced.switch", required=True, ondelete="cascade", index=True)
    step = fields.Selection(STEPS, required=True)
    kind = fields.Selection(
        [
            ("todo", "Would do"),
            ("waits", "In the way"),
            ("done", "Done"),
            ("left", "Left"),
        ],
        required=True,
    )
    text = fields.Char(required=True)
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")

    def action_open(self):
        """Open what the line is about."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()
