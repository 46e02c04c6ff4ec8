"""A contact's meetings: how many, the last and the next, as the reader may see them."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

COUNT = SQL("count(*)")
# A meeting that is on now still counts as the next one.
LAST = "max(meeting.start) FILTER (WHERE meeting.stop <= %s)"
NEXT = "min(meeting.start) FILTER (WHERE meeting.stop > %s)"
MEETINGS = SQL("array_agg(meeting.id ORDER BY meeting.start, meeting.id)")
COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}
# Each root partner with aggregates over the meetings of its tree that the reader may read.
STATEMENT = """
    WITH RECURSIVE tree(root, id) AS (
        %(roots)s
        UNION SELECT tree.root, child.id
        FROM tree JOIN res_partner child ON child.parent_id = tree.id
    ), colleague(root, id) AS (
        SELECT tree.root, res_users.id FROM tree JOIN res_users ON partner_id = tree.id
    ), met(root, id) AS (
        SELECT tree.root, rel.%(contact_meeting)s
        FROM tree JOIN %(contacts)s rel ON rel.%(contact)s = tree.id
        UNION SELECT colleague.root, rel.%(user_meeting)s
        FROM colleague JOIN %(users)s rel ON rel.%(user)s = colleague.id
        UNION SELECT colleague.root, organised.id
        FROM colleague JOIN synced_meeting organised ON organised.user_id = colleague.id
    )
    SELECT met.root, %(columns)s FROM met JOIN synced_meeting meeting ON meeting.id = met.id
    WHERE meeting.id IN %(readable)s GROUP BY met.root
"""
READERS = "synced_meetings.group_user"


class ResPartner(models.Model):
    _inherit = "res.partner"

    synced_meeting_ids = fields.Many2many(
        "synced.meeting",
        string="Synced meetings",
        compute="_compute_synced_meeting_ids",
        search="_search_synced_meeting_ids",
        groups=READERS,
        help="The meetings with this contact, its people, or their users, that you may read.",
    )
    synced_meeting_count = fields.Integer(
        string="Number of synced meetings", compute="_compute_synced_meetings", groups=READERS
    )
    last_synced_meeting = fields.Datetime(
        string="Last meeting",
        compute="_compute_synced_meetings",
        search="_search_last_synced_meeting",
        groups=READERS,
    )
    next_synced_meeting = fields.Datetime(
        string="Next meeting",
        compute="_compute_synced_meetings",
        search="_search_next_synced_meeting",
        groups=READERS,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_synced_meetings(self):
        """Read all three in one statement, whatever the number of contacts and meetings."""
        now = fields.Datetime.now()
        found = self._synced_aggregates(COUNT, SQL(LAST, now), SQL(NEXT, now))
        for partner in self:
            count, last, upcoming = found.get(partner._origin.id, (0, False, False))
            partner.synced_meeting_count = count
            partner.last_synced_meeting = last
            partner.next_synced_meeting = upcoming

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_synced_meeting_ids(self):
        found = self._synced_aggregates(MEETINGS)
        for partner in self:
            (ids,) = found.get(partner._origin.id, [[]])
            partner.synced_meeting_ids = self.env["synced.meeting"].browse(ids)

    def _synced_aggregates(self, *aggregates):
        """Return {partner id: values of ``aggregates`` over its meetings}."""
        ids = self._origin.ids
        if not ids:
            return {}
        roots = SQL("SELECT id, id FROM res_partner WHERE id IN %s", tuple(ids))
        rows = self.env.execute_query(self._synced_statement(roots, SQL(", ").join(aggregates)))
        return {row[0]: row[1:] for row in rows}

    def _synced_statement(self, roots, columns):
        """Return the statement that gives each root partner with ``columns`` over its meetings."""
        meetings = self.env["synced.meeting"].with_context(active_test=True)
        meetings.flush_model(["start", "stop", "user_id", "user_ids", "partner_ids"])
        self.env["res.users"].flush_model(["partner_id"])
        self.flush_model(["parent_id"])
        contacts, users = meetings._fields["partner_ids"], meetings._fields["user_ids"]
        return SQL(
            STATEMENT,
            roots=roots,
            columns=columns,
            contacts=SQL.identifier(contacts.relation),
            contact_meeting=SQL.identifier(contacts.column1),
            contact=SQL.identifier(contacts.column2),
            users=SQL.identifier(users.relation),
            user_meeting=SQL.identifier(users.column1),
            user=SQL.identifier(users.column2),
            readable=meetings._search([]).subselect(),
        )

    def _search_synced_meeting_ids(self, operator, value):
        """Find the contacts, and the companies above them, that are in any of the meetings."""
        if operator == "any":
            value = self.env["synced.meeting"].search(value).ids
        elif operator != "in" or isinstance(value, SQL | Query):
            return NotImplemented
        elif not any(value):
            return ~self._synced_having(SQL("count(*) > 0"))
        return self._synced_having(SQL("bool_or(meeting.id = ANY(%s))", list(filter(None, value))))

    def _search_last_synced_meeting(self, operator, value):
        return self._search_synced_date(LAST, operator, value)

    def _search_next_synced_meeting(self, operator, value):
        return self._search_synced_date(NEXT, operator, value)

    def _search_synced_date(self, aggregate, operator, value):
        """Compare an aggregate over the meetings of all contacts with a moment, or with none."""
        aggregate = SQL(aggregate, fields.Datetime.now())
        if operator in COMPARISONS:
            return self._synced_having(SQL("%s %s %s", aggregate, COMPARISONS[operator], value))
        if operator == "in" and not any(value):
            return ~self._synced_having(SQL("%s IS NOT NULL", aggregate))
        return NotImplemented

    def _synced_having(self, condition):
        """Return the domain of the contacts over whose meetings ``condition`` holds."""
        everyone = SQL("SELECT id, id FROM res_partner")
        statement = self._synced_statement(everyone, condition)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT root FROM (%s) met(root, holds) WHERE holds)",
                SQL.identifier(alias, "id"),
                statement,
            )
        )

    def _synced_meetings_domain(self):
        """Return the domain of the meetings of these contacts, their people and their users."""
        people = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        users = people.user_ids
        return (
            Domain("partner_ids", "in", people.ids)
            | Domain("user_ids", "in", users.ids)
            | Domain("user_id", "in", users.ids)
        )
