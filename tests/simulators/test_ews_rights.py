"""In whose name: impersonation, and the folders of others."""

from __future__ import annotations

import pytest
from exchangelib import BASIC, NTLM
from exchangelib.account import Account
from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorImpersonateUserDenied,
    ErrorNonExistentMailbox,
    ErrorProxyRequestProcessingFailed,
)
from exchangelib.folders import Calendar, SingleFolderQuerySet
from exchangelib.properties import DistinguishedFolderId, Mailbox

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import ACTING, GET_CALENDAR, SignIn, codes, meeting, soap


class TestImpersonation:
    @pytest.mark.parametrize("method", [BASIC, NTLM])
    def test_acts_for_people(
        self, exchange: SimulatedExchange, anna: Owner, robert: Owner, sign_in: SignIn, method: str
    ):
        exchange.add_service("svc")
        for person in (anna, robert):
            account = sign_in(person.email, "CORP\\svc", auth_type=method)
            meeting(account, subject=person.email).save()
            assert [one.data["Subject"] for one in person.items()] == [person.email]
        assert {one.account for one in exchange.asked} == {"svc@corp.example"}
        acted = {one.mailbox for one in exchange.asked if one.operation == "CreateItem"}
        assert acted == {"anna@corp.example", "robert@corp.example"}

    def test_needs_the_right(
        self, exchange: SimulatedExchange, anna: Owner, robert: Owner, sign_in: SignIn
    ):
        exchange.add_service("svc", may_act_for=["robert@corp.example"])
        assert sign_in("robert@corp.example", "svc").calendar.name == "Calendar"
        with pytest.raises(ErrorImpersonateUserDenied):
            sign_in("anna@corp.example", "svc").calendar.refresh()
        with pytest.raises(ErrorImpersonateUserDenied):
            sign_in("anna@corp.example", "robert").calendar.refresh()

    def test_of_nobody(self, exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
        exchange.add_service("svc")
        with pytest.raises(ErrorNonExistentMailbox):
            sign_in("nobody@corp.example", "svc").calendar.refresh()

    def test_anchor_must_be_the_same(self, exchange: SimulatedExchange, anna: Owner, robert: Owner):
        exchange.add_service("svc")
        acting = ACTING.format("anna@corp.example")
        good = soap(exchange, GET_CALENDAR, acting, "svc", X_AnchorMailbox="Anna@corp.example")
        assert (good[0], codes(good[1])) == (200, ["NoError"])
        bad = soap(exchange, GET_CALENDAR, acting, "svc", X_AnchorMailbox="robert@corp.example")
        assert (bad[0], codes(bad[1])) == (500, [ErrorProxyRequestProcessingFailed.__name__])

    def test_without_it_a_service_has_no_mailbox(self, exchange: SimulatedExchange):
        exchange.add_service("svc")
        status, answer = soap(exchange, GET_CALENDAR, login="svc")
        assert (status, codes(answer)) == (200, ["ErrorNonExistentMailbox"])


class TestForeignFolders:
    def _calendar(self, account: Account, email: str) -> Calendar:
        reference = DistinguishedFolderId(id="calendar", mailbox=Mailbox(email_address=email))
        folder = Calendar(root=account.root, _distinguished_id=reference)
        return SingleFolderQuerySet(account=account, folder=folder).resolve()

    def test_denied(self, anna: Owner, robert: Owner, sign_in: SignIn):
        found = self._calendar(sign_in("anna@corp.example"), "robert@corp.example")
        assert isinstance(found, ErrorAccessDenied)

    def test_nobody_there(self, anna: Owner, sign_in: SignIn):
        with pytest.raises(ErrorNonExistentMailbox):
            self._calendar(sign_in("anna@corp.example"), "nobody@corp.example")

    def test_shared_to_read(self, anna: Owner, robert: Owner, sign_in: SignIn):
        robert.create(Subject="Open")
        robert.create(Subject="Hidden", Sensitivity="Private")
        robert.share("anna@corp.example", "Reviewer")
        account = sign_in("anna@corp.example")
        folder = self._calendar(account, "robert@corp.example")
        assert [one.subject for one in folder.all()] == ["Open"]
        item = meeting(account)
        item.folder = folder
        with pytest.raises(ErrorAccessDenied):
            item.save()

    def test_shared_to_write(self, anna: Owner, robert: Owner, sign_in: SignIn):
        robert.share("anna@corp.example", "Editor")
        account = sign_in("anna@corp.example")
        item = meeting(account, subject="From Anna")
        item.folder = self._calendar(account, "robert@corp.example")
        item.save()
        assert robert.item("From Anna").data["Organizer"]["email"] == "robert@corp.example"

    def test_item_of_another(self, anna: Owner, robert: Owner, sign_in: SignIn):
        identity = robert.create(Subject="Not yours").id
        account = sign_in("anna@corp.example")
        with pytest.raises(ErrorAccessDenied):
            list(
                account.fetch([(identity, None)], folder=account.calendar, only_fields=["subject"])
            )
