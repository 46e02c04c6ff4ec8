"""Subscriptions: events that clients fetch, and notifications that are posted to them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from exchangelib.errors import (
    ErrorInvalidSubscription,
    ErrorInvalidWatermark,
    ErrorSubscriptionNotFound,
)
from exchangelib.services import SendNotification

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, meeting
from simulators.server import Request, Response, Server

EVENTS = ["CreatedEvent", "ModifiedEvent", "DeletedEvent"]


class Receiver:
    """A client's address for notifications, read with exchangelib's own parser."""

    def __init__(self) -> None:
        self.service = SendNotification(protocol=None)
        self.answer = self.service.ok_payload()
        self.notes: list = []
        self.arrived = threading.Semaphore(0)
        self.server = Server(self._take)
        self.url = f"{self.server.url}/exchange/secret"

    def _take(self, request: Request) -> Response:
        self.notes += list(self.service.parse(request.body))
        self.arrived.release()
        return Response(200, self.answer, "text/xml; charset=utf-8")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.server.start()
    yield receiver
    receiver.server.stop()


@pytest.fixture
def account(anna: Owner, sign_in: SignIn):
    return sign_in("anna@corp.example")


def _kinds(note) -> list[str]:
    return [type(one).__name__ for one in note.events]


def test_pull(account, anna: Owner):
    subscription, mark = account.calendar.subscribe_to_pull(event_types=EVENTS)
    item = meeting(account).save()
    anna.update(item.id, Subject="b")
    (note,) = account.calendar.get_events(subscription, mark)
    assert _kinds(note) == ["CreatedEvent", "ModifiedEvent"]
    assert {one.item_id.id for one in note.events} == {item.id}
    later = note.events[-1].watermark
    (note,) = account.calendar.get_events(subscription, later)
    assert _kinds(note) == ["StatusEvent"]
    item.refresh()
    item.delete()
    (note,) = account.calendar.get_events(subscription, later)
    assert _kinds(note) == ["DeletedEvent"]


def test_pull_ends(account):
    subscription, mark = account.calendar.subscribe_to_pull(event_types=EVENTS)
    with pytest.raises(ErrorInvalidWatermark):
        list(account.calendar.get_events(subscription, "rubbish"))
    account.calendar.unsubscribe(subscription)
    with pytest.raises(ErrorSubscriptionNotFound):
        list(account.calendar.get_events(subscription, mark))


def test_only_what_was_asked_for(account, anna: Owner):
    second = anna.add_calendar("Second")
    subscription, mark = account.calendar.subscribe_to_pull(event_types=["DeletedEvent"])
    kept, elsewhere = anna.create(Subject="a").id, anna.create(Subject="b", folder=second).id
    anna.create(Subject="c")
    anna.delete(elsewhere, forever=True)
    (note,) = account.calendar.get_events(subscription, mark)
    assert _kinds(note) == ["StatusEvent"]
    anna.delete(kept, forever=True)
    (note,) = account.calendar.get_events(subscription, mark)
    assert [one.item_id.id for one in note.events] == [kept]


def test_deleted_items_are_moved_first(account, anna: Owner):
    kinds = [*EVENTS, "MovedEvent"]
    subscription, mark = account.calendar.subscribe_to_pull(event_types=kinds)
    item = meeting(account).save()
    old = item.id
    item.move_to_trash()
    (note,) = account.calendar.get_events(subscription, mark)
    assert _kinds(note) == ["CreatedEvent", "MovedEvent"]
    moved = note.events[1]
    assert (moved.old_item_id.id, moved.old_parent_folder_id.id) == (old, account.calendar.id)
    assert moved.item_id.id != old


def test_push(exchange: SimulatedExchange, account, anna: Owner, receiver: Receiver):
    subscription, _ = account.calendar.subscribe_to_push(receiver.url, event_types=EVENTS)
    assert receiver.notes == []
    identity = anna.create(Subject="a").id
    assert receiver.arrived.acquire(timeout=30)
    assert receiver.notes[0].subscription_id == subscription
    assert _kinds(receiver.notes[0]) == ["CreatedEvent"]
    assert receiver.notes[0].events[0].item_id.id == identity
    with pytest.raises(ErrorInvalidSubscription):
        account.calendar.unsubscribe(subscription)


def test_push_on_demand(exchange: SimulatedExchange, account, anna: Owner, receiver: Receiver):
    exchange.subscriptions.automatic = False
    account.calendar.subscribe_to_push(receiver.url, event_types=EVENTS)
    anna.create(Subject="a")
    anna.create(Subject="b")
    assert receiver.notes == []
    exchange.subscriptions.post()
    exchange.subscriptions.post()
    assert [_kinds(one) for one in receiver.notes] == [["CreatedEvent", "CreatedEvent"]]
    exchange.subscriptions.sign_of_life()
    assert _kinds(receiver.notes[-1]) == ["StatusEvent"]


@pytest.mark.parametrize("answer", ["unsubscribe", "nonsense", "gone"])
def test_push_ends(
    exchange: SimulatedExchange, account, anna: Owner, receiver: Receiver, answer: str
):
    exchange.subscriptions.automatic = False
    account.calendar.subscribe_to_push(receiver.url, event_types=EVENTS)
    if answer == "gone":
        receiver.server.stop()
    receiver.answer = {"unsubscribe": receiver.service.unsubscribe_payload()}.get(answer, b"no")
    anna.create(Subject="a")
    exchange.subscriptions.post()
    assert exchange.subscriptions.alive == {}
    assert len(exchange.subscriptions.posted) == 1
