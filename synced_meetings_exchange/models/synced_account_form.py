"""What a person enters to connect Exchange: who may, what belongs together, what is kept."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize

from odoo.addons.synced_meetings.models.keyring import KeyMissing
from odoo.addons.synced_meetings.models.synced_account import RUNNING

from .synced_account import METHODS, PASSWORD, SERVICE_PASSWORD

KIND = {"exchange_service", "auth_method"}
# Where a login leads to; what was typed for one place is never sent to another.
PLACE = {"server_id", "server_url", "username", "email", "exchange_service"}
SERVICE_PLACE = {"server_id", "server_url", "impersonation_email", "exchange_service"}
PASSWORDS = {
    "password": (PASSWORD, PLACE),
    "impersonation_password": (SERVICE_PASSWORD, SERVICE_PLACE),
}
DETAILS = {
    "email",
    "server_id",
    "server_url",
    "version",
    "username",
    "impersonation",
    "impersonation_email",
    *PASSWORDS,
}
ENTERED = KIND | DETAILS


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    @api.model
    def default_get(self, fields):
        """Let no link fill in where somebody's calendar is looked for."""
        values = super().default_get(fields)
        return {name: value for name, value in values.items() if name not in DETAILS}

    @api.model
    def _fields_of_a_person(self):
        """Add what connecting to Exchange needs."""
        return super()._fields_of_a_person() | ENTERED

    @api.model_create_multi
    def create(self, vals_list):
        """Create cards; one of Exchange begins as Microsoft 365."""
        vals_list = [self._exchange_cleaned(values) for values in vals_list]
        for values in vals_list:
            if values.get("provider") == "exchange":
                service = values.setdefault("exchange_service", "microsoft365")
                values.setdefault("auth_method", METHODS.get(service, METHODS["microsoft365"])[0])
        accounts = super().create(vals_list)
        for account, values in zip(accounts, vals_list, strict=True):
            account._exchange_check_entered(values)
            account._exchange_check_reach()
            account._exchange_tidy()
        return accounts

    def write(self, vals):
        """Write what a person enters; what does not belong to the chosen kind is forgotten."""
        if not vals.keys() & ENTERED:
            return super().write(vals)
        vals = self._exchange_cleaned(vals)
        if "auth_method" not in vals and vals.get("exchange_service") in METHODS:
            vals["auth_method"] = METHODS[vals["exchange_service"]][0]
        self._exchange_check_open(vals)
        before = {
            account: (account._exchange_places(), account._exchange_reach()) for account in self
        }
        done = super().write(vals)
        for account in self:
            places, reach = before[account]
            account._exchange_check_entered(vals)
            if reach != account._exchange_reach():
                account._exchange_check_reach()
            account._exchange_forget_moved(places, vals)
            account._exchange_tidy()
        return done

    # ---- who may, and when ----

    def _exchange_check_open(self, vals):
        """Refuse to change whose mailbox it is, or where, while the card knows or uses it."""
        for account in self if not self.env.su else ():
            account._exchange_check_provider(vals)
            changed = {
                name for name in vals.keys() & (KIND | {"email"}) if account[name] != vals[name]
            }
            if "email" in changed and account.sudo().mailbox_id:
                raise UserError(
                    self.env._(
                        "This card belongs to %(email)s. Add another connection for another "
                        "mailbox.",
                        email=account.email,
                    )
                )
            if "exchange_service" in changed and account.state in RUNNING:
                raise UserError(
                    self.env._("Disconnect the calendar first; nothing that is here is lost.")
                )

    def _exchange_check_entered(self, vals):
        """Refuse what others may not enter, and what does not go together."""
        self.ensure_one()
        if self.provider != "exchange":
            return self._exchange_check_provider(vals)
        if self.auth_method not in METHODS[self.exchange_service or "microsoft365"]:
            raise ValidationError(self._sentence("other_method"))
        if vals.keys() & ENTERED and not self.env.su:
            self._exchange_check_owner()
        return None

    def _exchange_check_provider(self, vals):
        """Refuse on other services' cards what only Exchange has."""
        entered = vals.keys() & ENTERED
        if entered and self.provider != "exchange" and not self.env.su:
            names = ", ".join(sorted(entered))
            raise AccessError(self.env._("These fields cannot be written: %(names)s.", names=names))

    def _exchange_check_owner(self):
        if self.user_id != self.env.user and not self.env.user._is_system():
            raise AccessError(
                self.env._(
                    "Only %(user)s or an administrator can enter this.", user=self.user_id.name
                )
            )

    def _exchange_reach(self):
        """Return which mailbox is opened, and whether by a login that is not the person's own."""
        return self.email, self._exchange_opens_all(), self.server_id

    def _exchange_check_reach(self):
        """Refuse somebody else's mailbox where a login opens all; an administrator may."""
        if not self.email or not self._exchange_opens_all() or self.env.su:
            return
        if self.env.user._is_system():
            return
        # The login, which only an administrator changes; an e-mail address everybody does.
        if email_normalize(self.user_id.sudo().login) != self.email:
            raise AccessError(self._sentence("not_your_mailbox"))

    def _exchange_opens_all(self):
        """Whether a login is used that was not entered with this card."""
        if self.provider != "exchange":
            return False
        if self.exchange_service == "microsoft365":
            return self.auth_method == "client_credentials"
        return self.impersonation and not self.impersonation_email

    # ---- what is kept ----

    @api.model
    def _exchange_cleaned(self, vals):
        """Return the values as they are kept. Raises `ValidationError`."""
        vals = dict(vals)
        for name in vals.keys() & {"email", "impersonation_email"}:
            vals[name] = self._exchange_email(vals[name])
        for name in vals.keys() & {"server_url"}:
            vals[name] = self._exchange_url(vals[name])
        for name in vals.keys() & {"username"}:
            vals[name] = (vals[name] or "").strip() or False
        return vals

    @api.model
    def _exchange_email(self, text):
        text = (text or "").strip()
        email = email_normalize(text)
        if text and not email:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is no e-mail address. It looks like ann@example.com.", text=text
                )
            )
        return email or False

    @api.model
    def _exchange_url(self, text):
        """Return a server's address in its one form. Raises `ValidationError`."""
        from ..provider.address import AddressRefused, address_of

        if not (text or "").strip():
            return False
        try:
            return address_of(text).url
        except AddressRefused as refused:
            raise ValidationError(
                self.browse()._sentence(refused.reason, **refused.values)
            ) from None

    @api.model
    def check_server_url(self, text):
        """Return what is wrong with a server's address, and which was probably meant."""
        from ..provider.address import AddressRefused, address_of

        try:
            address_of(text)
        except AddressRefused as refused:
            return {
                "sentence": self.browse()._sentence(refused.reason, **refused.values),
                "suggestion": refused.values.get("suggestion", ""),
            }
        return {}

    def _exchange_places(self):
        return {name: {key: self[key] for key in place} for name, (_, place) in PASSWORDS.items()}

    def _exchange_forget_moved(self, before, vals):
        """Forget a password that a person typed for another server or user name."""
        if self.env.su:
            return  # the address as the service says it, which is the same mailbox
        after = self._exchange_places()
        moved = [
            secret
            for name, (secret, _) in PASSWORDS.items()
            if before[name] != after[name] and not vals.get(name)
        ]
        self._exchange_forget(moved)

    def _exchange_tidy(self):
        """Forget what does not belong to the chosen kind of connection."""
        self.ensure_one()
        if self.provider != "exchange":
            return
        belongs = self._exchange_belongs()
        stale = {n: False for n in DETAILS - belongs - PASSWORDS.keys() if self.sudo()[n]}
        if stale:
            super(SyncedAccount, self.sudo()).write(stale)
        secrets = [secret for name, (secret, _) in PASSWORDS.items() if name not in belongs]
        self._exchange_forget(secrets)

    def _exchange_belongs(self):
        """Return the names of the fields that the chosen kind of connection has."""
        if self.exchange_service != "own_server":
            typed = self.auth_method == "client_credentials" or self.sudo().mailbox_id
            return {"email"} if typed else set()
        server = {"server_id"} if self.server_id else {"server_url", "version", "server_id"}
        if not self.impersonation:
            return server | {"email", "username", "password", "impersonation"}
        service = {"impersonation", "impersonation_email"}
        own = {"impersonation_password"} if self.impersonation_email else set()
        return server | {"email"} | service | own

    # ---- passwords ----

    def _exchange_seal(self, field, name):
        """Seal a password that was typed; an empty field changes nothing."""
        for account in self.filtered(field):
            try:
                account._set_secret(name, account[field])
            except KeyMissing:
                raise UserError(account._sentence("key_missing")) from None
            account[field] = False
        self.invalidate_recordset(["password_set", "impersonation_password_set"])

    def _exchange_forget(self, names):
        rows = self.sudo().secret_ids.filtered(lambda secret: secret.name in names)
        rows.unlink()
        self.invalidate_recordset(["password_set", "impersonation_password_set"])
