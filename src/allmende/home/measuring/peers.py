"""Other programs on the same rows: datasette (SQLite, FTS5) and pygeoapi (PostGIS), each with the indexes its own manual would give it.

Both are installed by pip into environments of their own. Who is missing is named, never left out in silence.
"""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from allmende.atlas.rules import Box
from allmende.home.measuring import cluster, serving, source

SHOWN = source.COLUMNS[:-1]
LIMIT = 50
PACKAGES = {
    "datasette": ["datasette>=0.65,<1"],
    "pygeoapi": ["pygeoapi>=0.21,<1", "gunicorn", "psycopg2-binary", "geoalchemy2", "sqlalchemy"],
}


class Missing(Exception):
    """A peer cannot run here; the text says why."""


def install(name: str, folder: Path) -> Path:
    """An environment with this peer; returns its folder of programs."""
    programs = folder / name / "bin"
    if (folder / name / "installed").exists():
        return programs
    commands = [[sys.executable, "-m", "venv", "--clear", str(folder / name)], [str(programs / "pip"), "install", "-q", *PACKAGES[name]]]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"{name} cannot be installed here: {done.stderr.strip().splitlines()[-1:]}")
    (folder / name / "installed").write_text("\n".join(PACKAGES[name]), encoding="ascii")
    return programs


def version(programs: Path, name: str) -> str:
    """Which release of the peer was measured."""
    done = subprocess.run([str(programs / "pip"), "show", name], capture_output=True, text=True)
    return next((line.split(":")[1].strip() for line in done.stdout.splitlines() if line.startswith("Version:")), "?")


# ------------------------------------------------------------------------------------------------------------- datasette

_TABLES = f"""
CREATE TABLE entry ({SHOWN[0]} INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in SHOWN[1:-2])}, lat REAL, lon REAL);
CREATE VIRTUAL TABLE entry_fts USING fts5(text, content='', tokenize='unicode61');
CREATE VIRTUAL TABLE box USING rtree(id, west, east, south, north);
"""
_INDEXES = "CREATE INDEX by_lat ON entry (lat, lon); CREATE INDEX by_lon ON entry (lon, lat); ANALYZE;"
_IN_BOX = "west >= :west AND east <= :east AND south >= :south AND north <= :north"
_NAMES = ", ".join(f"e.{name}" for name in SHOWN)
# The best a patient operator can do with it: SQL of one's own over an R*Tree, without a count and without an order.
QUERIES = {
    "window": f"SELECT {_NAMES} FROM box JOIN entry e ON e.id = box.id WHERE {_IN_BOX} LIMIT {LIMIT}",  # noqa: S608  # our own names
    "word": f"SELECT {_NAMES} FROM entry_fts f JOIN box ON box.id = f.rowid JOIN entry e ON e.id = f.rowid "  # noqa: S608
    f"WHERE entry_fts MATCH :q AND {_IN_BOX} LIMIT {LIMIT}",
}


def fill_datasette(file: Path, database: source.Database) -> None:
    """Write the peer's own file: table, full text, R*Tree, indexes on both coordinates."""
    if file.exists():
        return
    making = file.with_suffix(".making")
    making.unlink(missing_ok=True)
    connection = sqlite3.connect(making, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES + "BEGIN")
    marks = ", ".join("?" * len(SHOWN))
    for some in source.rows(database):
        connection.executemany(f"INSERT INTO entry VALUES ({marks})", [row[:-1] for row in some])  # noqa: S608  # question marks
        connection.executemany("INSERT INTO entry_fts (rowid, text) VALUES (?, ?)", [(row[0], row[-1]) for row in some])
        boxes = [(row[0], row[-2], row[-2], row[-3], row[-3]) for row in some if row[-2] is not None]
        connection.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", boxes)
    connection.executescript(_INDEXES)  # commits what came before
    connection.close()
    making.rename(file)


@contextmanager
def datasette(programs: Path, file: Path, environment: Mapping[str, str]) -> Iterator[serving.Server]:
    """Datasette over its file, which it may take for unchanging."""
    metadata = file.with_suffix(".json")
    metadata.write_text(json.dumps({"databases": {file.stem: {"queries": {name: {"sql": sql} for name, sql in QUERIES.items()}}}}))
    port = serving.free_port()
    settings = {"suggest_facets": "off", "sql_time_limit_ms": "60000", "facet_time_limit_ms": "50"}
    command = [
        *(str(programs / "datasette"), "serve", "-i", str(file), "--host", "127.0.0.1", "--port", str(port), "--metadata", str(metadata)),
        *(part for name, value in settings.items() for part in ("--setting", name, value)),
    ]
    with serving.running(command, environment, port, "/-/versions.json", file.with_suffix(".log")) as server:
        yield server


