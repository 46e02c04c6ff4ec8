"""Switching over: mail templates, saved filters and exports become those of synced meetings.

A template whose merge fields are not all known stays as it is, and is named with the language and
the fields: nothing can be sent with it from a synced meeting until somebody has put it right.
"""

import json

from odoo import Command, models
from odoo.tools.safe_eval import safe_eval

from .merge_fields import ATTENDEE, MEETING, in_domain, in_names, in_template

PLAIN = ("email_from", "email_to", "email_cc", "partner_to", "reply_to", "lang", "scheduled_date")
TRANSLATED = ("subject", "body_html")
GROUPINGS = ("group_by", "pivot_row_groupby", "pivot_column_groupby", "graph_groupbys")


class SyncedSwitch(models.Model):
    _inherit = "synced.switch"

    def _plan_templates(self):
        nothing = True
        for record, unknown in self._convertible():
            nothing = False
            for fields_of in unknown:
                yield "todo", self._unknown_text(record, *fields_of), record
            if not unknown:
                yield "todo", self._convert_text(record), record
        for template in self._kept_templates():
            text = self.env._(
                "“%(name)s” belongs to Odoo's own meetings and stays with them.",
                name=template.name,
            )
            yield "todo", text, template
        if nothing:
            yield "todo", self.env._("No template, filter or export is left to convert."), None

    def _do_templates(self):
        done = True
        for record, unknown in self._convertible():
            for fields_of in unknown:
                self._report("left", self._unknown_text(record, *fields_of), record)
                done = False
            if not unknown:
                text = self._convert_text(record)
                self._report("done", text, getattr(self, f"_convert_{record._table}")(record))
        return done

    def _unknown_text(self, record, language, names):
        return self.env._(
            "“%(name)s” (%(language)s) uses %(fields)s, which synced meetings do not have. Change "
            "or remove that in it, and do this step once more.",
            name=record.name,
            language=language,
            fields=", ".join(names),
        )

    def _convert_text(self, record):
        kinds = {
            "mail.template": self.env._("Mail template"),
            "ir.filters": self.env._("Filter"),
            "ir.exports": self.env._("Export"),
        }
        return self.env._(
            "%(kind)s “%(name)s”: from Meeting to Synced Meeting",
            kind=kinds[record._name],
            name=record.name,
        )

    def _convertible(self):
        """Return [(record, [(language, unknown names)])] of all that can be converted."""
        for template in self._own_templates():
            yield template, self._unknown_in_template(template)
        for one in self._filters():
            yield one, self._unlabelled(self._filter_values(one)[1])
        for export in self._exports():
            yield export, self._unlabelled(self._export_names(export)[1])

    def _unlabelled(self, names):
        return [(self.env._("all languages"), names)] if names else []

    # ---- templates ----

    def _templates(self):
        templates = self.env["mail.template"].sudo()
        return templates.search([("model", "in", (MEETING, ATTENDEE))], order="name, id")

    def _own_templates(self):
        return self._templates() - self._kept_templates()

    def _kept_templates(self):
        """Return the templates that Odoo's own meetings need: add-ons' own, and reminders'."""
        templates = self._templates()
        owned = self.env["ir.model.data"].sudo()
        owned = owned.search(
            [
                ("model", "=", "mail.template"),
                ("res_id", "in", templates.ids),
                ("module", "not in", ("__export__", "__custom__", "studio_customization")),
            ]
        )
        reminders = self.env["calendar.alarm"].sudo().search([])
        kept = set(owned.mapped("res_id"))
        if "mail_template_id" in reminders._fields:
            kept |= set(reminders.mail_template_id.ids)
        return templates.filtered(lambda template: template.id in kept)

    def _languages(self):
        return self.env["res.lang"].sudo().search([("active", "=", True)], order="code")

    def _unknown_in_template(self, template):
        """Return [(language, unknown placeholders)] of a template."""
        found = []
        for language in self._languages():
            spoken = template.with_context(lang=language.code)
            names = set()
            for field in (*PLAIN, *TRANSLATED):
                names |= set(in_template(self.env, spoken[field], template.model)[1])
            if names:
                found.append((language.name, sorted(names)))
        return found

    def _convert_mail_template(self, template):
        """Turn a template over in all languages; the old one is kept, archived."""
        kept = template.copy({"name": self.env._("%s (old meetings)", template.name)})
        kept.active = False
        model, was = self.env["ir.model"]._get("synced.meeting"), template.model
        texts = {
            language.code: self._converted_texts(template.with_context(lang=language.code), was)
            for language in self._languages()
        }
        plain = {name: in_template(self.env, template[name], was)[0] or False for name in PLAIN}
        template.write(plain | {"model_id": model.id})
        for code, values in texts.items():
            template.with_context(lang=code).write(values)
        return template

    def _converted_texts(self, template, model):
        return {name: in_template(self.env, template[name], model)[0] for name in TRANSLATED}

    # ---- filters and exports: there, the old ones stay with the old meetings ----

    def _filters(self):
        """Return saved filters on old meetings that have no counterpart yet."""
        filters = self.env["ir.filters"].sudo()
        there = {
            (one.name, one.user_ids)
            for one in filters.search([("model_id", "=", "synced.meeting")])
        }
        old = filters.search([("model_id", "=", MEETING), ("embedded_action_id", "=", False)])
        return old.filtered(lambda one: (one.name, one.user_ids) not in there)

    def _filter_values(self, one):
        domain, unknown = in_domain(self.env, one.domain)
        context = safe_eval(one.context or "{}", {"uid": self.env.uid})
        for key in GROUPINGS:
            if isinstance(context.get(key), list):
                context[key], names = in_names(self.env, context[key], ":")
                unknown += names
        sorting, names = in_names(self.env, json.loads(one.sort or "[]"), " ")
        values = {"domain": domain, "context": repr(context), "sort": json.dumps(sorting)}
        return values, sorted(set(unknown + names))

    def _convert_ir_filters(self, one):
        values, _unknown = self._filter_values(one)
        users = [Command.set(one.user_ids.ids)]
        return one.create(
            values | {"name": one.name, "model_id": "synced.meeting", "user_ids": users}
        )

    def _exports(self):
        exports = self.env["ir.exports"].sudo()
        there = set(exports.search([("resource", "=", "synced.meeting")]).mapped("name"))
        return exports.search([("resource", "=", MEETING), ("name", "not in", list(there))])

    def _export_names(self, export):
        return in_names(self.env, export.export_fields.mapped("name"), "/")

    def _convert_ir_exports(self, export):
        names, _unknown = self._export_names(export)
        lines = [Command.create({"name": name}) for name in names]
        values = {"name": export.name, "resource": "synced.meeting", "export_fields": lines}
        return export.create(values)
