"""Where a process ends itself by SIGKILL: at a commit, at a request, at a statement."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any

import httplib2

from odoo.sql_db import Cursor

# What is counted, and so has numbers: from 1 on, in the whole process.
POINTS = {"commit": (Cursor, "commit"), "request": (httplib2.Http, "request")}
POINTS["statement"] = (Cursor, "execute")
counted: Counter[str] = Counter()


def count(kill: dict[str, Any] | None) -> None:
    """Count from now on; end the process at ``kill``: {"at": "commit", "number": 3, "when": …}."""
    for at, (owner, name) in POINTS.items():
        here = kill if kill and kill["at"] == at else {}
        setattr(owner, name, _counting(getattr(owner, name), at, here))


def _counting(work: Callable[..., Any], at: str, kill: dict[str, Any]) -> Callable[..., Any]:
    def counting(*args: Any, **kwargs: Any) -> Any:
        counted[at] += 1
        here = counted[at] == kill.get("number")
        if here and kill["when"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = work(*args, **kwargs)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return counting
