"""Everything at once as a stream: the formats, and how entries follow each other in them. What is kept over night is in `nightly`."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from allmende.atlas.rules import Filters
from allmende.directory import jsonld, tables
from allmende.opendata import queries
from allmende.web.answers import GEOJSON, JSON_LD

Entry = dict[str, Any]
BLOCK = 64 * 1024


@dataclass(frozen=True)
class Format:
    """A way to write all entries down: what comes first (of the site's address), one entry, what stands between two, what comes last."""

    key: str
    name: str
    media_type: str
    head: Callable[[str], bytes]
    row: Callable[[Entry, str], bytes]
    between: bytes = b""
    tail: bytes = b""

    @property
    def file_name(self) -> str:
        """Name of the file, without a folder."""
        return f"organisationen.{self.key}"

    @property
    def door(self) -> str:
        """Name of its address."""
        return f"opendata-api:{self.key}"

    def write(self, entries: Iterable[Entry], base: str) -> Iterator[bytes]:
        """All of it, in small parts."""
        yield self.head(base)
        for count, entry in enumerate(entries):
            yield (self.between if count else b"") + self.row(entry, base)
        yield self.tail


def _csv_line(cells: Iterable[Any]) -> bytes:
    """RFC 4180. Cells are written as they are: see the handbook on spreadsheets and formulas."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _geojson_head(base: str) -> bytes:
    """RFC 7946. The point is the seat or the first place that has one; `properties.places` holds them all."""
    head = orjson.dumps({"attribution": attributions(), "schema": f"{base}/daten/schema.json"})[1:-1]
    return b'{"type":"FeatureCollection","name":"organisationen",' + head + b',"features":[\n'


def _feature(entry: Entry) -> Entry:
    spot = next((place for place in entry["places"] if place["lat"] is not None), None)
    geometry = {"type": "Point", "coordinates": [spot["lon"], spot["lat"]]} if spot else None
    return {"type": "Feature", "id": entry["id"], "geometry": geometry, "properties": entry}


def _jsonld_head(base: str) -> bytes:
    """One document with a graph: schema.org, W3C ORG and ESSGlobal."""
    return b'{"@context":' + orjson.dumps(jsonld.CONTEXT) + b',"@graph":[\n'


def _node(entry: Entry, base: str) -> Entry:
    return {key: value for key, value in jsonld.organisation(entry, base).items() if key != "@context"}


FORMATS = {
    one.key: one
    for one in (
        Format(
            "csv",
            "CSV",
            "text/csv; charset=utf-8; header=present",
            lambda base: _csv_line(tables.COLUMNS),
            lambda entry, base: _csv_line(tables.to_row(entry)),
        ),
        Format("geojson", "GeoJSON", GEOJSON, _geojson_head, lambda entry, base: orjson.dumps(_feature(entry)), b",\n", b"\n]}\n"),
        Format("jsonld", "JSON-LD", JSON_LD, _jsonld_head, lambda entry, base: orjson.dumps(_node(entry, base)), b",\n", b"\n]}\n"),
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


def first(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same stream with its beginning already read, so that a fault shows as a fault and not as a cut-off file."""
    begun = list(islice(parts, 1))

    def whole() -> Iterator[bytes]:
        yield from begun
        yield from parts

    return whole()
