"""The keys that open what is secret. They are never in the database.

Where an administrator gives none, one is made in the data directory on first use.
"""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

from odoo.addons.synced_meetings.sync.errors import SyncError

SETTING = "synced_meetings_key"
FILE = "synced_meetings.key"


class KeyMissing(SyncError):
    """No key opens what is stored; only an administrator can bring the right one back."""


class Keyring:
    """Several keys, of which the first one seals and each one opens."""

    def __init__(self, keys):
        """Take Fernet keys, in the order of use. Raises `KeyMissing` where one is malformed."""
        try:
            fernets = [Fernet(key) for key in keys]
            self._first, self._all = fernets[0], MultiFernet(fernets)
        except (ValueError, IndexError):
            # Without its cause, which would show the key.
            raise KeyMissing from None

    def seal(self, text):
        """Return ``text`` in a form that only the keys open."""
        return self._first.encrypt(text.encode()).decode()

    def unseal(self, sealed):
        """Return the text that was sealed. Raises `KeyMissing`."""
        return _decrypt(self._all, sealed)

    def seals(self, sealed):
        """Whether the first key sealed it, so that no other is needed."""
        try:
            _decrypt(self._first, sealed)
        except KeyMissing:
            return False
        return True


def keyring():
    """Return the keys of this server, None where it has none. Raises `KeyMissing`."""
    given = os.environ.get(SETTING.upper()) or config.get(SETTING) or _read()
    return Keyring([key.strip() for key in given.split(",")]) if given else None


def make_key():
    """Make a key in the data directory, unless another process just did; return the keys."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}.")  # with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path)
    finally:
        os.unlink(draft)
    return keyring()


def _publish(draft, path):
    """Give the draft its name; a link appears whole or not at all, and never replaces a key."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return


def _path():
    return Path(config["data_dir"]) / FILE


def _read():
    try:
        return _path().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _decrypt(fernet, sealed):
    try:
        return fernet.decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError):
        raise KeyMissing from None
