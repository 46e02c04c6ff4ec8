"""One request to Exchange: who asks, as whom, for what; and what its folder ids mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from .ews_errors import EwsError, SoapFault
from .ews_time import zone_of
from .ews_world import Account, Folder, Mailbox, World
from .ews_xml import Element, children, find, local, text

RIGHTS = {"none": 0, "Reviewer": 1, "Editor": 2, "Owner": 3}
VISIBLE = ("root", "msgfolderroot")  # for everybody to whom some folder of the mailbox is shared


@dataclass
class Call:
    """A SOAP request that was understood."""

    world: World
    account: Account
    actor: Mailbox | None  # the impersonated mailbox, or the account's own
    zone_name: str  # as Windows names it
    element: Element

    @property
    def reader(self) -> str:
        """Return the address whose rights count."""
        return self.actor.email if self.actor else self.account.email

    @property
    def zone(self) -> tzinfo:
        """Return the zone of times that have no offset."""
        return zone_of(self.zone_name)

    @property
    def name(self) -> str:
        """Return the name of the operation."""
        return local(self.element).removesuffix("Request")

    @property
    def mailbox(self) -> Mailbox:
        """Return in whose name it works; refuse who has no mailbox."""
        if self.actor is None:
            raise EwsError("ErrorNonExistentMailbox")
        return self.actor

    def part(self, name: str) -> Element | None:
        """Return a child in the namespace of messages."""
        return find(self.element, f"m:{name}")

    def required(self, name: str) -> Element:
        """Return a child that the schema demands."""
        found = self.part(name)
        if found is None:
            raise SoapFault("ErrorSchemaValidation", f"{self.name} has no {name}.")
        return found

    def attribute(self, name: str, choices: tuple[str, ...], missing: str = "") -> str:
        """Return an attribute; refuse other values, and a missing one with its own error."""
        value = self.element.get(name)
        if value is None and missing:
            raise EwsError(missing)
        if value is not None and value not in choices:
            raise SoapFault("ErrorSchemaValidation", f"{name} cannot be {value!r}.")
        return value or ""

    def folder(self, reference: Element, needed: str = "Reviewer") -> Folder:
        """Return the folder that a FolderId or DistinguishedFolderId names."""
        identity = reference.get("Id", "")
        if local(reference) == "FolderId":
            found = self.world.folder(identity)
            if found is None:
                raise EwsError("ErrorFolderNotFound")
            return self.may(found, needed)
        email = text(reference, "t:Mailbox", "t:EmailAddress").lower()
        box = self.world.mailboxes.get(email) if email else self.mailbox
        if box is None:
            raise EwsError("ErrorNonExistentMailbox")
        if box is not self.actor and not self._sees(box):
            raise EwsError("ErrorAccessDenied")
        return self.may(box.folder(identity), needed)

    def folders(self, name: str) -> list[Element]:
        """Return the references in a list of folders."""
        return children(self.required(name))

    def may(self, folder: Folder, needed: str = "Reviewer") -> Folder:
        """Return a folder, or refuse who has not the right to it."""
        if folder.mailbox is self.actor:
            return folder
        given = folder.rights.get(self.reader, "none")
        if folder.kind in VISIBLE and needed == "Reviewer" and self._sees(folder.mailbox):
            return folder
        if RIGHTS[given] < RIGHTS[needed]:
            raise EwsError("ErrorAccessDenied")
        return folder

    def _sees(self, box: Mailbox) -> bool:
        folders = box.folders.values()
        return box is self.actor or any(self.reader in one.rights for one in folders)
