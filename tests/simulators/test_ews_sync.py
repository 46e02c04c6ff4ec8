"""SyncFolderItems: a log of what lies in a folder."""

from __future__ import annotations

import pytest
from exchangelib.errors import ErrorInvalidSyncStateData

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner, weekly
from simulators.exchange_kit import CALENDAR, SignIn, at, codes, meeting, soap, synced

SYNC = (
    "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
    f"<m:SyncFolderId>{CALENDAR}</m:SyncFolderId><m:SyncState>{{state}}</m:SyncState>"
    "<m:MaxChangesReturned>{most}</m:MaxChangesReturned></m:SyncFolderItems>"
)


def _kinds(changes) -> list[tuple[str, str]]:
    return [(kind, item.id) for kind, item in changes]


def test_first_round_has_all_newest_first(anna: Owner, sign_in: SignIn):
    ids = [anna.create(Subject=str(number)).id for number in range(3)]
    changes, state = synced(sign_in("anna@corp.example"))
    assert _kinds(changes) == [("create", one) for one in reversed(ids)]
    assert state


def test_later_rounds_have_what_changed(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    kept, changed, gone = (anna.create(Subject=name).id for name in ("kept", "changed", "gone"))
    _, state = synced(account)
    assert synced(account, state)[0] == []
    anna.update(changed, Subject="anew")
    anna.update(changed, Subject="once more")
    anna.delete(gone)
    new = anna.create(Subject="new").id
    fleeting = anna.create(Subject="fleeting").id
    anna.delete(fleeting)
    changes, later = synced(account, state)
    assert _kinds(changes) == [("create", new), ("delete", gone), ("update", changed)]
    assert synced(account, later)[0] == []
    assert _kinds(synced(account, state)[0]) == _kinds(changes), "a state may be used again"
    assert kept not in {item.id for _, item in changes}


@pytest.mark.parametrize("size", [1, 2, 3, 512])
def test_pages(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn, size: int):
    ids = {anna.create(Subject=str(number)).id for number in range(5)}
    changes, _ = synced(sign_in("anna@corp.example"), max_changes_returned=size)
    assert {item.id for _, item in changes} == ids
    assert len(changes) == 5
    assert exchange.count("SyncFolderItems") == -(-5 // size)


def test_changes_while_paging_are_not_lost(exchange: SimulatedExchange, anna: Owner):
    ids = [anna.create(Subject=str(number)).id for number in range(4)]
    seen, state, last, rounds = [], "", False, 0
    known: dict[str, str] = {}
    while not last:
        _, answer = soap(exchange, SYNC.format(state=state, most=2))
        state = next(answer.iter("{*}SyncState")).text
        last = next(answer.iter("{*}IncludesLastItemInRange")).text == "true"
        for change in next(answer.iter("{*}Changes")):
            reference = next(change.iter("{*}ItemId"))
            known[reference.get("Id")] = reference.get("ChangeKey")
            seen.append(change.tag.rpartition("}")[2])
        if rounds == 0:
            anna.update(ids[0], Subject="not delivered yet")
            anna.update(ids[3], Subject="delivered already")
            anna.delete(ids[1])
        rounds += 1
    _, answer = soap(exchange, SYNC.format(state=state, most=512))
    for change in next(answer.iter("{*}Changes")):
        reference = next(change.iter("{*}ItemId"))
        if change.tag.endswith("Delete"):
            known.pop(reference.get("Id"), None)
        else:
            known[reference.get("Id")] = reference.get("ChangeKey")
    assert known == {view.id: view.key for view in anna.items()}
    assert set(seen) == {"Create"}


@pytest.mark.parametrize("most", ["0", "513", "x"])
def test_at_most_512(exchange: SimulatedExchange, anna: Owner, most: str):
    status, answer = soap(exchange, SYNC.format(state="", most=most))
    assert (status, codes(answer)) == (500, ["ErrorSchemaValidation"])


@pytest.mark.parametrize("state", ["rubbish", "H4sIAAAA", "!"])
def test_bad_state(anna: Owner, sign_in: SignIn, state: str):
    with pytest.raises(ErrorInvalidSyncStateData):
        synced(sign_in("anna@corp.example"), state)


def test_state_of_another_folder(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    _, state = synced(account)
    anna.add_calendar("Second")
    second = next(one for one in account.calendar.children if one.name == "Second")
    with pytest.raises(ErrorInvalidSyncStateData):
        list(second.sync_items(sync_state=state))
    assert list(second.sync_items()) == []


def test_forgotten_states(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    _, state = synced(account)
    exchange.faults.forget_sync_states()
    with pytest.raises(ErrorInvalidSyncStateData):
        synced(account, state)
    assert synced(account)[0] == []


def test_moved_to_another_calendar_is_deleted(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    identity = anna.create(Subject="a").id
    _, state = synced(account)
    moved = anna.move(identity, anna.add_calendar("Second"))
    assert moved != identity
    assert _kinds(synced(account, state)[0]) == [("delete", identity)]


class TestSeries:
    def test_only_the_master_lives_in_the_folder(self, anna: Owner, sign_in: SignIn):
        account = sign_in("anna@corp.example")
        series = self._series(anna)
        changes, state = synced(account)
        assert _kinds(changes) == [("create", series.id)]
        key = changes[0][1].changekey
        anna.update(anna.occurrence(series.id, 2).id, Subject="edited")
        changes, state = synced(account, state)
        assert _kinds(changes) == [("update", series.id)]
        assert changes[0][1].changekey != key
        anna.delete(anna.occurrence(series.id, 3).id)
        assert _kinds(synced(account, state)[0]) == [("update", series.id)]

    def _series(self, anna: Owner):
        first = at("23T09:00")
        return anna.create(
            Subject="Weekly", Start=first, End=at("23T10:00"), Recurrence=weekly(first, 4)
        )


def test_reading_is_no_change(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    item = meeting(account).save()
    _, state = synced(account)
    item.refresh()
    assert list(account.calendar.filter(subject="Kick-off"))
    assert synced(account, state)[0] == []


def test_body_does_not_come_with_changes(anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    anna.create(Subject="a", Body="<p>long</p>", Location="HQ")
    changes, _ = synced(account, only_fields=["subject", "location", "body"])
    (_, item), *_ = changes
    assert (item.subject, item.location, item.body) == ("a", "HQ", None)
