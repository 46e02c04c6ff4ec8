"""A private PostgreSQL server in a folder, reachable only by a socket beside it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from setup import machine, paths, process
from setup.console import Failure

ROLE = "odoo"  # Odoo refuses to work as the role `postgres`
LONGEST_SOCKET = 107
PATIENCE = 60
# Only demonstrations and tests live here, so speed counts more than surviving a power cut.
SETTINGS = {
    "listen_addresses": "",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_utility": "on",
    "pg_stat_statements.max": "10000",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_connections": "200",
}
TODO = "read the log; deleting the folder .local starts over"


class Cluster:
    """The server whose files are in ``home``."""

    def __init__(self, home: Path, name: str):
        self.home, self.log = home, paths.log(f"{name}-postgres")
        self.programs = machine.postgres_bin()
        self.version = machine.version(self.programs)
        self.data = home / f"postgres-{self.version}"
        self.socket = _socket_folder(home)

    @contextlib.contextmanager
    def running(self):
        """Keep the server running as long as the block runs."""
        with _reachable(self) as user:
            if not self.data.exists():
                self._create(user)
            server = self._start(user)
            try:
                yield self
            finally:
                # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for its clients.
                process.stop(server, signal.SIGINT)

    def _create(self, user: list[str]) -> None:
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        _make_folder(unfinished, user)
        options = ["--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
        process.run(
            [*user, self.programs / "initdb", "-D", unfinished, "--locale", "C.UTF-8", *options],
            self.log,
            "PostgreSQL could not make its files.",
            TODO,
            cwd="/",
        )
        unfinished.rename(self.data)

    def _start(self, user: list[str]) -> subprocess.Popen:
        _make_folder(self.socket, user)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        server = process.start(
            [*user, self.programs / "postgres", "-D", self.data, "-k", self.socket, *settings],
            self.log,
            cwd="/",
        )
        deadline = time.monotonic() + PATIENCE
        while not self._ready():
            if server.poll() is not None or time.monotonic() > deadline:
                process.stop(server)
                raise Failure("PostgreSQL did not start.", TODO, self.log)
            time.sleep(0.05)
        self.sql("template1", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        return server

    def _ready(self) -> bool:
        asked = [self.programs / "pg_isready", "-q", "-h", self.socket, "-U", ROLE]
        return subprocess.run(asked, check=False).returncode == 0

    def sql(self, database: str, statement: str) -> str:
        """Run SQL in a database and return what it answers, a line for each row."""
        command = [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.socket]
        done = subprocess.run(
            [*command, "-U", ROLE, "-d", database],
            input=f"SET client_min_messages = warning;\n{statement}",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL refused: {done.stderr.strip()}", TODO, self.log)
        return done.stdout.strip()

    def variables(self) -> dict[str, str]:
        """Return the variables by which PostgreSQL's own programs find this server."""
        return {"PGHOST": str(self.socket), "PGUSER": ROLE}


def _socket_folder(home: Path) -> Path:
    folder = home / "socket"
    if len(str(folder / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET:
        return folder
    return Path(tempfile.gettempdir()) / f"synced-meetings-{paths.digest(str(home))}"


@contextlib.contextmanager
def _reachable(cluster: Cluster):
    """Give the words that start a program as the user whose files the server's are."""
    cluster.home.mkdir(parents=True, exist_ok=True)
    user = _unprivileged(cluster.home)
    try:
        yield user
    finally:
        if cluster.socket.parent != cluster.home:
            shutil.rmtree(cluster.socket, ignore_errors=True)


def _unprivileged(home: Path) -> list[str]:
    """Return a prefix for commands: nothing for an ordinary user, another user for root."""
    if os.geteuid() != 0:
        return []
    name = _account().pw_name
    base = ["setpriv", "--reuid", name, "--regid", name, "--clear-groups", "--pdeathsig", "INT"]
    # The repository may be in a folder that only root may enter, as /root is.
    for capability in (None, "+dac_read_search", "+dac_override"):
        rights = ["--inh-caps", capability, "--ambient-caps", capability] if capability else []
        prefix = [*base, *rights, "--"]
        if subprocess.run([*prefix, "ls", "-d", f"{home}/."], capture_output=True).returncode == 0:
            return prefix
    raise Failure(
        f"PostgreSQL does not run as root, and user {name} may not enter {home}.",
        "clone the repository into a folder that other users may enter, such as /srv",
    )


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failure("There is no user for PostgreSQL.", "adduser --system --group postgres")


def _make_folder(folder: Path, user: list[str]) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        account = _account()
        os.chown(folder, account.pw_uid, account.pw_gid)
