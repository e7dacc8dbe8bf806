"""Backup and restore: whole, checked, refusing in time, and losing nothing that was there before."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from allmende.ground import backups, occupancy
from tests import prepared

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _reach() -> dict[str, Any]:
    at = connection.settings_dict
    return {"host": at["HOST"], "port": at["PORT"] or None, "user": at["USER"], "password": at["PASSWORD"] or None}


def _url(name: str) -> str:
    at = connection.settings_dict
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgres://{at['USER']}{password}@{str(at['HOST']).replace('/', '%2F')}{port}/{name}"


@contextmanager
def _database(name: str, template: str = "template1") -> Iterator[str]:
    """A PostgreSQL database beside the one under test; says its address."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(dbname="postgres", autocommit=True, **_reach()) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        yield _url(name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _house(folder: Path, database_url: str) -> Run:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
    env = clean | {
        "PYTHONPATH": str(ROOT / "src"),
        "ALLMENDE_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "allmende.config.settings",
    }
    if database_url:
        env["ALLMENDE_DATABASE_URL"] = database_url

    def run(*command: str, code: str = "") -> "subprocess.CompletedProcess[str]":
        argv = [sys.executable, "-c", f"import django; django.setup()\n{code}"] if code else [sys.executable, "-m", "allmende", *command]
        return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120, cwd=folder)

    return run


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A house with one row and one uploaded file, backed up to `backup.tar.gz`; and the name of its PostgreSQL database. To be copied."""
    folder = tmp_path_factory.mktemp("kept")
    if connection.vendor == "sqlite":
        prepared.copy_sqlite(folder / "var" / "allmende.sqlite3")
        _furnish(folder, "")
        yield folder, ""
        return
    name = f"backup_kept_{os.getpid()}"
    with _database(name, prepared.postgres_template(connection.settings_dict)) as url:
        _furnish(folder, url)
        yield folder, name


def _furnish(folder: Path, database_url: str) -> None:
    run = _house(folder, database_url)
    ok(run(code=OPEN_JOB.format("before")))
    (folder / "var/media/logos").mkdir(parents=True)
    (folder / "var/media/logos/ä.svg").write_text("<svg/>", encoding="utf-8")
    assert "2 files" in ok(run("backup", "backup.tar.gz"))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Empty for SQLite (a file in the house's own folder), else a PostgreSQL database beside the one under test."""
    if connection.vendor == "sqlite":
        yield ""
        return
    template = request.getfixturevalue("kept")[1] if "furnished" in request.fixturenames else "template1"
    with _database(f"backup_{os.getpid()}", template) as url:
        yield url


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Run:
    """Runs management commands on a house of its own, as an operator would."""
    return _house(tmp_path, database_url)


OPEN_JOB = "from allmende.ground.models import Job; Job.objects.create(name='{}')"
LIST_JOBS = "from allmende.ground.models import Job; print(*Job.objects.order_by('name').values_list('name', flat=True))"


def ok(result: "subprocess.CompletedProcess[str]") -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.strip()


def no(result: "subprocess.CompletedProcess[str]") -> str:
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


@pytest.fixture
def furnished(house: Run, kept: tuple[Path, str], tmp_path: Path) -> Run:
    """A house with one row and one uploaded file, backed up to `backup.tar.gz`."""
    shutil.copytree(kept[0], tmp_path, dirs_exist_ok=True)
    return house


def test_a_backup_brings_everything_back_and_keeps_what_was_there(furnished: Run, tmp_path: Path) -> None:
    ok(furnished(code=OPEN_JOB.format("later")))
    (tmp_path / "var/media/logos/ä.svg").write_text("changed", encoding="utf-8")

    assert "There is a database already" in no(furnished("restore", "backup.tar.gz"))
    assert "Kept: " in ok(furnished("restore", "backup.tar.gz", "--force"))
    assert ok(furnished(code=LIST_JOBS)) == "before"
    assert (tmp_path / "var/media/logos/ä.svg").read_text(encoding="utf-8") == "<svg/>"
    assert [path.read_text(encoding="utf-8") for path in tmp_path.glob("var/media.before-restore-*/logos/*")] == ["changed"]

    kept = [*tmp_path.glob("var/allmende.sqlite3.before-restore-*"), *tmp_path.glob("var/backups/before-restore-*.tar.gz")]
    assert len(kept) == 1
    assert ok(furnished("migrate", "--check", "--verbosity=0")) == ""
    ok(furnished("backup", "again.tar.gz"))
    ok(furnished("restore", "again.tar.gz", "--force"))
    assert ok(furnished(code=LIST_JOBS)) == "before"


