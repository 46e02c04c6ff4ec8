"""Odoo databases with their files: templates that are made once, and quick copies of them."""

import os
import secrets
import shutil
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from setup import cache, environment, paths, process, snapshot
from setup.odoo_source import Source
from setup.postgres import Cluster

BASE = ("contacts", "calendar", "mail", "crm")
# From which companies move over: the add-ons' tests know them, the demonstration does not.
OTHERS = ("google_calendar", "microsoft_calendar")
ADDONS = (
    "synced_meetings",
    "synced_meetings_google",
    "synced_meetings_exchange",
    "synced_meetings_crm",
)
# What the simulated Google, and Microsoft 365, know as their one registered application.
CLIENT_ID = "synced-meetings-demo.apps.googleusercontent.com"
CLIENT_SECRET = "demo-secret"
MICROSOFT_CLIENT_ID = "5a1c7d9e-0000-4000-8000-00000000c0de"
MICROSOFT_CLIENT_SECRET = "demo~secret"
# What the simulated Exchange server knows as an account that opens everybody's mailbox.
SERVICE_LOGIN, SERVICE_PASSWORD = "svc@corp.example", "secret"
# For finish.py, which makes them known to Odoo.
DEMO = {
    "DEMO_CLIENT_ID": CLIENT_ID,
    "DEMO_CLIENT_SECRET": CLIENT_SECRET,
    "DEMO_MICROSOFT_CLIENT_ID": MICROSOFT_CLIENT_ID,
    "DEMO_MICROSOFT_CLIENT_SECRET": MICROSOFT_CLIENT_SECRET,
    "DEMO_SERVICE_LOGIN": SERVICE_LOGIN,
    "DEMO_SERVICE_PASSWORD": SERVICE_PASSWORD,
}
FINISH = Path(__file__).with_name("finish.py")
TODO = "read the log; deleting the folder .local starts over"


def addons() -> list[str]:
    """Return the add-ons of this repository that can be installed."""
    return [name for name in ADDONS if (paths.ROOT / name / "__manifest__.py").exists()]


def foundation(demo: bool) -> list[str]:
    """Return the modules of Odoo that a database has before the add-ons."""
    return [*BASE] if demo else [*BASE, *OTHERS]


def addons_digest() -> str:
    """Return a name for the add-ons, tests and texts left out, and for what finishes a database."""
    parts: list[str | Path] = [FINISH, str(DEMO)]
    for name in addons():
        for path in sorted((paths.ROOT / name).rglob("*")):
            inside = path.relative_to(paths.ROOT)
            if path.is_file() and not {"tests", "readme", "__pycache__"} & set(inside.parts):
                parts += [str(inside), path]
    return paths.digest(*parts)


