"""How many requests an application may have under way in one mailbox.

https://learn.microsoft.com/en-us/graph/throttling-limits#outlook-service-limits
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from .graph_errors import too_parallel
from .graph_login import Login
from .server import Request

LIMIT = 4


class Parallel:
    """Counts what is under way. With ``limit = 1`` nothing may overlap."""

    def __init__(self, login: Login) -> None:
        self.login, self.limit = login, LIMIT
        self.most = 0  # the highest number that there was, for tests
        self._lock = threading.Lock()
        self._running: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def one(self, request: Request) -> Iterator[None]:
        """Let a request run, or refuse it as one too many."""
        key = self._key(request)
        with self._lock:
            if self._running[key] >= self.limit:
                raise too_parallel()
            self._running[key] += 1
            self.most = max(self.most, self._running[key])
        try:
            yield
        finally:
            with self._lock:
                self._running[key] -= 1

    def _key(self, request: Request) -> tuple[str, str]:
        """Return application and mailbox; a batch counts for who sends it."""
        token = (request.headers.get("Authorization") or "").partition(" ")[2]
        access = self.login.accesses.get(token.strip())
        if access is None:
            return "", str(threading.get_ident())
        parts = request.parts()
        named = parts[2] if parts[1:2] == ["users"] and len(parts) > 2 else access.email
        found = self.login.world.mailbox(named) if named else None
        return access.app, found.email if found else named
