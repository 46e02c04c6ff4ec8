"""No menu where the feature is switched off."""

from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Leave out our menus while the feature is off."""
        hidden = super()._load_menus_blacklist()
        if self.env["synced.account"]._synced_meetings_enabled():
            return hidden
        root = self.env.ref("synced_meetings.menu_root", raise_if_not_found=False)
        return [*hidden, root.id] if root else hidden
