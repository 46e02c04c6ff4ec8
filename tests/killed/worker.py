"""Odoo, loaded once; copies of it do the work and are killed.

``python -m killed.worker --config FILE --database NAME`` takes an order on each line:

    {"task": "go_on"}                                   answers {"pid": …}; a copy has begun
    {"task": "run", "kill": {"at": "commit", "number": 3, "when": "before"}}
    {"wait": PID}                                       answers what became of it

Copying a process takes no time, starting Odoo takes seconds. No connection is open when a copy is
made, so that the database can be replaced between two orders.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from killed import hooks, tasks

LOADED = "odoo.addons.synced_meetings_google.provider.client"  # else each copy would load it


def main() -> None:
    """Do what is ordered until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "-d", options.database, "--log-level=warn"])
    Registry(options.database)
    import_module(LOADED)
    sql_db.close_all()
    gc.freeze()  # what is shared is not copied by tidying up
    answers, pipes = sys.stdout, {}
    sys.stdout = sys.stderr
    print(json.dumps({}), file=answers, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = _end(order["wait"], pipes.pop(order["wait"]))
        else:
            pid, pipe = _begin(options.database, **order)
            pipes[pid] = pipe
            answer = {"pid": pid}
        print(json.dumps(answer), file=answers, flush=True)


def _begin(database: str, task: str, kill: dict | None = None, **words: Any) -> tuple[int, int]:
    """Make a copy that does a task; return it, and where its answer can be read."""
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        return pid, reading
    code = 1
    try:
        hooks.count(kill)
        with Registry(database).cursor() as cr:
            found = getattr(tasks, task)(api.Environment(cr, SUPERUSER_ID, {}), **words)
        os.write(writing, json.dumps({"counted": hooks.counted, "found": found}).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _end(pid: int, pipe: int) -> dict[str, Any]:
    """Return how a copy ended: killed or not, and what it says."""
    with os.fdopen(pipe) as said:
        text = said.read()
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status)
    answer = {"killed": killed, "failed": not killed and os.WEXITSTATUS(status) != 0}
    return answer | (json.loads(text) if text and not killed else {})


if __name__ == "__main__":
    main()
