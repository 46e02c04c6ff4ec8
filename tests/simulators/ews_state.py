"""Keeping everything between two runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .ews_recurrence import Recurrence
from .ews_world import Account, Change, Folder, Item, Mail, Mailbox

if TYPE_CHECKING:
    from .ews import SimulatedExchange

Saved = dict[str, Any]
NUMBERS = ("counter", "epoch", "seed", "domain", "refused")
MOMENT, RECURRENCE = "@moment", "@recurrence"  # how JSON says what it has no words for


def save_state(exchange: SimulatedExchange) -> Saved:
    """Return accounts, mailboxes and mails as JSON values; subscriptions end."""
    world = exchange.world
    with world.lock:
        return {
            **{name: getattr(world, name) for name in NUMBERS},
            "mailboxes": [_mailbox(one) for one in world.mailboxes.values()],
            "accounts": [_account(one) for one in world.accounts],
            "mails": [list(one) for one in world.mails],
        }


def load_state(exchange: SimulatedExchange, saved: Saved) -> None:
    """Replace everything by what was saved."""
    world = exchange.world
    with world.lock:
        for name in NUMBERS:
            setattr(world, name, saved[name])
        boxes = [_read_mailbox(one) for one in saved["mailboxes"]]
        world.mailboxes = {one.email: one for one in boxes}
        world.accounts[:] = [_read_account(one, world.mailboxes) for one in saved["accounts"]]
        world.mails[:] = [Mail(*one) for one in saved["mails"]]


def _account(one: Account) -> Saved:
    rights = None if one.may_act_for is None else sorted(one.may_act_for)
    return {**vars(one), "mailbox": one.mailbox and one.mailbox.email, "may_act_for": rights}


def _read_account(saved: Saved, mailboxes: dict[str, Mailbox]) -> Account:
    rights = None if saved["may_act_for"] is None else set(saved["may_act_for"])
    mailbox = mailboxes.get(saved["mailbox"])
    return Account(**{**saved, "mailbox": mailbox, "may_act_for": rights})


def _mailbox(one: Mailbox) -> Saved:
    return {**vars(one), "folders": [_folder(folder) for folder in one.folders.values()]}


def _read_mailbox(saved: Saved) -> Mailbox:
    mailbox = Mailbox(saved["email"], saved["name"], saved["zone"])
    for one in saved["folders"]:
        folder = Folder(**{**one, "items": {}}, mailbox=mailbox)
        folder.items = {item["id"]: _read_item(item, folder) for item in one["items"]}
        mailbox.folders[folder.id] = folder
    return mailbox


def _folder(one: Folder) -> Saved:
    own = {name: value for name, value in vars(one).items() if name != "mailbox"}
    return {**own, "items": [_item(item) for item in one.items.values()]}


def _item(one: Item) -> Saved:
    own = {name: value for name, value in vars(one).items() if name != "folder"}
    changes = one.exceptions.items()
    return {
        **own,
        "data": _plain(one.data),
        "exceptions": [[day.isoformat(), _plain(vars(change))] for day, change in changes],
        "deleted": sorted(day.isoformat() for day in one.deleted),
    }


def _read_item(saved: Saved, folder: Folder) -> Item:
    exceptions = {
        datetime.fromisoformat(day): Change(**_rich(change)) for day, change in saved["exceptions"]
    }
    deleted = {datetime.fromisoformat(day) for day in saved["deleted"]}
    more = {"data": _rich(saved["data"]), "exceptions": exceptions, "deleted": deleted}
    return Item(**{**saved, **more}, folder=folder)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, Recurrence):
        return {RECURRENCE: value.saved()}
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _rich(value: Any) -> Any:
    if isinstance(value, list):
        return [_rich(one) for one in value]
    if not isinstance(value, dict):
        return value
    if MOMENT in value:
        return datetime.fromisoformat(value[MOMENT])
    if RECURRENCE in value:
        return Recurrence(**value[RECURRENCE])
    return {name: _rich(one) for name, one in value.items()}
