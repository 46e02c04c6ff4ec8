"""People, and a calendar service that exists only in these tests."""

import os
import tempfile
from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user
from odoo.tools import config

from odoo.addons.synced_meetings.models import keyring
from odoo.addons.synced_meetings.sync.event import Calendar

PROVIDER = "shelf"


class Shelf:
    """A service with a list of calendars; ``asked`` counts how often it was listed."""

    def __init__(self):
        self.listed = [Calendar("main", "Main", primary=True), Calendar("fair", "Fairs")]
        self.asked, self.error, self.revoked = 0, None, []
        self.refusal, self.redeemed = None, []
        self.busy = {}

    def calendars(self):
        """Return the calendars, or fail."""
        self.asked += 1
        if self.error:
            raise self.error
        return self.listed

    def free_busy(self, emails, window):
        """Return the busy times of those who may be asked, or fail."""
        self.asked += 1
        if self.error:
            raise self.error
        return {email: self.busy[email] for email in emails if email in self.busy}

    def close(self):
        """Close nothing."""

    def redeem(self, answer, verifier):
        """Return what the consent of the person named by ``code`` gives, or fail."""
        self.redeemed.append((answer["code"], verifier))
        if self.refusal:
            raise self.refusal
        return answer["code"], f"id of {answer['code']}", {"token": "given"}


class AccountSetting:
    """For `TransactionCase` and its kin: users, and the service as one that can be chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = Shelf()
        cls._add_provider()
        cls._move_key()
        cls.ann = cls.person("ann")
        cls.bob = cls.person("bob")
        cls.boss = cls.person("boss", "base.group_user,synced_meetings.group_manager")
        cls.env["ir.config_parameter"].set_param("synced_meetings.enabled", "True")

    @classmethod
    def person(cls, login, group="base.group_user"):
        """Return a new user of a group."""
        return new_test_user(
            cls.env, f"synced_{login}", group, email=f"{login}@corp.example", name=login.title()
        )

    @classmethod
    def _add_provider(cls):
        model = cls.env.registry["synced.account"]
        field, shelf = model._fields["provider"], cls.shelf
        choices = [*field.selection, (PROVIDER, "Shelf")]
        for name, value in (("selection", choices), ("_selection", dict(choices))):
            cls.startClassPatcher(patch.object(field, name, value))
        stubs = {
            "_provider": lambda account, remote_id=None: shelf,
            "_revoke": lambda account: shelf.revoked.append(account._secret("token")),
            "_consent_url": lambda account, state, verifier: f"https://shelf.example?state={state}",
            "_redeem": lambda account, answer, verifier: shelf.redeem(answer, verifier),
        }
        for name, stub in stubs.items():
            cls.startClassPatcher(patch.object(model, name, stub))

    @classmethod
    def _move_key(cls):
        """Use a data directory of one's own for the key, as on a server that has none yet."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.data_dir = folder.name
        given = {"data_dir": folder.name, keyring.SETTING: ""}
        cls.startClassPatcher(patch.object(keyring, "config", config.options.new_child(given)))
        cls.startClassPatcher(patch.dict(os.environ))
        os.environ.pop(keyring.SETTING.upper(), None)

    @classmethod
    def card(cls, user, **values):
        """Return a new card of ``user``, not connected."""
        return cls.env["synced.account"].create({"provider": PROVIDER, "user_id": user.id} | values)

    @classmethod
    def connect(cls, user, email="", token="secret", **values):
        """Return a connected account of ``user`` with its calendars listed."""
        account = cls.card(user, **values)
        email = email or f"{user.login}@mail.example"
        account._authorised(email, f"id of {email}", {"token": token})
        account._refresh_calendars()
        return account


class AccountCase(AccountSetting, TransactionCase):
    """Tests that need accounts."""
