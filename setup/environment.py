"""The Python environment with what Odoo, the add-ons and the tests import."""

import os
import shutil
import sys
from pathlib import Path

from setup import cache, paths, process
from setup.console import step
from setup.odoo_source import Source

REQUIREMENTS = (
    paths.ROOT / "setup" / "odoo-requirements.txt",
    paths.ROOT / "requirements.txt",
    paths.ROOT / "tests" / "requirements.txt",
)
WHAT = "The Python packages could not be installed."
TODO = "check that PyPI can be reached, then start again; what was downloaded is kept"
# Settings of the caller that would make Odoo, PostgreSQL or Python do something else.
FOREIGN = ("ODOO_RC", "OPENERP_SERVER", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")


def python() -> Path:
    """Return the Python of the environment, which is made where it is missing."""
    number = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with step("Python packages") as line:
        # The name holds what is in it: other requirements or another Python make another one.
        key = paths.digest(sys.version, os.path.realpath(sys.executable), *REQUIREMENTS)
        folder = cache.folder(f"venv-{number}-{key}")
        line.result = f"from the cache, Python {number}"
        if not (folder / "complete").exists():
            with cache.locked(folder.name):
                _build(folder)
            line.result = f"installed, Python {number}"
    return folder / "bin" / "python"


def _build(folder: Path) -> None:
    if (folder / "complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    log, target = paths.log("python"), folder / "bin" / "python"
    todo = "apt-get install python3-venv, then start again"
    process.run([sys.executable, "-m", "venv", folder], log, "venv does not work here.", todo)
    process.run([target, "-m", "pip", "install", "--quiet", "uv"], log, WHAT, TODO)
    install = [target, "-m", "uv", "pip", "install", "--python", target]
    for path in REQUIREMENTS:
        install += ["--requirement", path]
    # The machine's own certificates, so that it works behind a company's proxy as well.
    network = {"UV_SYSTEM_CERTS": "1", "UV_CACHE_DIR": str(cache.folder("uv"))}
    process.run(install, log, WHAT, TODO, env={**os.environ, **network})
    (folder / "complete").touch()


def variables(source: Source | None = None, **more: str) -> dict[str, str]:
    """Return the variables for a program of ours, with Odoo on Python's path where asked."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith("PG")
    }
    path = [paths.ROOT / "tests"] if source is None else [source.python_path]
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, path)), **more}
