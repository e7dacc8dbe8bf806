"""Everything at once: the dumps as streams, and the nightly files that spare the house from writing the same stream again.

A nightly file is handed out only while the index is still the one it was written from. So a dump is never stale: what was
withdrawn at noon is not in the file that is fetched at one.
"""

import csv
import gzip
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import orjson
from django.conf import settings

from allmende.atlas import queries as atlas
from allmende.atlas.rules import Filters
from allmende.directory import jsonld, tables
from allmende.opendata import queries
from allmende.web.answers import GEOJSON, JSON_LD

Entries = Iterable[dict[str, Any]]
BLOCK = 64 * 1024


@dataclass(frozen=True)
class Format:
    """A way to write all entries down. `write` makes a stream of bytes from entries and the site's address."""

    key: str
    name: str
    media_type: str
    write: Callable[[Entries, str], Iterator[bytes]]

    @property
    def file_name(self) -> str:
        """Name of the file, without a folder."""
        return f"organisationen.{self.key}"

    @property
    def door(self) -> str:
        """Name of its address."""
        return f"opendata-api:{self.key}"


def _csv(entries: Entries, base: str) -> Iterator[bytes]:
    """RFC 4180 with a header line. Cells are written as they are: see the handbook on spreadsheets and formulas."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(tables.COLUMNS)
    for entry in entries:
        writer.writerow(tables.to_row(entry))
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _geojson(entries: Entries, base: str) -> Iterator[bytes]:
    """RFC 7946. The point is the seat or the first place that has one; `properties.places` holds them all."""
    head = orjson.dumps({"attribution": attributions(), "schema": f"{base}/daten/schema.json"})[1:-1]
    yield b'{"type":"FeatureCollection","name":"organisationen",' + head + b',"features":['
    yield from _joined(orjson.dumps(_feature(entry)) for entry in entries)
    yield b"\n]}\n"


def _feature(entry: dict[str, Any]) -> dict[str, Any]:
    spot = next((place for place in entry["places"] if place["lat"] is not None), None)
    geometry = {"type": "Point", "coordinates": [spot["lon"], spot["lat"]]} if spot else None
    return {"type": "Feature", "id": entry["id"], "geometry": geometry, "properties": entry}


def _jsonld(entries: Entries, base: str) -> Iterator[bytes]:
    """One document with a graph: schema.org, W3C ORG and ESSGlobal."""
    yield b'{"@context":' + orjson.dumps(jsonld.CONTEXT) + b',"@graph":['
    yield from _joined(orjson.dumps(_node(entry, base)) for entry in entries)
    yield b"\n]}\n"


def _node(entry: dict[str, Any], base: str) -> dict[str, Any]:
    return {key: value for key, value in jsonld.organisation(entry, base).items() if key != "@context"}


def _joined(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Parts with commas between them, one on a line."""
    for count, part in enumerate(parts):
        yield (b",\n" if count else b"\n") + part


FORMATS = {
    one.key: one
    for one in (
        Format("csv", "CSV", "text/csv; charset=utf-8; header=present", _csv),
        Format("geojson", "GeoJSON", GEOJSON, _geojson),
        Format("jsonld", "JSON-LD", JSON_LD, _jsonld),
    )
}


def attributions() -> list[str]:
    """What has to be written beside the data, once per source."""
    return list(dict.fromkeys(row["attribution"] for row in queries.sources() if row["attribution"]))


def stream(form: Format, filters: Filters, base: str) -> Iterator[bytes]:
    """The dump of what matches, in blocks, with memory for one chunk of entries."""
    return blocks(form.write(queries.organisations(filters, base), base))


def blocks(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Small parts gathered into larger ones: each part of a stream costs the server a round."""
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


# ------------------------------------------------------------------------------------------------------ nightly files


@dataclass(frozen=True)
class Nightly:
    """A file of the night: compressed, with its size before and after."""

    path: Path
    packed: int
    unpacked: int


def house_base() -> str:
    """The site's address as the operator states it, for files written when nobody asks. The first host named, if nothing better."""
    if address := getattr(settings, "ADDRESS", ""):
        return str(address).rstrip("/")
    host = next((one for one in settings.ALLOWED_HOSTS if "*" not in one), "localhost")
    return f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{host.removeprefix('.')}"


def write_nightly() -> list[Path]:
    """Write all formats to var/dumps, each complete before it takes the place of the last one."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(form, folder) for form in FORMATS.values()]


def _write(form: Format, folder: Path) -> Path:
    base, (number, changed_at) = house_base(), atlas.version()
    with NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as raw:
        try:
            with gzip.GzipFile(form.file_name, "wb", 6, raw, changed_at.timestamp()) as packed:
                size = sum(packed.write(block) for block in stream(form, Filters(), base))
            raw.flush()
            os.fsync(raw.fileno())
        except BaseException:
            Path(raw.name).unlink(missing_ok=True)
            raise
    path, card = folder / f"{form.file_name}.gz", folder / f"{form.file_name}.json"
    card.unlink(missing_ok=True)  # between the two moves there is no card, and a file without a card is not handed out
    Path(raw.name).chmod(0o644)
    Path(raw.name).replace(path)
    if atlas.version()[0] == number:  # else it changed while we wrote: the file is of two moments and stays unused
        aside = folder / f".{form.file_name}.json"
        aside.write_bytes(orjson.dumps({"number": number, "changed_at": changed_at, "base": base, "size": size}))
        aside.replace(card)
    return path


def nightly(form: Format, base: str) -> Nightly | None:
    """The file of the night, if it still says what the index says and carries this address; otherwise None."""
    path, card = _folder() / f"{form.file_name}.gz", _folder() / f"{form.file_name}.json"
    try:
        said = orjson.loads(card.read_bytes())
        packed = path.stat().st_size
    except (OSError, ValueError):
        return None
    number, changed_at = atlas.version()
    current = said.get("number") == number and said.get("changed_at") == orjson.loads(orjson.dumps(changed_at)) and said.get("base") == base
    return Nightly(path, packed, int(said["size"])) if current else None


def packed_blocks(path: Path) -> Iterator[bytes]:
    """The file as it lies there, compressed."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def unpacked_blocks(path: Path) -> Iterator[bytes]:
    """The file for clients that do not read gzip."""
    with gzip.open(path, "rb") as file:
        while block := file.read(BLOCK):
            yield block


def _folder() -> Path:
    return Path(settings.VAR) / "dumps"


def first(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same stream with its beginning already read, so that a fault shows as a fault and not as a cut-off file."""
    begun = list(islice(parts, 1))

    def whole() -> Iterator[bytes]:
        yield from begun
        yield from parts

    return whole()
