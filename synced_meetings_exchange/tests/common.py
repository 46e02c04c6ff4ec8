"""Cards of Exchange, of a user, a colleague and an administrator."""

from odoo.addons.synced_meetings.tests.common import AccountCase

URL = "https://mail.corp.example/EWS/Exchange.asmx"
OWN = {"exchange_service": "own_server", "email": "ann@corp.example", "server_url": URL}


class ExchangeCase(AccountCase):
    """Tests that need cards, and no service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.person("admin", "base.group_system")
        cls.server = cls.env["synced.exchange.server"].create(
            {"name": "Hanover", "url": "https://hanover.corp.example/EWS/Exchange.asmx"}
        )

    def enter(self, user=None, **values):
        """Return a new card of a user, with what that user enters."""
        cards = self.env["synced.account"].with_user(user or self.ann)
        return cards.create({"provider": "exchange"} | values)

    def entered(self, card):
        """Return what stands on a card, by field."""
        names = ("server_id", "server_url", "version", "username", "impersonation_email", "email")
        return {name for name in names if card[name]}
