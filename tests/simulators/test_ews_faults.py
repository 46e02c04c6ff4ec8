"""Misbehaviour on demand, and stopping at numbered writes."""

from __future__ import annotations

import threading
import time

import pytest
from exchangelib.errors import (
    CASError,
    ErrorMailboxMoveInProgress,
    ErrorServerBusy,
    ErrorTimeoutExpired,
    MalformedResponseError,
)

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, meeting, synced

LOST = (ErrorTimeoutExpired, CASError, ConnectionError)
POISON = (
    '<t:CalendarItem xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">'
    '<t:ItemId Id="{}" ChangeKey="x"/><t:Start>yesterday</t:Start></t:CalendarItem>'
)


@pytest.fixture
def account(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    assert account.calendar.name == "Calendar"
    return account


def test_busy(exchange: SimulatedExchange, account):
    exchange.faults.busy(297_749, match="SyncFolderItems")
    account.calendar.refresh()
    with pytest.raises(ErrorServerBusy) as caught:
        synced(account)
    assert caught.value.back_off == pytest.approx(297.749)
    assert synced(account)[0] == []


def test_unavailable(exchange: SimulatedExchange, account):
    exchange.faults.add(503, times=2)
    for _ in range(2):
        with pytest.raises(ErrorServerBusy):
            account.calendar.refresh()
    account.calendar.refresh()


def test_page_instead_of_soap(exchange: SimulatedExchange, account):
    exchange.faults.add(500, match="GetFolder")
    with pytest.raises(MalformedResponseError):
        account.calendar.refresh()


def test_fault_by_name(exchange: SimulatedExchange, account):
    exchange.faults.add(500, "ErrorMailboxMoveInProgress")
    with pytest.raises(ErrorMailboxMoveInProgress):
        account.calendar.refresh()


def test_slow(exchange: SimulatedExchange, account):
    exchange.faults.add(delay=0.3, match="SyncFolderItems")
    begin = time.monotonic()
    synced(account)
    assert time.monotonic() - begin >= 0.3


def test_lost_before_the_work(exchange: SimulatedExchange, anna: Owner, account):
    exchange.faults.add(drop="before", match="CreateItem")
    with pytest.raises(LOST):
        meeting(account).save()
    assert anna.items() == []


def test_lost_after_the_work(exchange: SimulatedExchange, anna: Owner, account):
    exchange.faults.add(drop="after", match="CreateItem")
    with pytest.raises(LOST):
        meeting(account, client_key="42").save()
    assert len(anna.items()) == 1
    assert account.calendar.filter(client_key="42").count() == 1


def test_malformed_item(exchange: SimulatedExchange, anna: Owner, account):
    good, bad = (anna.create(Subject=name).id for name in ("good", "bad"))
    _, state = synced(account)
    exchange.faults.malformed(bad, POISON.format(bad))
    changes, state = synced(account, state)
    assert [(kind, item.id) for kind, item in changes] == [("update", bad)]
    asked = [(one, None) for one in (good, bad)]
    names = ["subject", "start"]
    found = list(account.fetch(asked, folder=account.calendar, only_fields=names))
    assert [one.subject for one in found] == ["good", None]
    assert found[1].start is None, "no time that anybody could read"
    exchange.faults.heal(bad)
    changes, _ = synced(account, state)
    assert [(kind, item.id) for kind, item in changes] == [("update", bad)]
    found = account.fetch(asked, folder=account.calendar, only_fields=["subject"])
    assert [one.subject for one in found] == ["good", "bad"]


def test_counts(exchange: SimulatedExchange, account):
    exchange.asked.clear()
    item = meeting(account).save()
    item.subject = "b"
    item.save(update_fields=["subject"])
    item.delete()
    synced(account)
    assert dict(exchange.counts()) == {
        **{"CreateItem": 1, "UpdateItem": 1, "DeleteItem": 1, "SyncFolderItems": 1},
    }


class TestSteps:
    def test_numbers_writes(self, exchange: SimulatedExchange, account):
        item = meeting(account).save()
        item.refresh()
        identity = item.id
        item.delete()
        shown = [(one.number, one.method, one.event, one.send) for one in exchange.steps.writes]
        assert shown == [
            (1, "CreateItem", "new", "SendToNone"),
            (2, "DeleteItem", identity, "SendToNone"),
        ]

    def test_drops(self, exchange: SimulatedExchange, anna: Owner, account):
        exchange.steps.drop(2)
        meeting(account, subject="a").save()
        with pytest.raises(LOST):
            meeting(account, subject="b").save()
        assert [one.data["Subject"] for one in anna.items()] == ["a", "b"]

    @pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
    def test_holds(self, exchange: SimulatedExchange, anna: Owner, account, when: str, there: int):
        exchange.steps.hold(1, when)
        item = meeting(account)
        worker = threading.Thread(target=item.save)
        worker.start()
        assert exchange.steps.wait(1)
        assert len(anna.items()) == there
        assert worker.is_alive()
        exchange.steps.release(1)
        worker.join(30)
        assert len(anna.items()) == 1
