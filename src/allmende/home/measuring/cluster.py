"""A PostgreSQL of the bench's own: started in its folder, on a socket only, ended with it. Peers and `--db own` use it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import chown

# A quarter of 8 GB for its cache, room for sorts, parallel index builds: what an operator would set on a machine of this size.
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "jit": "off",
}


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL: the folder of its socket, and its first process."""

    socket: Path
    pid: int = 0

    def url(self, database: str) -> str:
        """The address of a database in the form the house takes."""
        return f"postgres://allmende@{str(self.socket).replace('/', '%2F')}/{database}"

    def dsn(self, database: str) -> str:
        """The same as psycopg takes it."""
        return f"host={self.socket} user=allmende dbname={database}"


def binaries() -> Path | None:
    """Where initdb and pg_ctl lie; None where PostgreSQL is not installed."""
    found = [path.parent for path in [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), *Path("/usr/local/bin").glob("initdb")]]
    return max(found, key=lambda path: [int(part) for part in path.parts if part.isdigit()], default=None)


def _run(*command: str | Path) -> None:
    """As the user `postgres` where we are root, because PostgreSQL refuses root."""
    aside = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run([*aside, *map(str, command)], capture_output=True, text=True, cwd="/")  # our own command
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr[-600:] or done.stdout[-600:]}")


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """The cluster in this folder, made when it is not there yet."""
    home = binaries()
    if home is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt install postgresql postgresql-15-postgis-3)")
    data = folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        chown(folder, "postgres")
    if not (data / "PG_VERSION").exists():
        _run(home / "initdb", "-D", data, "-U", "allmende", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
    log = folder / "log"
    _run(home / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "120", "-o", f"-k {folder} {options}", "start")
    try:
        yield Cluster(folder, int((data / "postmaster.pid").read_text(encoding="ascii").split()[0]))
    finally:
        _run(home / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")


def ensure(cluster: Cluster, database: str) -> bool:
    """Make a database unless it is there; says whether it was made."""
    import psycopg

    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            return False
        connection.execute(f'CREATE DATABASE "{database}"')
    return True
