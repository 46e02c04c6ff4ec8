"""GetItem and SyncFolderItems.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial

from lxml import etree

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_ids import found
from .ews_shape import Shape
from .ews_views import View
from .ews_world import Folder, World, change_key
from .ews_xml import Element, add, children, flag, new, text

Work = Callable[[], list[Element]]
MOST = 512


def get(call: Call) -> Iterator[Work]:
    """Return items with the properties that were asked for."""
    shape = Shape.of(call.required("ItemShape"))
    for reference in children(call.required("ItemIds")):
        yield partial(_get, call, reference, shape)


def _get(call: Call, reference: Element, shape: Shape) -> list[Element]:
    view = found(call, reference)
    box = new("m:Items")
    box.append(shown(call, view, shape))
    return [box]


def shown(call: Call, view: View, shape: Shape) -> Element:
    """Return an item; a malformed one as it was made."""
    if view.item.raw is not None:
        return etree.fromstring(view.item.raw)
    folder = view.item.folder
    own = folder.mailbox is call.actor
    return shape.show(view, "Owner" if own else folder.rights[call.reader])


@dataclass(frozen=True)
class State:
    """How far a client knows a folder: all up to ``base``, and ``done`` of the changes after it."""

    folder: str
    epoch: int
    base: int = 0
    upto: int = 0
    done: int = 0

    def text(self) -> str:
        """Return it as clients keep it."""
        packed = gzip.compress(json.dumps(asdict(self)).encode(), mtime=0)
        return base64.b64encode(packed).decode()

    @classmethod
    def of(cls, given: str, folder: Folder, world: World) -> State:
        """Read what a client kept; refuse what is of another folder or too old."""
        if not given:
            return cls(folder.id, world.epoch)
        try:
            state = cls(**json.loads(gzip.decompress(base64.b64decode(given, validate=True))))
        except (ValueError, TypeError, OSError, EOFError):
            raise EwsError("ErrorInvalidSyncStateData") from None
        if (state.folder, state.epoch) != (folder.id, world.epoch):
            raise EwsError("ErrorInvalidSyncStateData")
        return state


def sync(call: Call) -> Iterator[Work]:
    """Return what changed in a folder since a state; only singles and series live in one."""
    shape = Shape.of(call.required("ItemShape"), everything=False)
    reference = children(call.required("SyncFolderId"))[0]
    most = text(call.element, "m:MaxChangesReturned")
    if not (most.isdecimal() and 1 <= int(most) <= MOST):
        raise SoapFault("ErrorSchemaValidation", "MaxChangesReturned must lie between 1 and 512.")
    most_now = min(int(most), call.world.page_size)
    yield partial(_sync, call, reference, shape, most_now)


def _sync(call: Call, reference: Element, shape: Shape, most: int) -> list[Element]:
    folder = call.folder(reference)
    state = State.of(text(call.element, "m:SyncState"), folder, call.world)
    if not state.done:
        state = State(state.folder, state.epoch, state.upto, folder.position)
    ignored = {one.get("Id") for one in children(call.part("Ignore"))}
    pending = [one for one in changes(folder, state) if one[1] not in ignored]
    page = pending[state.done : state.done + most]
    last = state.done + len(page) >= len(pending)
    done = 0 if last else state.done + len(page)
    state = State(state.folder, state.epoch, state.base, state.upto, done)
    listed = new("m:Changes")
    for kind, identity in page:
        _listed(call, folder, listed, kind, identity, shape)
    ends = (new("m:SyncState", state.text()), new("m:IncludesLastItemInRange", flag(last)))
    return [*ends, listed]


def changes(folder: Folder, state: State) -> list[tuple[str, str]]:
    """Return kind and id of all changes between two positions of the log, newest first."""
    found: list[tuple[int, str, str]] = []
    for identity, positions in folder.history.items():
        born, gone = positions[0], folder.gone.get(identity, state.upto + 1)
        known = born <= state.base < gone
        if state.base < gone <= state.upto and known:
            found.append((gone, "Delete", identity))
        inside = [one for one in positions if state.base < one <= state.upto]
        if inside and gone > state.upto:
            found.append((inside[-1], "Update" if known else "Create", identity))
    return [(kind, identity) for _, kind, identity in sorted(found, reverse=True)]


def _listed(
    call: Call, folder: Folder, listed: Element, kind: str, identity: str, shape: Shape
) -> None:
    item = folder.items.get(identity)
    if item is None and kind != "Delete":
        return  # deleted while the client was paging; the next round says so
    change = add(listed, f"t:{kind}")
    if item is None:
        add(change, "t:ItemId", None, Id=identity, ChangeKey=change_key(0))
    elif item.raw is not None and shape.names:
        change.append(shown(call, View(item), shape))
    else:
        change.append(shape.show(View(item)))
