"""What a run logs: where it failed and by which kind of error, never what an event says."""

import logging
import traceback
from contextlib import contextmanager
from contextvars import ContextVar

_on = ContextVar("synced_meetings_discreet", default=False)


@contextmanager
def discreet():
    """Keep what failed statements hold, which is what events say, out of the log."""
    token = _on.set(True)
    try:
        yield
    finally:
        _on.reset(token)


def outline(error):
    """Return the way to an error and its kinds; its texts, and those behind it, may quote."""
    lines = []
    while error:
        lines += [type(error).__name__ + "\n", *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "".join(lines)


class _Discreet(logging.Filter):
    def filter(self, record):
        """Leave of a failed statement only how it failed."""
        if _on.get() and record.levelno >= logging.ERROR and record.args:
            kinds = [type(arg).__name__ for arg in record.args if isinstance(arg, Exception)]
            record.msg, record.args = "A statement failed: %s", (", ".join(kinds) or "?",)
        return True


logging.getLogger("odoo.sql_db").addFilter(_Discreet())
