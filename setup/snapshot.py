"""Databases in the user's cache: a minute of Odoo's installing becomes seconds of restoring."""

import os
import shutil
from pathlib import Path

from setup import paths, process

TODO = "delete the folder named base_… in the cache, then start again"


def store(cluster, database: str, files: Path, folder: Path) -> None:
    """Write a database and its files into a folder."""
    program = [cluster.programs / "pg_dump", "-Fc", "-Z1", "-f", folder / "database.dump", database]
    _run(cluster, program, f"{database} could not be saved.")
    if files.exists():
        shutil.copytree(files, folder / "files")


def restore(cluster, database: str, files: Path, folder: Path) -> None:
    """Make a database and its files from a folder."""
    cluster.sql("postgres", f'CREATE DATABASE "{database}"')
    program = [cluster.programs / "pg_restore", "-j2", "-d", database, folder / "database.dump"]
    _run(cluster, program, f"{database} could not be restored.")
    if (folder / "files").exists():
        shutil.copytree(folder / "files", files)


def _run(cluster, program, what):
    variables = {**os.environ, **cluster.variables()}
    process.run(program, paths.log("snapshot"), what, TODO, env=variables)