def datasette_address(file: Path, box: Box, word: str = "") -> str:
    """The question as its own table page asks it."""
    wanted = [("_col", name) for name in SHOWN[1:]] + [("_size", str(LIMIT)), ("_shape", "objects"), ("_nofacet", "1")]
    wanted += [("lat__gte", str(box.south)), ("lat__lte", str(box.north)), ("lon__gte", str(box.west)), ("lon__lte", str(box.east))]
    wanted += [("_search", word), ("_fts_table", "entry_fts"), ("_fts_pk", "id")] if word else []
    return f"/{file.stem}/entry.json?{urlencode(wanted)}"


def datasette_own_sql(file: Path, box: Box, word: str = "") -> str:
    """The question to a query written by hand over the R*Tree."""
    wanted = {"west": box.west, "east": box.east, "south": box.south, "north": box.north, "_shape": "objects"}
    return f"/{file.stem}/{'word' if word else 'window'}.json?{urlencode(wanted | ({'q': word} if word else {}))}"


# -------------------------------------------------------------------------------------------------------------- pygeoapi


def fill_pygeoapi(server: cluster.Cluster, name: str, database: source.Database) -> None:
    """Write the peer's own database: table with PostGIS points, GiST, and trigrams so that ILIKE has an index too."""
    import psycopg

    if not cluster.ensure(server, name) and _is_filled(server, name):
        return
    with psycopg.connect(server.dsn(name)) as connection:
        try:
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        except psycopg.Error as error:
            raise Missing("pygeoapi needs PostGIS (Debian: apt install postgresql-15-postgis-3)") from error
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        texts = ", ".join(f"{column} text" for column in SHOWN[1:-2])
        connection.execute(
            f"DROP TABLE IF EXISTS entry; CREATE TABLE entry (id bigint PRIMARY KEY, {texts}, text text, geom geometry(Point, 4326))"
        )
        with connection.cursor().copy(f"COPY entry (id, {', '.join(SHOWN[1:-2])}, text, geom) FROM STDIN") as copy:
            for some in source.rows(database):
                for row in some:
                    copy.write_row((*row[:9], row[11], f"SRID=4326;POINT({row[10]} {row[9]})" if row[9] is not None else None))
        connection.execute("CREATE INDEX ON entry USING gist (geom)")
        connection.execute("CREATE INDEX ON entry USING gin (text gin_trgm_ops)")
        connection.execute("COMMENT ON TABLE entry IS 'filled'")
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE entry")


def _is_filled(server: cluster.Cluster, name: str) -> bool:
    import psycopg

    with psycopg.connect(server.dsn(name)) as connection:
        found = connection.execute("SELECT obj_description(to_regclass('entry'))").fetchone()
    return bool(found and found[0] == "filled")


@contextmanager
def pygeoapi(programs: Path, folder: Path, server: cluster.Cluster, name: str, environment: Mapping[str, str]) -> Iterator[serving.Server]:
    """Pygeoapi in gunicorn with two workers of two threads, its provider for PostgreSQL."""
    port = serving.free_port()
    config, description = folder / "pygeoapi.json", folder / "pygeoapi-openapi.json"
    config.write_text(json.dumps(_configuration(port, server, name)), encoding="utf-8")  # JSON is YAML
    paths = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(description)}
    generate = [str(programs / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(description), "--format", "json"]
    done = subprocess.run(generate, env={**environment, **paths}, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise Missing(f"pygeoapi could not describe itself: {done.stderr[-300:]}")
    command = [str(programs / "gunicorn"), "-w", "2", "-k", "gthread", "--threads", "2", "--keep-alive", "30", "--timeout", "120"]
    command += ["-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"]
    with serving.running(command, {**environment, **paths}, port, "/?f=json", folder / "pygeoapi.log") as running:
        yield replace(running, also=(server.pid,))


def _configuration(port: int, server: cluster.Cluster, name: str) -> dict[str, object]:
    english = {"en": "entries"}
    data = {"host": str(server.socket), "port": 5432, "dbname": name, "user": "allmende", "password": "none", "search_path": ["public"]}
    provider = {"type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id", "table": "entry", "geom_field": "geom"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}", "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "gzip": False, "languages": ["en-US"], "pretty_print": False,
            "limits": {"default_items": LIMIT, "max_items": 1000, "on_exceed": "throttle"},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": english, "description": english, "keywords": {"en": ["entries"]}, "terms_of_service": "none", "url": "http://localhost",
            },
            "license": {"name": "none", "url": "http://localhost"}, "provider": {"name": "bench", "url": "http://localhost"},
            "contact": {"name": "bench"},
        },
        "resources": {
            "entry": {
                "type": "collection", "title": english, "description": english, "keywords": {"en": ["entries"]}, "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [provider],
            }
        },
    }  # fmt: skip


def pygeoapi_address(box: Box, word: str = "") -> str:
    """The question as OGC API Features asks it; words through its filter language, for it has no full text."""
    wanted = {"f": "json", "limit": LIMIT, "bbox": f"{box.west},{box.south},{box.east},{box.north}", "properties": ",".join(SHOWN[1:-2])}
    wanted |= {"filter": f"text ILIKE '%{word}%'"} if word else {}
    return f"/collections/entry/items?{urlencode(wanted)}"
