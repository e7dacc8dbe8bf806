"""Promises about the files we hand out: no foreign hosts in lock files, vendored files as noted, every setting documented, no secrets."""

import hashlib
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "allmende"


def tracked(*patterns: str) -> list[Path]:
    """Files under version control; in an unpacked archive without Git all files there are."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", *patterns], capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a Git working copy")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("name", ["base", "dev", "installer"])
def test_lock_files_pin_and_hash_everything_and_name_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="ascii")
    assert not re.search(r"://|^\s*-{1,2}[a-z]", text.replace("--hash=", ""), re.M)
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert [block.split("\n")[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_both_lock_files_agree() -> None:
    pins = [
        set(re.findall(r"^([\w.-]+==\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.M)) for name in ("base", "dev", "installer")
    ]
    assert pins[0] <= pins[1]
    assert pins[2] <= pins[1]


def test_every_dependency_has_a_reason_and_a_lock() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\n")
    data = tomllib.loads("\n".join(lines))
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements/dev.txt").read_text(), re.M)}
    for wanted in [*data["project"]["dependencies"], *data["dependency-groups"]["dev"]]:
        name = re.split(r"[\[<>=~! ]", wanted)[0].lower().replace("_", "-")
        assert name in locked, f"{name} is not in requirements/; run ./allmende lock"
        assert any(wanted in line and "# " in line for line in lines), f"{name} has no sentence why"


REGISTRY = re.compile(r"registry\.[a-z]+\.(?:org|com)|py[p]i\.(?:org|python)|files\.pythonhosted|\"resolved\":")


def is_config(path: Path) -> bool:
    kinds = {".json", ".toml", ".txt", ".cfg", ".ini", ".yml", ".yaml", ".sh", ""}
    return path.suffix in kinds and "static" not in path.parts and path.stat().st_size < 2_000_000


def test_no_package_lock_and_no_config_names_a_registry() -> None:
    found = [path for path in tracked() if is_config(path) and REGISTRY.search(path.read_bytes().decode("utf-8", "replace"))]
    assert found == []


def test_vendored_files_are_those_in_the_list() -> None:
    entries = json.loads((SOURCE / "web" / "vendor.json").read_text(encoding="utf-8"))
    assert [e["file"] for e in entries if hashlib.sha256((SOURCE / "web" / e["file"]).read_bytes()).hexdigest() != e["sha256"]] == []
    assert all(e["package"] and e["version"] and e["licence"] for e in entries)
    listed = {e["file"] for e in entries}
    folder = SOURCE / "web" / "static" / "web" / "vendor"
    assert {path.relative_to(SOURCE / "web").as_posix() for path in folder.rglob("*") if path.is_file()} <= listed


def test_vendored_files_refer_to_no_source_map_that_did_not_come_along() -> None:
    files = [*SOURCE.glob("*/static/**/*.css"), *SOURCE.glob("*/static/**/*.js"), *SOURCE.glob("*/static/**/*.mjs")]
    assert [path.name for path in files if re.search(rb"[#@] sourceMappingURL=\S+\.map", path.read_bytes()[-400:])] == []


def test_no_secrets_and_no_data_are_under_version_control() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in tracked()}
    wrong = re.compile(r"(^|/)\.env|secret-key|\.pem$|\.key$|\.sqlite3($|-)|^var/|^\.venv/|(^|/)node_modules/")
    assert [name for name in names if wrong.search(name)] == []
    key = re.compile(b"-----BEGIN [A-Z ]*PRIVATE KEY")
    assert [path for path in tracked() if path.stat().st_size < 2_000_000 and key.search(path.read_bytes())] == []


def settings_in_code() -> set[str]:
    """`ALLMENDE_...` variables the programme reads, through environment.py or in the script."""
    environment = (SOURCE / "config" / "environment.py").read_text(encoding="utf-8")
    found = {f"ALLMENDE_{name}" for name in re.findall(r"\bread(?:_flag|_list|_number)?\(\"([A-Z_]+)\"", environment)}
    for path in [ROOT / "allmende", *SOURCE.rglob("*.py")]:
        found |= set(re.findall(r"\bALLMENDE_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    return found


INTERNAL = {"ALLMENDE_PARENT", "ALLMENDE_TALLY", "ALLMENDE_RUN", "ALLMENDE_PREPARED"}  # the script talks to its own children with these


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(ALLMENDE_[A-Z_]+)`", text, re.M))
    assert documented == settings_in_code() - INTERNAL


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"os\.(?:environ|getenv)", path.read_text(encoding="utf-8"))
    }
    doors = {"__main__.py", "config/wsgi.py", "config/asgi.py"}  # name the settings module for Django
    shell = {"directory/management/commands/import_file.py"}  # LANG decides the language of a report, as for every command
    commands = {f"home/management/commands/{name}.py" for name in ("bench", "measure_register", "measure_ballots")}
    children = {"ground/occupancy.py", "ground/backups.py", *commands}  # what processes hand to their children
    assert readers - doors - children - shell <= {"config/environment.py"}


def test_the_licence_is_the_affero_licence_word_by_word() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"


def test_changelog_fragments_are_sentences() -> None:
    for path in (ROOT / "changelog.d").glob("*.md"):
        if path.name != "README.md":
            assert re.fullmatch(r"[a-z0-9-]+\.(?:added|changed|fixed|removed|security)\.md", path.name), path.name
            assert path.read_text(encoding="utf-8").strip().endswith("."), path.name