def test_a_backup_goes_into_an_empty_house(furnished: Run, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("an empty PostgreSQL database is the same path as a full one")
    (tmp_path / "var").rename(tmp_path / "burnt down")
    ok(furnished("restore", "backup.tar.gz"))
    assert ok(furnished(code=LIST_JOBS)) == "before"


def test_a_backup_is_for_its_owner_only_and_never_overwrites(furnished: Run, tmp_path: Path) -> None:
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o077 == 0
    assert "exists already" in no(furnished("backup", "backup.tar.gz"))


def test_the_manifest_says_what_is_in_it(furnished: Run, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "backup.tar.gz") as archive:
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
    assert manifest["format"] == "allmende-backup/1"
    database = "database.sqlite3" if connection.vendor == "sqlite" else "database.pgdump"
    assert set(manifest["files"]) == {database, "media/logos/ä.svg"}
    assert manifest["files"]["media/logos/ä.svg"]["bytes"] == 6


def test_an_open_house_is_not_replaced(furnished: Run, tmp_path: Path) -> None:
    assert occupancy.move_in(tmp_path / "var")
    try:
        assert "The house is open" in no(furnished("restore", "backup.tar.gz", "--force"))
    finally:
        occupancy.leave()


def test_a_database_that_others_use_is_not_replaced(furnished: Run, tmp_path: Path, database_url: str) -> None:
    if database_url:
        import psycopg

        with psycopg.connect(database_url.replace("%2F", "%2F")):
            assert "other connections use" in no(furnished("restore", "backup.tar.gz", "--force"))
    else:
        other = sqlite3.connect(tmp_path / "var/allmende.sqlite3")
        other.execute("SELECT * FROM ground_job").fetchone()
        assert "Another program has the database open" in no(furnished("restore", "backup.tar.gz", "--force"))
        other.close()
    assert ok(furnished(code=LIST_JOBS)) == "before"


def test_a_backup_of_nothing_is_refused(house: Run) -> None:
    assert "nothing to back up" in no(house("backup", "backup.tar.gz"))


# ---------------------------------------------------------------------------------------------------- foreign archives


def archive(path: Path, members: dict[str, bytes], manifest: dict[str, Any] | None = None) -> Path:
    """A hand-made archive; without a manifest it gets a right one."""
    import hashlib

    facts = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()}
    whole = members | {"manifest.json": json.dumps(manifest or {"format": backups.FORMAT, "files": facts}).encode()}
    with tarfile.open(path, "w:gz") as tar:
        for name, data in whole.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def unpack(path: Path, tmp_path: Path) -> Any:
    (tmp_path / "into").mkdir()
    return backups.unpack(path, tmp_path / "into")


def test_a_right_archive_is_unpacked(tmp_path: Path) -> None:
    unpack(archive(tmp_path / "a.tar.gz", {"media/a/b.txt": b"x"}), tmp_path)
    assert (tmp_path / "into/media/a/b.txt").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "media/../../evil", "evil", "media", "media//../evil"])
def test_an_archive_cannot_write_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(backups.BackupError, match="should not|cannot be read"):
        unpack(archive(tmp_path / "a.tar.gz", {name: b"x"}), tmp_path)
    assert not (tmp_path / "evil").exists()


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("media/link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(backups.BackupError, match="not an ordinary file"):
        unpack(tmp_path / "a.tar.gz", tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        {"format": "allmende-backup/99", "files": {}},
        {"files": {}},
        {"format": backups.FORMAT, "files": {}},
        {"format": backups.FORMAT, "files": {"media/a": {"bytes": 1, "sha256": "0" * 64}}},
        {"format": backups.FORMAT, "files": {"media/a": {"bytes": 1, "sha256": "0" * 64}, "media/b": {"bytes": 1, "sha256": "0" * 64}}},
    ],
)
def test_an_archive_that_is_not_what_its_manifest_says_is_refused(manifest: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(backups.BackupError):
        unpack(archive(tmp_path / "a.tar.gz", {"media/a": b"x"}, manifest), tmp_path)


@pytest.mark.parametrize("keep", [0, 10, 60, 100])
def test_a_torn_archive_is_refused(keep: int, tmp_path: Path) -> None:
    whole = archive(tmp_path / "a.tar.gz", {"media/a": b"x" * 5000}).read_bytes()
    (tmp_path / "torn.tar.gz").write_bytes(whole[:keep])
    with pytest.raises(backups.BackupError):
        unpack(tmp_path / "torn.tar.gz", tmp_path)


def test_a_backup_of_a_newer_programme_is_refused(house: Run, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL dumps are not looked into before they are restored")
    database = sqlite3.connect(tmp_path / "new.sqlite3")
    database.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
    database.execute("INSERT INTO django_migrations VALUES ('ground', '9999_from_the_future')")
    database.commit()
    database.close()
    archive(tmp_path / "a.tar.gz", {"database.sqlite3": (tmp_path / "new.sqlite3").read_bytes()}, None)
    assert "newer Allmende" in no(house("restore", "a.tar.gz"))
