"""Who an address belongs to: contacts and users, found for a whole page at once."""

from collections import defaultdict


class People:
    """The contacts and users behind a set of e-mail addresses. Creates nothing."""

    def __init__(self, env, emails, company, owners=None):
        """Look up ``emails``; ``owners`` are {address: user} known by the provider's own mark."""
        self._users, self._partners, self._companies = {}, {}, {}
        emails = sorted(filter(None, emails))
        if emails:
            self._find_users(env, emails)
            self._find_partners(env, emails, company)
        self._users.update(owners or {})

    def _find_users(self, env, emails):
        users = env["res.users"].search_fetch(
            [
                ("share", "=", False),
                "|",
                ("email_normalized", "in", emails),
                ("login", "in", emails),
            ],
            ["email_normalized", "login", "synced_claimed_email"],
            order="id desc",
        )
        for user in users:
            self._users[user.login] = user.id
        for user in users:
            if user.email_normalized != user.synced_claimed_email:
                self._users[user.email_normalized] = user.id
        accounts = env["synced.account"].search_fetch(
            [("email", "in", emails)], ["email", "user_id"]
        )
        for account in accounts:  # a connected mailbox says more than a field on a card
            self._users[account.email] = account.user_id.id

    def _find_partners(self, env, emails, company):
        partners = env["res.partner"].search_fetch(
            [("email_normalized", "in", emails), ("company_id", "in", [False, company.id])],
            ["email_normalized", "is_company", "commercial_partner_id", "partner_share"],
        )
        found = defaultdict(lambda: partners.browse())
        for partner in partners:
            found[partner.email_normalized] |= partner
        for email, candidates in found.items():
            # A user's own card first, then a person before a company, then the oldest.
            best = min(candidates, key=lambda p: (p.partner_share, p.is_company, p.id))
            self._partners[email] = best.id
            if best.partner_share and best.commercial_partner_id.is_company:
                self._companies[best.id] = best.commercial_partner_id.id

    def partner(self, email):
        """Return the id of the contact with this address, or False."""
        return self._partners.get(email, False)

    def user(self, email):
        """Return the id of the internal user with this address, or False."""
        return self._users.get(email, False)

    def contacts(self, emails):
        """Return the ids of the contacts, with their companies, that these addresses bring.

        Colleagues are users of the meeting, not its contacts.
        """
        found = {self.partner(email) for email in emails if not self.user(email)} - {False}
        return found | {self._companies[partner] for partner in found if partner in self._companies}

    def users(self, emails):
        """Return the ids of the internal users among these addresses."""
        return {self.user(email) for email in emails} - {False}
