"""One file that holds the whole house: database, uploaded files, and a manifest that says what must be in it.

The archive is a tar.gz: `database.sqlite3` or `database.pgdump`, then `media/...`, then `manifest.json` with size and SHA-256 of each.
The signing key (var/secret-key) is not in it, so a stolen backup cannot sign sessions.
"""

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from allmende import __version__

FORMAT = "allmende-backup/1"
MANIFEST = "manifest.json"
SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"
Fact = dict[str, Any]


class BackupError(Exception):
    """A sentence for the operator."""


# ------------------------------------------------------------------------------------------------------------ writing


def write_archive(target: Path, database: Path, name: str, media: Path) -> Fact:
    """Pack a database copy and the media folder; the file appears under its name only when it is complete."""
    manifest: Fact = {"format": FORMAT, "version": __version__, "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "files": {}}
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            for path, arcname in [(database, name), *_media_files(media)]:
                manifest["files"][arcname] = _add(archive, path, arcname)
            _add_manifest(archive, manifest)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _media_files(media: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(media.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, f"media/{path.relative_to(media).as_posix()}"


def _add(archive: tarfile.TarFile, path: Path, arcname: str) -> Fact:
    """Add one file and hash exactly the bytes that went in."""
    with path.open("rb") as file:
        info = tarfile.TarInfo(arcname)
        info.size, info.mtime, info.mode = os.fstat(file.fileno()).st_size, int(path.stat().st_mtime), 0o600
        reader = _Hashing(file)
        archive.addfile(info, reader)  # tarfile asks for read() only
    return {"bytes": info.size, "sha256": reader.hash.hexdigest()}


def _add_manifest(archive: tarfile.TarFile, manifest: Fact) -> None:
    text = json.dumps(manifest, indent=1).encode()
    with tempfile.TemporaryFile() as file:
        file.write(text)
        file.seek(0)
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        archive.addfile(info, file)


class _Hashing:
    """A file that remembers the hash of what was read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.hash.update(block)
        return block


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database in use, as one file without a write-ahead log."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=20)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def dump_postgres(settings: Fact, target: Path) -> None:
    """pg_dump in its own format: compressed, consistent, restorable into a newer server."""
    _call(["pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}"], settings)


def _call(command: list[str], settings: Fact) -> None:
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    env = os.environ | {variable: str(settings[key]) for key, variable in names.items() if settings.get(key)}
    try:
        subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupError(
            f"{command[0]} is missing; install PostgreSQL's client programs (Debian: apt install postgresql-client)."
        ) from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]} refused: {error.stderr.strip()[-500:]}") from error


# ------------------------------------------------------------------------------------------------------------ reading


def unpack(archive: Path, into: Path) -> Fact:
    """Unpack into an empty folder and check every file against the manifest; returns the manifest."""
    found: dict[str, Fact] = {}
    manifest: Fact = {}
    try:
        with tarfile.open(archive, mode="r:gz") as tar:
            for info in tar:
                if info.name == MANIFEST:
                    manifest = json.load(_open(tar, info))
                else:
                    found[info.name] = _extract(tar, info, into)
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise BackupError(f"{archive} cannot be read as a backup: {error}") from error
    _compare(manifest, found)
    return manifest


def _open(tar: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    file = tar.extractfile(info) if info.isfile() else None
    if file is None:
        raise BackupError(f"{info.name} is not an ordinary file.")
    return file  # type: ignore[return-value]  # typeshed says IO[bytes]


def _extract(tar: tarfile.TarFile, info: tarfile.TarInfo, into: Path) -> Fact:
    """Write one member; an archive is foreign input, so only names that we ourselves would write are taken."""
    name = PurePosixPath(info.name)
    allowed = info.name in {SQLITE, POSTGRES} or (len(name.parts) > 1 and name.parts[0] == "media" and ".." not in name.parts)
    if not allowed or name.is_absolute() or "\0" in info.name:
        raise BackupError(f"The backup holds a file it should not: {info.name!r}.")
    target = into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    reader = _Hashing(_open(tar, info))
    with target.open("xb") as file:
        shutil.copyfileobj(reader, file)
    return {"bytes": info.size, "sha256": reader.hash.hexdigest()}


def _compare(manifest: Fact, found: dict[str, Fact]) -> None:
    if manifest.get("format") != FORMAT:
        raise BackupError(f"This is not a backup this version can read (format {manifest.get('format', 'unknown')!r}).")
    promised: dict[str, Fact] = manifest.get("files", {})
    if wrong := sorted(name for name in {*promised, *found} if promised.get(name) != found.get(name)):
        raise BackupError(f"The backup is damaged; these files are not what the manifest says: {', '.join(wrong[:5])}.")


def migrations_in(database: Path) -> set[tuple[str, str]]:
    """Which migrations a SQLite copy has seen."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise BackupError("The database in the backup is damaged.")
        return set(connection.execute("SELECT app, name FROM django_migrations"))


# ---------------------------------------------------------------------------------------------------------- replacing


def sqlite_in_use(path: Path) -> bool:
    """Whether somebody else has the file open: leaving the write-ahead mode needs it for oneself alone."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            return bool(connection.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",))
        except sqlite3.OperationalError:
            return True


def put_aside(path: Path, stamp: str) -> Path | None:
    """Rename what is there; nothing is ever overwritten."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.before-restore-{stamp}")
    path.rename(aside)
    return aside


def restore_postgres(settings: Fact, dump: Path) -> None:
    """Replace everything in the database, in one transaction: it is the old one or the new one, never a mixture."""
    script = dump.with_suffix(".sql")
    _call(["pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(dump)], settings)
    _call(
        ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        + ["--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public;", f"--file={script}"],
        settings,
    )
