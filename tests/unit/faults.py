"""Faults that a test must notice: what stands in a file, and what is written instead."""

from __future__ import annotations

from dataclasses import dataclass

SYNC, UNIT = "synced_meetings/sync/", "tests/unit/"
PUSH, ENGINE, MERGE = SYNC + "push.py", SYNC + "engine.py", SYNC + "merge.py"
VIEW = SYNC + "view.py"
STORE, OUTBOX, ROWS = (UNIT + f"memory_{name}.py" for name in ("store", "outbox", "rows"))


@dataclass(frozen=True)
class Fault:
    """A rule that is broken on purpose."""

    name: str
    path: str
    before: str
    after: str


FAULTS = [
    Fault(
        "base = what was sent, not what was answered",
        PUSH,
        "    return engine.canonical_remote(remote, store)\n",
        "    return replace(engine.canonical_remote(remote, store), event=change.event)\n",
    ),
    Fault(
        "an edit during the call is overwritten",
        PUSH,
        "    local = merge(before, remote.event, now)\n",
        "    local = remote.event\n",
    ),
    Fault(
        "what the service made of it counts as an edit",
        PUSH,
        '    repeated = change.action == "create" and one.link.sent\n',
        "    repeated = True\n",
    ),
    Fault(
        "no change key is sent",
        PUSH,
        "    base, local, copy = one.link.base, one.link.local, one.copy\n    if local",
        "    base, local = one.link.base, one.link.local\n"
        '    copy = replace(one.copy, change_key="")\n    if local',
    ),
    Fault(
        "what is stale is not read",
        PUSH,
        "            stale.append(one)\n",
        "            store.unsent([one])\n",
    ),
    Fault(
        "an occurrence is not read before it is written",
        PUSH,
        "    return bool(copy.id and (one.link.sent or (copy.series and not copy.change_key)))",
        "    return bool(copy.id and one.link.sent)",
    ),
    Fault(
        "what was not answered is not looked up",
        PUSH,
        "    return bool(copy.id and (one.link.sent or (copy.series and not copy.change_key)))",
        "    return bool(copy.series and not copy.change_key)",
    ),
    Fault(
        "a repeated create is another one",
        PUSH,
        "    if link.base or not (sent and sent.event):\n",
        "    if True:\n",
    ),
    Fault(
        "tell always",
        PUSH,
        "    return Change(action, copy, event, one.tell)\n",
        "    return Change(action, copy, event, True)\n",
    ),
    Fault(
        "told forgotten",
        PUSH,
        "    return replace(settled, told=version(event), asked=one.asked)\n",
        "    return settled\n",
    ),
    Fault(
        "told forgotten where the answer was lost",
        ENGINE,
        "        return version(event), sent.asked\n",
        '        return "", ""\n',
    ),
    Fault(
        "what cannot be written is compared",
        VIEW,
        "for name in NAMES.difference(writable)}",
        "for name in ()}",
    ),
    Fault(
        "the organiser writes what others answer",
        VIEW,
        "a if a.email == own else replace",
        "a if a.email else replace",
    ),
    Fault(
        "one refused event stops the others",
        PUSH,
        "            store.refuse(one, error)\n            result.failed += 1\n    if stale",
        "            raise error\n    if stale",
    ),
    Fault(
        "nothing is committed before the call",
        PUSH,
        "store.checkpoint(None)  # what goes out is known before it goes, and nothing stays open\n",
        "pass\n",
    ),
    Fault(
        "the token is saved before its page",
        ENGINE,
        "        keep(page, store, result)\n        if token is None:\n",
        "        store.checkpoint(page.token)\n        keep(page, store, result)\n"
        "        if token is None:\n",
    ),
    Fault(
        "absent = deleted",
        ENGINE,
        "            keep(provider.fetch(part), store, result)\n",
        "            keep(Page(tuple(Remote(i, None) for i in part)), store, result)\n",
    ),
    Fault(
        "the answer role is ignored",
        ENGINE,
        '    if link.role == "answer" and link.local:\n',
        "    if False:\n",
    ),
    Fault(
        "attendees are merged as one value",
        MERGE,
        "    merged = (_merge_attendee(*found) for _, found in _by_address(base, local, remote))\n"
        "    return tuple(attendee for attendee in merged if attendee)\n",
        "    return _value(base.attendees, local.attendees, remote.attendees)\n",
    ),
    Fault(
        "an answer undoes a deletion (R14 dropped)",
        MERGE,
        "    if local is None and base and remote and version(base) == version(remote):\n",
        "    if False:\n",
    ),
    Fault(
        "what only one side changed counts as lost",
        MERGE,
        "        if before not in (ours, theirs) and ours != theirs:\n",
        "        if ours not in (before, theirs):\n",
    ),
    Fault(
        "a tombstone applies to all copies",
        STORE,
        "        if self._is_orphaned(unit) or not others or self._organised(key, copy):\n",
        "        if True:\n",
    ),
    Fault(
        "no view: withheld guests are pushed",
        OUTBOX,
        "        local, asked = self.db.view(unit, event), self.db.pending(unit)\n",
        "        local, asked = event, self.db.pending(unit)\n",
    ),
    Fault(
        "the client key is made after the call",
        OUTBOX,
        "        self.state.waits.update({self._key(one): self.db.run for one in outgoing})\n",
        "        self.state.waits.update({self._key(one): self.db.run for one in outgoing})\n"
        "        for key in [self._key(one) for one in outgoing if not one.copy.id]:\n"
        '            self.state.copies[key[0], key[1] + "x"] = self.state.copies.pop(key)\n',
    ),
    Fault(
        "sent forgotten",
        OUTBOX,
        " = Sent(change.event, change.tell, one.asked)\n",
        " = Sent(None)\n",
    ),
    Fault(
        "the inbox is forgotten",
        ROWS,
        "        self.state.inbox[len(self.state.inbox)] = (unit, lost)\n",
        "        pass\n",
    ),
    Fault(
        "what was refused is tried again and again",
        OUTBOX,
        "refused != (one.link.local, one.asked)\n",
        "True\n",
    ),
    Fault(
        "two changes of a series in one batch",
        OUTBOX,
        "found.setdefault(one.copy.series or one.copy.id or one.copy.client_key, one)\n",
        "found.setdefault(one.copy.id or one.copy.client_key, one)\n",
    ),
    Fault(
        "an occurrence's base is the meeting itself",
        OUTBOX,
        "        return self._occurrence(base, unit[2]) or local\n",
        "        return local\n",
    ),
    Fault(
        "many deletions go out unasked",
        OUTBOX,
        "        self._brake_own()\n",
        "",
    ),
]
