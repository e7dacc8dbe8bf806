"""`./allmende bench atlas` from beginning to end."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allmende.home.measuring import building, cluster, machine, peers, report, serving, targets, web
from allmende.home.measuring.building import House

OWN = "own"  # --db own: a PostgreSQL of the bench's
Say = Callable[[str], object]


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    rows: int
    db: str
    keep: Path
    with_peers: bool
    seconds: float
    times: int


def default_folder() -> Path:
    """Where data is kept between runs; not under var/, which another user (of PostgreSQL) may not enter."""
    return Path(tempfile.gettempdir()) / "allmende-bench"


def run(wish: Wish, environment: Mapping[str, str], say: Say) -> dict[str, Any]:
    """Build what is missing, measure everything, judge it."""
    wish.keep.mkdir(parents=True, exist_ok=True)
    wish.keep.chmod(0o711)
    with ExitStack() as stack:
        postgres = _postgres(wish, stack, say)
        place = _house(wish, environment, postgres)
        result: dict[str, Any] = {"machine": machine.described(), "rows": wish.rows, "command": _command(wish)}
        result["build"] = building.fill(place, wish.rows)
        result["database"] = building.engine_name(place.database)
        result["entries"] = building.number(place.database)
        say(report.head(result))
        result["engine"] = place.told("engine", "--times", str(wish.times))
        result["sizes"] = place.told("sizes")
        result |= _through_http(wish, place, postgres, say)
    result["verdicts"] = targets.verdicts(result)
    return result


def _command(wish: Wish) -> str:
    return f"./allmende bench atlas --rows {wish.rows}" + (f" --db {wish.db if wish.db == OWN else 'postgres://...'}" if wish.db else "")


def _postgres(wish: Wish, stack: ExitStack, say: Say) -> cluster.Cluster | None:
    """The bench's own PostgreSQL, for `--db own` and for a peer."""
    if wish.db != OWN and not wish.with_peers:
        return None
    try:
        return stack.enter_context(cluster.started(wish.keep / "postgresql"))
    except RuntimeError as error:
        if wish.db == OWN:
            raise
        say(f"!!! no PostgreSQL for peers: {error}")
        return None


def _house(wish: Wish, environment: Mapping[str, str], postgres: cluster.Cluster | None) -> House:
    kind, url = ("sqlite", "") if not wish.db else ("postgresql", wish.db)
    if wish.db == OWN and postgres:
        cluster.ensure(postgres, f"allmende_{wish.rows}")
        url = postgres.url(f"allmende_{wish.rows}")
    return building.house(wish.keep / f"{wish.rows}-{kind}", environment, url)


def _through_http(wish: Wish, place: House, postgres: cluster.Cluster | None, say: Say) -> dict[str, Any]:
    said = place.told("addresses", "--times", str(wish.times))
    asked, found = said["addresses"], dict[str, Any](web={})
    own: dict[str, Any] = {}
    also = (postgres.pid,) if postgres and wish.db == OWN else ()
    for workers in (1, 2):
        with serving.house(place.environment, place.folder, workers, also) as server:
            say(f"server with {workers} worker(s) ...")
            found["web"][str(workers)] = web.busy(server, asked, wish.seconds)
            if workers == 2:
                found["web"]["2"] |= web.steady(server, asked, wish.seconds)
                found["memory"] = web.memory(server)
                found["visible"] = web.visible(place, server)
                own = web.ours(server, said["peers"], wish.seconds) if wish.with_peers else {}
    if wish.with_peers:
        found["peers"] = _peers(wish, place, postgres, said["peers"], own, say)
    return found


def _peers(wish: Wish, place: House, postgres: cluster.Cluster | None, asked: Any, own: dict[str, Any], say: Say) -> dict[str, Any]:
    folder = wish.keep / "peers"
    folder.mkdir(exist_ok=True)
    found: dict[str, Any] = {}
    say("datasette ...")
    with _or_missing(found, "datasette", say):
        found["datasette"] = web.datasette(place, folder, asked, own, wish.seconds)
    say("pygeoapi ...")
    with _or_missing(found, "pygeoapi", say):
        if postgres is None:
            raise peers.Missing("no PostgreSQL with PostGIS here (Debian: apt install postgresql postgresql-15-postgis-3)")
        found["pygeoapi"] = web.pygeoapi(place, folder, postgres, asked, own, wish.seconds)
    return found


@contextmanager
def _or_missing(found: dict[str, Any], name: str, say: Say) -> Iterator[None]:
    """A peer that cannot run is said loudly, and the bench goes on."""
    try:
        yield
    except (peers.Missing, RuntimeError) as error:
        say(f"!!! {name} was NOT MEASURED: {error} !!!")
        found[name] = {"missing": str(error)}


def save(result: dict[str, Any], file: Path) -> None:
    """The figures for others to read."""
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
