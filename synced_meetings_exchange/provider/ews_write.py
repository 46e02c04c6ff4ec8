"""An own Exchange server as a provider, the writing half: one push of changes.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-create-appointments-and-meetings-by-using-ews-in-exchange-2013
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Gone,
    Rejected,
    StaleChangeKey,
    SyncError,
    of_one,
)
from odoo.addons.synced_meetings.sync.event import Bad, Change, Outcome, Remote

from . import ews_items as items
from . import ews_payloads as payloads
from .ews_calls import Answer
from .ews_errors import REASONS, Absent
from .ews_making import ALL, NOBODY, Making
from .ews_payloads import PLACED, STANDING, Place, Ref
from .ews_reading import Items, item_of
from .ews_target import Target, is_answer, is_looked_at, is_nothing, send_of, tombstone, word_of
from .ews_translate import id_of, key_of
from .ews_xml import Element


class Push:
    """One push: what goes out for each change, and what became of it."""

    def __init__(
        self, place: Place, found: Items, zone: Callable[[], str], look: Callable[[], None]
    ) -> None:
        self.place, self.items, self.zone = place, found, zone
        self.look = look  # raises `Gone` where the calendar does not exist
        self.done: dict[int, Outcome] = {}
        self._looked = False

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do them and return an outcome of each, in order."""
        every = [Target(number, change) for number, change in enumerate(changes)]
        made = [one for one in every if one.change.action == "create"]
        self._make(made)
        others = self._checked([one for one in every if one.change.action != "create"])
        self._place_occurrences(others)
        self._look_at(others)
        self._update(self._open(others, "update"))
        self._answer([one for one in self._open(others, "answer", "delete") if is_answer(one)])
        self._delete(self._open(others, "delete"))
        self._read_back(self._open([*made, *others], "create", "update", "answer"))
        return [self.done[number] for number in range(len(changes))]

    def _open(self, targets: Iterable[Target], *actions: str) -> list[Target]:
        """Return those of which nothing is known yet."""
        return [
            one for one in targets if one.number not in self.done and one.change.action in actions
        ]

    def _end(self, target: Target, answer: Answer) -> bool:
        """Note why a change was not done, if so; raises `Gone` where nothing can be."""
        if not isinstance(answer, SyncError):
            return False
        self.done[target.number] = self._outcome(target, answer)
        return True

    def _outcome(self, target: Target, error: SyncError) -> Outcome:
        if isinstance(error, AuthRequired):
            raise error
        if isinstance(error, Absent):
            self._look_once()  # events that are gone, or a calendar that is gone
            return Outcome(tombstone(target.change.copy))
        if isinstance(error, Gone) and str(error) != "ErrorAccessDenied":
            raise error
        return Outcome(error=of_one(error, REASONS))

    def _look_once(self) -> None:
        if not self._looked:
            self.look()
        self._looked = True

    # What is made

    def _make(self, targets: Sequence[Target]) -> None:
        making = Making(self.place, self.items, self.zone).made([one.change for one in targets])
        for target, answer in zip(targets, making, strict=True):
            if isinstance(answer, Remote):
                self.done[target.number] = Outcome(answer)
            elif not self._end(target, answer):
                target.ref = Ref(id_of(answer), key_of(answer))

    # What there is already

    def _checked(self, targets: Sequence[Target]) -> list[Target]:
        """Return those that need to be asked for at all."""
        for target in targets:
            try:
                same = is_nothing(target.change)
            except (Rejected, StaleChangeKey) as error:
                self.done[target.number] = Outcome(error=error)
                continue
            if same:
                self.done[target.number] = Outcome(target.change.copy, told=False)
            elif not target.change.copy.series:
                target.ref = Ref(target.change.copy.id, target.change.copy.change_key)
        self._find_by_key(self._open(targets, "delete"))
        return self._open(targets, "update", "answer", "delete")

    def _find_by_key(self, targets: Sequence[Target]) -> None:
        """Find what may have been made, and was never seen since."""
        unseen = [one for one in targets if not one.change.copy.id and not one.change.copy.series]
        making = Making(self.place, self.items, self.zone)
        known = making.known([one.change.copy.client_key for one in unseen])
        for target in unseen:
            found = known.get(target.change.copy.client_key)
            if found is None or found.event is None:
                self.done[target.number] = Outcome(tombstone(target.change.copy))
            else:
                target.ref = Ref(found.id, found.change_key)

    def _place_occurrences(self, targets: Sequence[Target]) -> None:
        """Find Exchange's own ids of occurrences, and see whether they are as they were."""
        asked = [one for one in targets if one.change.copy.series]
        pairs = [(one.change.copy.series, one.change.copy.recurrence_id) for one in asked]
        found = self.items.occurrences(pairs, (*PLACED, *STANDING)) if pairs else {}
        for target, pair in zip(asked, pairs, strict=True):
            target.master, answer = found[pair]
            if not self._end(target, answer):
                self._stand(target, answer)

    def _look_at(self, targets: Sequence[Target]) -> None:
        """Ask how those stand of which more must be known than their change key.

        A deletion does not compare change keys, and a list of guests replaces the whole.
        """
        asked = [one for one in self._open(targets, "update", "delete") if is_looked_at(one)]
        answers = self.items.get([Ref(one.ref.id) for one in asked if one.ref], STANDING)
        for target, answer in zip(asked, answers, strict=True):
            if not self._end(target, answer):
                self._stand(target, answer)

    def _stand(self, target: Target, item: Element) -> None:
        key = target.change.copy.change_key
        blind = not key and target.change.action == "delete"
        if key != key_of(item) and not blind:
            self.done[target.number] = Outcome(error=StaleChangeKey("change key"))
        target.ref, target.standing = Ref(id_of(item), key_of(item)), item

    def _update(self, targets: Sequence[Target]) -> None:
        for target in targets:
            self._plan(target)
        groups: dict[str, list[Target]] = {}
        for target in self._open(targets, "update"):
            groups.setdefault(send_of(target), []).append(target)
        for send, group in groups.items():
            answers = self.items.batches(group, partial(_updates, send=send))
            for target, answer in zip(group, answers, strict=True):
                if not self._end(target, answer):
                    self._moved(target, item_of(answer))

    def _moved(self, target: Target, item: Answer) -> None:
        """Keep the id that was answered: an occurrence may have got one of its own."""
        if not isinstance(item, SyncError):
            target.ref = Ref(id_of(item))

    def _plan(self, target: Target) -> None:
        old, event = target.change.copy.event, target.change.event
        if old is None or event is None:
            self.done[target.number] = Outcome(error=Rejected("no_start"))
            return
        people = target.standing if items.invites(old, event) else None
        try:
            target.values = items.changes_of(old, event, self.zone(), people)
        except Rejected as error:
            self.done[target.number] = Outcome(error=error)
            return
        if not target.values:
            self.done[target.number] = Outcome(target.change.copy, told=False)

    def _answer(self, targets: Sequence[Target]) -> None:
        """Answer invitations; who deletes one, declines it: the organiser is not left waiting."""
        answers = self.items.batches(targets, self._answers)
        for target, answer in zip(targets, answers, strict=True):
            if not self._end(target, answer) and word_of(target) == "DeclineItem":
                # Exchange takes it out of the calendar.
                self.done[target.number] = Outcome(tombstone(target.change.copy))

    def _answers(self, targets: Sequence[Target]) -> Element:
        pairs = ((one.ref or Ref(""), word_of(one)) for one in targets)
        return payloads.respond(self.place, [payloads.answer(*pair) for pair in pairs])

    def _delete(self, targets: Sequence[Target]) -> None:
        said = [one for one in targets if one.change.tell and one.change.message]
        self._deleted(said, self._cancellations)
        for tell in (False, True):
            group = [one for one in targets if one.change.tell == tell and one not in said]
            self._deleted(group, partial(_deletions, send=ALL if tell else NOBODY))

    def _deleted(
        self, group: Sequence[Target], payload: Callable[[Sequence[Target]], Element]
    ) -> None:
        answers = self.items.batches(group, payload)
        for target, answer in zip(group, answers, strict=True):
            if not self._end(target, answer):
                self.done[target.number] = Outcome(tombstone(target.change.copy))

    def _cancellations(self, targets: Sequence[Target]) -> Element:
        """Call meetings off with a message: a deletion has none."""
        pairs = ((one.ref or Ref(""), one.change.message) for one in targets)
        return payloads.respond(self.place, [payloads.cancellation(*pair) for pair in pairs])

    # What became of it

    def _read_back(self, targets: Sequence[Target]) -> None:
        """Return each as a later listing shows it: Exchange answers no more than ids."""
        answers = self.items.get([Ref(one.ref.id) for one in targets if one.ref])
        for target, answer in zip(targets, answers, strict=True):
            self.done[target.number] = self._seen(target, answer)

    def _seen(self, target: Target, answer: Answer) -> Outcome:
        copy = target.change.copy
        if isinstance(answer, Absent):
            return Outcome(tombstone(replace(copy, id=target.ref.id if target.ref else copy.id)))
        if target.master:
            found = self.items.instance(target.master, copy.recurrence_id, answer)
        else:
            read = self.items.read(target.ref.id if target.ref else copy.id, answer)
            found = read or Bad("", "refused_there", "", "")
        if isinstance(found, Remote):
            return Outcome(found)
        return Outcome(error=Rejected(found.reason, found.value))


def _updates(targets: Sequence[Target], send: str) -> Element:
    changes = [items.change_element(one.ref or Ref(""), one.values) for one in targets]
    return payloads.update(changes, send)


def _deletions(targets: Sequence[Target], send: str) -> Element:
    return payloads.delete([one.ref or Ref("") for one in targets], send)
