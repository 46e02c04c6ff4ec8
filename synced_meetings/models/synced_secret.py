"""What an account logs in with, sealed; nobody reads it but the add-ons themselves."""

from odoo import api, fields, models

from .keyring import KeyMissing, keyring, make_key


class SyncedSecret(models.Model):
    # A table of its own: a login that is renewed during a run must not touch the account's row.
    _name = "synced.secret"
    _description = "Sealed Secret of a Calendar Connection"
    _rec_name = "id"

    account_id = fields.Many2one("synced.account", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    value = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False)

    _once = models.UniqueIndex("(account_id, name)")

    @api.model
    def _seal(self, text):
        """Return ``text`` sealed; a key is made where there is none and nothing is sealed yet.

        Raises `KeyMissing`.
        """
        ring = keyring()
        if ring is None:
            if self._any_sealed():
                raise KeyMissing
            ring = make_key()
        return ring.seal(text)

    @api.model
    def _unseal(self, sealed):
        """Return the text that was sealed. Raises `KeyMissing`."""
        ring = keyring()
        if ring is None:
            raise KeyMissing
        return ring.unseal(sealed)

    @api.model
    def _any_sealed(self):
        """Whether something is stored that a new key could not open."""
        return bool(self.sudo().search_count([], limit=1) or self._parameters())

    @api.model
    def _sealed_parameters(self):
        """Return the names of the system parameters that are sealed; for add-ons to extend."""
        return []

    @api.model
    def _parameters(self):
        names = self._sealed_parameters()
        return self.env["ir.config_parameter"].sudo().search([("key", "in", names)])

    @api.model
    def _set_parameter(self, name, text):
        """Keep a secret of the whole server; "" forgets it. Raises `KeyMissing`."""
        value = self._seal(text) if text else False
        self.env["ir.config_parameter"].sudo().set_param(name, value)

    @api.model
    def _get_parameter(self, name):
        """Return a secret of the whole server, "" where there is none. Raises `KeyMissing`."""
        sealed = self.env["ir.config_parameter"].sudo().get_param(name)
        return self._unseal(sealed) if sealed else ""

    @api.autovacuum
    def _seal_anew(self):
        """Seal with the first key what an older one sealed, so that the older can be taken away."""
        ring = keyring()
        for row in [*self.sudo().search([]), *self._parameters()] if ring else []:
            if not ring.seals(row.value):
                self._reseal(ring, row)

    @api.model
    def _reseal(self, ring, row):
        try:
            row.value = ring.seal(ring.unseal(row.value))
        except KeyMissing:
            return  # its account says so when it is used