@dataclass(frozen=True)
class Workshop:
    """Where databases are made: a running cluster, Odoo, its Python, and a folder for files."""

    cluster: Cluster
    source: Source
    python: Path
    home: Path

    @cached_property
    def configuration(self) -> Path:
        """Return Odoo's configuration file, written anew for this run."""
        path = self.home / "odoo.conf"
        values = {
            "db_host": self.cluster.socket,
            "db_user": "odoo",
            "db_template": "template1",
            "addons_path": ",".join(map(str, (paths.ROOT, *self.source.addons))),
            "data_dir": self.home / "data",
            "admin_passwd": secrets.token_urlsafe(16),
            "http_interface": "127.0.0.1",
            "list_db": False,
            "limit_time_real": 0,  # a slow machine is no reason to start Odoo again
            "smtp_port": 9,  # nobody listens there, so that no mail of a demonstration goes out
        }
        lines = [f"{name} = {value}" for name, value in values.items()]
        with NamedTemporaryFile("w", dir=self.home, delete=False) as written:
            written.write("\n".join(["[options]", *lines, ""]))
        os.replace(written.name, path)  # whole, whoever reads it at the moment
        return path

    def command(self, *arguments: str | Path) -> list[str | Path]:
        """Return the command that starts Odoo, or one of its own commands if named first."""
        own, options = [], list(arguments)
        if options and not str(options[0]).startswith("-"):
            own = [options.pop(0)]
        return [self.python, "-m", "odoo", *own, "-c", self.configuration, *options]

    def variables(self) -> dict[str, str]:
        """Return the variables for Odoo and what it starts."""
        return environment.variables(self.source, **self.cluster.variables())

    def install(self, database: str, modules: list[str], demo: bool, update: bool = False) -> None:
        """Install or update modules in a database, which is made where it is missing."""
        todo = ["-i", ",".join(modules), "--stop-after-init", "--no-http"]
        todo += ["-u", ",".join(modules)] if update else []
        process.run(
            self.command("-d", database, *todo, *(["--with-demo"] if demo else [])),
            paths.log(f"{self.home.name}-install"),
            f"Odoo could not install {', '.join(modules)}.",
            TODO,
            env=self.variables(),
        )

    def exists(self, database: str) -> bool:
        """Say whether there is such a database."""
        rows = self.cluster.sql("postgres", "SELECT datname FROM pg_database")
        return database in rows.splitlines()

    def template(self, demo: bool) -> str:
        """Return the name of a database with what the add-ons stand on; make it if missing."""
        key = paths.digest(self.source.key, self.cluster.data.name, *foundation(demo))
        name = f"base_{'demo' if demo else 'plain'}_{key}"
        return self.made(name, lambda unfinished: self._base(unfinished, cache.folder(name), demo))

    def _base(self, unfinished: str, cached: Path, demo: bool) -> None:
        files = self._files(unfinished)
        if cached.exists():
            snapshot.restore(self.cluster, unfinished, files, cached)
        else:
            self.install(unfinished, foundation(demo), demo)
            keep = partial(snapshot.store, self.cluster, unfinished, files)
            cache.made(cached.name, keep)

    def prepared(self, demo: bool) -> str:
        """Return the name of a database with the add-ons in their present state."""
        kind = f"addons_{'demo' if demo else 'plain'}_"
        name = kind + addons_digest()
        if not self.exists(name):
            self._drop_like(kind)
        return self.made(name, lambda unfinished: self.furnish(unfinished, demo))

    def all_prepared(self, kinds: Iterable[bool]) -> dict[bool, str]:
        """Return the names of such databases, with or without demo data; made side by side."""
        with ThreadPoolExecutor() as pool:
            making = {demo: pool.submit(self.prepared, demo) for demo in kinds}
            try:
                return {demo: made.result() for demo, made in making.items()}
            except KeyboardInterrupt:
                process.end_all()  # else the pool would wait for what they began
                raise

    def furnish(self, database: str, demo: bool = True) -> None:
        """Make a database with the add-ons; with demo data, it knows what is simulated, too."""
        self.copy(self.template(demo), database)
        self.install(database, addons(), demo)
        self.finish(database, demo)

    def update(self, database: str) -> None:
        """Bring a demonstration's database up to the present add-ons."""
        self.install(database, addons(), demo=True, update=True)
        self.finish(database, demo=True)

    def finish(self, database: str, demo: bool) -> None:
        """Do what goes through Odoo's models; what is there already stays as it is."""
        self.shell(database, FINISH, **(DEMO if demo else {}))

    def made(self, name: str, fill: Callable[[str], None]) -> str:
        """Return the name of a database; where it is missing, let ``fill`` make it whole first."""
        if not self.exists(name):
            unfinished = f"unfinished_{name}"
            self.drop(unfinished)
            fill(unfinished)
            if self._files(unfinished).exists():
                shutil.rmtree(self._files(name), ignore_errors=True)
                self._files(unfinished).rename(self._files(name))
            self.cluster.sql("postgres", f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
        return name

    def note(self, name: str) -> str:
        """Return what was noted about a database."""
        about = "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        return self.cluster.sql("postgres", f"{about} WHERE datname = '{name}'")

    def write_note(self, name: str, text: str) -> None:
        """Note something about a database, in the database."""
        self.cluster.sql("postgres", f"COMMENT ON DATABASE \"{name}\" IS '{text}'")

    def _drop_like(self, beginning: str) -> None:
        for name in self.cluster.sql("postgres", "SELECT datname FROM pg_database").splitlines():
            if name.startswith(beginning):
                self.drop(name)

    def copy(self, template: str, name: str) -> None:
        """Make a database (anew) that equals a template but for its identity."""
        self.drop(name)
        self.cluster.sql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if self._files(template).exists():
            # Odoo never changes a stored file, so both may share it.
            shutil.copytree(self._files(template), self._files(name), copy_function=os.link)
        identity = f"UPDATE ir_config_parameter SET value = '{uuid.uuid4()}'"
        self.cluster.sql(name, f"{identity} WHERE key = 'database.uuid'")

    def drop(self, name: str) -> None:
        """Delete a database and its files, if there are any."""
        self.cluster.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self._files(name), ignore_errors=True)

    def _files(self, name: str) -> Path:
        return self.home / "data" / "filestore" / name

    def shell(self, database: str, script: Path, **values: str) -> None:
        """Run a script in Odoo's shell, with values it finds among the variables."""
        with script.open() as lines:
            process.run(
                self.command("shell", "-d", database, "--no-http", "--log-level=warn"),
                paths.log(f"{self.home.name}-shell"),
                f"{script.name} failed in Odoo.",
                TODO,
                env={**self.variables(), **values},
                stdin=lines,
            )


def set_parameters(cluster: Cluster, database: str, values: dict[str, str]) -> None:
    """Set system parameters of a database that no server uses yet."""
    rows = ", ".join(f"({_quoted(key)}, {_quoted(value)})" for key, value in values.items())
    cluster.sql(
        database,
        f"INSERT INTO ir_config_parameter (key, value) VALUES {rows} "
        "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
    )


def place_server(cluster: Cluster, database: str, url: str, trusted: str) -> None:
    """Say where the simulated Exchange server is, and which authority signs for it."""
    local = "SELECT min(id) FROM synced_exchange_server WHERE url LIKE 'https://127.0.0.1%'"
    cluster.sql(
        database,
        f"UPDATE synced_exchange_server SET url = {_quoted(url)}, "
        f"ca_certificates = {_quoted(trusted)} WHERE id = ({local})",
    )


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
