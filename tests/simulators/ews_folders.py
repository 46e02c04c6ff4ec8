"""GetFolder and FindFolder.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from .ews_call import Call
from .ews_errors import SoapFault
from .ews_paging import page
from .ews_world import Folder, change_key
from .ews_xml import Element, add, children, find, flag, local, new, text

Work = Callable[[], list[Element]]
DEFAULT = ("FolderId", "DisplayName", "UnreadCount", "TotalCount", "ChildFolderCount")
NAMES = ("FolderId", "ParentFolderId", "FolderClass", *DEFAULT[1:], "EffectiveRights")
RIGHTS = ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify")
KNOWN = (*NAMES, "DistinguishedFolderId", "PermissionSet", "SharingEffectiveRights")


def get(call: Call) -> Iterator[Work]:
    """Return folders."""
    names = asked(call.required("FolderShape"))
    for reference in call.folders("FolderIds"):
        yield partial(_get, call, reference, names)


def _get(call: Call, reference: Element, names: set[str]) -> list[Element]:
    box = new("m:Folders")
    box.append(shown(call, call.folder(reference), names))
    return [box]


def asked(shape: Element) -> set[str]:
    """Return the names of the properties that a FolderShape asks for."""
    base = text(shape, "t:BaseShape")
    bases = {"IdOnly": ("FolderId",), "Default": DEFAULT, "AllProperties": NAMES}
    if base not in bases:
        raise SoapFault("ErrorSchemaValidation", f"no such BaseShape: {base}")
    names = set(bases[base])
    for path in children(find(shape, "t:AdditionalProperties")):
        if local(path) == "FieldURI":
            prefix, _, name = path.get("FieldURI", "").partition(":")
            if prefix == "folder" and name not in (*KNOWN, "ManagedFolderInformation"):
                raise SoapFault("ErrorSchemaValidation", f"Folders have no {name}.")
            names.add(name)
    return names


def shown(call: Call, folder: Folder, names: set[str]) -> Element:
    """Return a folder."""
    calendar = folder.folder_class == "IPF.Appointment"
    kind = {"IPF.Appointment": "CalendarFolder", "IPF.Task": "TasksFolder"}
    found = new(f"t:{kind.get(folder.folder_class, 'Folder')}")
    add(found, "t:FolderId", None, Id=folder.id, ChangeKey=change_key(folder.version))
    if folder.parent and "ParentFolderId" in names:
        add(found, "t:ParentFolderId", None, Id=folder.parent, ChangeKey=change_key(1))
    if folder.folder_class and "FolderClass" in names:
        add(found, "t:FolderClass", folder.folder_class)
    for name, value in (
        ("DisplayName", folder.name),
        ("TotalCount", str(len(folder.items))),
        ("ChildFolderCount", str(len(_children(folder)))),
    ):
        if name in names:
            add(found, f"t:{name}", value)
    if "EffectiveRights" in names:
        _rights(call, folder, add(found, "t:EffectiveRights"))
    if "UnreadCount" in names and not calendar:
        add(found, "t:UnreadCount", "0")
    own = folder.mailbox is call.actor  # the name would mean another folder to a guest
    if "DistinguishedFolderId" in names and folder.kind and own:
        add(found, "t:DistinguishedFolderId", folder.kind)
    return found


def _rights(call: Call, folder: Folder, shown: Element) -> None:
    own = folder.mailbox is call.actor
    level = "Owner" if own else folder.rights.get(call.reader, "none")
    for name in RIGHTS:
        add(shown, f"t:{name}", flag(level in ("Owner", "Editor")))
    add(shown, "t:Read", flag(level != "none"))
    add(shown, "t:ViewPrivateItems", flag(own))


def _children(folder: Folder) -> list[Folder]:
    return [one for one in folder.mailbox.folders.values() if one.parent == folder.id]


def find_folders(call: Call) -> Iterator[Work]:
    """Return the folders in folders."""
    names = asked(call.required("FolderShape"))
    depth = call.attribute("Traversal", ("Shallow", "Deep", "SoftDeleted"))
    for reference in call.folders("ParentFolderIds"):
        yield partial(_find, call, reference, names, depth)


def _find(call: Call, reference: Element, names: set[str], depth: str) -> list[Element]:
    parent = call.folder(reference)
    inside = _below(parent, depth == "Deep") if depth != "SoftDeleted" else []
    own = parent.mailbox is call.actor
    visible = [one for one in inside if own or call.reader in one.rights]
    rows = page(visible, call.part("IndexedPageFolderView"))
    root = rows.element("m:RootFolder")
    listed = add(root, "t:Folders")
    for one in rows.rows:
        listed.append(shown(call, one, names))
    return [root]


def _below(parent: Folder, deep: bool) -> list[Folder]:
    found = []
    for one in _children(parent):
        found += [one, *(_below(one, True) if deep else ())]
    return found
