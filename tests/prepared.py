"""A migrated database, made once by the house's own `migrate` and then copied: for every process of every run, and for tests with a house
of their own. `python -m tests.prepared` makes it ahead; its name is a hash of all that goes into it, so a stale one is never met.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
MADE_FROM = ("src/allmende/*/migrations/*.py", "src/allmende/ground/ledger.py", "src/allmende/ground/rooms.py", "requirements/dev.txt")


def folder() -> Path:
    """Where prepared databases lie: beside pytest's own cache, in a full run (ALLMENDE_PREPARED) in its throw-away folder."""
    path = Path(os.environ.get("ALLMENDE_PREPARED") or ROOT / ".pytest_cache" / "prepared")
    path.mkdir(parents=True, exist_ok=True)
    return path


def name() -> str:
    """The name of what all migrations together make, with these packages, on this Python."""
    total = hashlib.sha256(sys.version.encode())
    for path in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        total.update(f"{path.relative_to(ROOT)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return f"allmende_prepared_{total.hexdigest()[:16]}"


def _migrate(var: Path, database_url: str = "") -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALLMENDE_", "PYTEST_", "DJANGO_"))}
    env = clean | {
        "PYTHONPATH": str(ROOT / "src"),
        "ALLMENDE_TESTING": "1",
        "ALLMENDE_VAR": str(var),
        "ALLMENDE_DATABASE_URL": database_url,
    }
    done = subprocess.run([sys.executable, "-m", "allmende", "migrate", "--verbosity=0"], env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"migrate: {done.stdout}{done.stderr}")


@contextmanager
def _alone() -> Iterator[None]:
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_file() -> Path:
    """The prepared SQLite file, to be copied."""
    made = folder() / f"{name()}.sqlite3"
    with _alone():
        if not made.exists():
            for old in folder().glob("allmende_prepared_*"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
            var = folder() / f"{name()}.var"
            _migrate(var)
            (var / "allmende.sqlite3").rename(made)  # complete: the last connection that closes puts its log into it
            shutil.rmtree(var)
    return made


def copy_sqlite(to: Path) -> None:
    """A database of one's own, with nothing of a former one left beside it."""
    for rest in ("-wal", "-shm", "-journal"):
        to.with_name(to.name + rest).unlink(missing_ok=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sqlite_file(), to)


@contextmanager
def _server(at: dict[str, Any]) -> Iterator[Any]:
    import psycopg

    reach: dict[str, Any] = {
        "host": at["HOST"] or None,
        "port": at["PORT"] or None,
        "user": at["USER"] or None,
        "password": at["PASSWORD"] or None,
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **reach) as server:
        yield server


def postgres_template(at: dict[str, Any]) -> str:
    """The name of the prepared database on this server, given as Django's settings say it."""
    made = name()
    with _alone(), _server(at) as server:
        here = {row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'allmende\\_prepared\\_%'")}
        if made not in here:
            for old in here:
                server.execute(f'DROP DATABASE "{old}"')
            server.execute(f'CREATE DATABASE "{made}_raw"')
            password, port = f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "", f":{at['PORT']}" if at["PORT"] else ""
            url = f"postgres://{quote(at['USER'])}{password}@{quote(str(at['HOST']), safe='')}{port}/{made}_raw"
            _migrate(folder() / f"{made}.var", url)
            server.execute(f'ALTER DATABASE "{made}_raw" RENAME TO "{made}"')
            shutil.rmtree(folder() / f"{made}.var", ignore_errors=True)
    return made


def copy_postgres(at: dict[str, Any], to: str) -> None:
    """A database of one's own on this server; one of that name that was there before is gone."""
    template = postgres_template(at)
    with _server(at) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{to}" TEMPLATE "{template}"')


def drop_postgres(at: dict[str, Any], which: str) -> None:
    """Take it away, whoever is still connected."""
    with _server(at) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{which}" WITH (FORCE)')


def main() -> None:
    """Make the one that the environment asks for."""
    if not os.environ.get("ALLMENDE_DATABASE_URL"):
        sqlite_file()
        return
    sys.path.insert(0, str(ROOT / "src"))
    from allmende.config.environment import Environment

    postgres_template(Environment().database())


if __name__ == "__main__":
    main()
