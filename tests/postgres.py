"""Throw-away PostgreSQL servers for tests: a primary, and replicas of it. Only sockets in their own folder, no port to collide with."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FAST = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c wal_retrieve_retry_interval=50ms"  # the data lives for seconds


def programs() -> Path:
    """Where PostgreSQL's server programs are; Debian keeps them off the PATH. The test is skipped where there are none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    for folder in [*(Path(found).resolve().parent for found in [shutil.which("initdb")] if found), *debian]:
        if all((folder / program).exists() for program in ("initdb", "pg_ctl", "pg_basebackup")):
            return folder
    pytest.skip("TESTS WITH A REPLICA SKIPPED: PostgreSQL's server is missing (apt install postgresql)")


class Server:
    """One server: its socket lies in the folder, its data in one below, for a copy takes all of that along."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.log, self.programs = folder, folder / "data", folder / "log", programs()

    @property
    def settings(self) -> dict[str, object]:
        """Where it listens, as Django says it."""
        return {"HOST": str(self.folder), "USER": "allmende", "NAME": "postgres"}

    def url(self, database: str = "postgres") -> str:
        """Where it listens, as `ALLMENDE_DATABASE_URL` says it."""
        return f"postgres://allmende@{str(self.folder).replace('/', '%2F')}/{database}"

    def start(self) -> "Server":
        """Start it and wait until it answers."""
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-o", f"-k {self.folder} {FAST}", "start")
        return self

    def stop(self) -> None:
        """End it as a power cut would."""
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop", check=False)

    def create(self) -> "Server":
        """An empty primary."""
        self.run("initdb", "-D", str(self.data), "-U", "allmende", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        return self

    def follow(self, primary: "Server") -> "Server":
        """A copy of the primary that follows it from now on."""
        source = ["-h", str(primary.folder), "-U", "allmende"]
        self.run("pg_basebackup", *source, "-D", str(self.data), "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")
        return self

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        """PostgreSQL refuses to run as root, so root steps aside as the user `postgres` that Debian's package creates."""
        aside = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        done = subprocess.run(
            [str(self.programs / program), *arguments], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **aside
        )
        if check and done.returncode:
            raise AssertionError(f"{program}: {done.stdout}\n{self.log.read_text() if self.log.exists() else ''}")


@contextmanager
def servers(*names: str) -> Iterator[list[Server]]:
    """Servers of these names, not yet created; all are stopped and gone at the end. The folder's path is short: sockets have to be."""
    root = Path(tempfile.mkdtemp(prefix="allmende-pg-"))
    made = [Server(root / name) for name in names]
    try:
        root.chmod(0o711)
        for server in made:
            server.folder.mkdir(mode=0o711)
            if os.getuid() == 0:
                user = pwd.getpwnam("postgres")
                os.chown(server.folder, user.pw_uid, user.pw_gid)
        yield made
    finally:
        for server in made:
            server.stop()
        shutil.rmtree(root, ignore_errors=True)
