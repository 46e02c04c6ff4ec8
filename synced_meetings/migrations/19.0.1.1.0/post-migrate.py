"""Companies that were there before get the standard template, as new ones do."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Propose the standard template where a company has none."""
    api.Environment(cr, SUPERUSER_ID, {})["res.company"]._synced_give_standard_template()
