"""Start one of the two commands: ``python setup run …`` or ``python setup test …``."""

import sys
from pathlib import Path

# Python puts this folder first on the path; its parent has to be there instead.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from setup import console, process, run, suite  # noqa: E402

COMMANDS = {"run": run.main, "test": suite.main}


def main(name: str, arguments: list[str]) -> int:
    """Run the command called ``name`` and answer its exit code."""
    process.adopt_orphans()
    try:
        return COMMANDS[name](arguments)
    except console.Failure as failure:
        console.explain(f"setup/{name}", failure)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        process.end_all()


sys.exit(main(sys.argv[1], sys.argv[2:]))
