"""The files of the night, which spare the house from writing everything again for everybody who fetches it.

A file lies there in pieces of a hundred entries, each packed for itself; one after the other they are an ordinary gzip file. What changed
since the night stands in the index's log of changes: pieces that hold any of it are written anew while they are fetched, all others are
sent as they lie there. So a dump is never stale: what was withdrawn at noon is not in the file that is fetched at one.
"""

import gzip
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import numpy as np
import orjson
from django.conf import settings
from numpy.typing import NDArray

from allmende.atlas import queries as atlas
from allmende.atlas.changes import since
from allmende.atlas.rules import Filters
from allmende.opendata import queries
from allmende.opendata.dumps import BLOCK, FORMATS, Entry, Format, stream

PIECE = 100  # entries
LEVEL = 6
PIECES = np.dtype([("last", "<i8"), ("at", "<i8"), ("packed", "<i8")])
"""The number of a piece's last entry, where it begins in the file, and its size there."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Nightly:
    """A file of the night: compressed, with its size before and after, its pieces, and the entries that changed since."""

    form: Format
    base: str
    path: Path
    inode: int
    packed: int
    unpacked: int
    pieces: NDArray[np.void]
    changed: Ids

    @property
    def is_whole(self) -> bool:
        """Nothing has changed: the file is sent as it lies there."""
        return not len(self.changed)

    def packed_blocks(self) -> Iterator[bytes]:
        """Everything as of now as gzip."""
        return self._blocks(is_packed=True)

    def unpacked_blocks(self) -> Iterator[bytes]:
        """The same for clients that do not read gzip."""
        return self._blocks(is_packed=False)

    def _blocks(self, *, is_packed: bool) -> Iterator[bytes]:
        with self.path.open("rb") as raw:
            if os.fstat(raw.fileno()).st_ino != self.inode:  # a new night has come this moment
                parts = stream(self.form, Filters(), self.base)
                yield from map(_pack, parts) if is_packed else parts
            elif self.is_whole and is_packed:
                yield from _read(raw, 0, self.packed)
            else:
                yield from filter(None, _Splicing(self, raw, is_packed).all())


class _Splicing:
    """Puts together what is still true in a file and what is written anew."""

    def __init__(self, file: Nightly, raw: "IO[bytes]", is_packed: bool) -> None:
        self.form, self.base, self.pieces, self.changed = file.form, file.base, file.pieces, file.changed
        self.raw, self.is_packed = raw, is_packed
        self.sent = _pack if is_packed else bytes

    def all(self) -> Iterator[bytes]:
        """Head, stretches and tail, with what belongs between two stretches where neither is empty."""
        yield self.sent(self.form.head(self.base))
        is_first = True
        for stretch in self._stretches():
            for number, block in enumerate(stretch):
                yield self.sent(self.form.between) if number == 0 and not is_first else b""
                yield block
                is_first = False
        yield self.sent(self.form.tail)

    def _stretches(self) -> Iterator[Iterator[bytes]]:
        """Pieces that are still true, between them the others, in the end what is younger than the file."""
        now, lasts = atlas.matching_ids(Filters()), self.pieces["last"]
        begin = 0
        for piece in sorted({*lasts.searchsorted(self.changed).tolist(), len(lasts)}):  # new entries are searched behind the last piece
            if begin < piece:
                yield self._as_it_was(begin, piece)
            low, high = (int(lasts[piece - 1]) if piece else 0), (int(lasts[piece]) if piece < len(lasts) else None)
            yield map(self.sent, _written(self.form, self.base, _between(now, low, high)))
            begin = piece + 1

    def _as_it_was(self, begin: int, end: int) -> Iterator[bytes]:
        first, last = self.pieces[begin], self.pieces[end - 1]
        if self.is_packed:
            return _read(self.raw, int(first["at"]), int(last["at"] + last["packed"]))
        return self._unpacked(begin, end)

    def _unpacked(self, begin: int, end: int) -> Iterator[bytes]:
        for number, piece in enumerate(self.pieces[begin:end]):
            at = int(piece["at"])
            packed = b"".join(_read(self.raw, at, at + int(piece["packed"])))
            yield (self.form.between if number else b"") + gzip.decompress(packed)


def _between(ids: Ids, low: int, high: int | None) -> list[int]:
    """Those of sorted numbers above `low` and up to `high`."""
    end = len(ids) if high is None else int(ids.searchsorted(high, side="right"))
    found: list[int] = ids[int(ids.searchsorted(low, side="right")) : end].tolist()
    return found


def _written(form: Format, base: str, pks: list[int]) -> Iterator[bytes]:
    """These entries, a piece at a time, without pieces that are empty."""
    is_first = True
    for start in range(0, len(pks), PIECE):
        if rows := form.between.join(form.row(entry, base) for entry in queries.exported(pks[start : start + PIECE], base)):
            yield rows if is_first else form.between + rows
            is_first = False


def _read(raw: "IO[bytes]", start: int, end: int) -> Iterator[bytes]:
    raw.seek(start)
    while start < end and (block := raw.read(min(BLOCK, end - start))):
        start += len(block)
        yield block


def _pack(plain: bytes) -> bytes:
    return gzip.compress(plain, LEVEL, mtime=0) if plain else b""


# ------------------------------------------------------------------------------------------------------------ writing


class _Aside:
    """A file being written beside the last one; it takes its place when it is whole."""

    def __init__(self, form: Format, base: str, raw: "IO[bytes]") -> None:
        self.form, self.base, self.raw = form, base, raw
        self.pieces: list[tuple[int, int, int]] = []
        self.unpacked = 0
        self._add(form.head(base))

    def _add(self, plain: bytes) -> int:
        self.unpacked += len(plain)
        return self.raw.write(_pack(plain))

    def add(self, entries: list[Entry], last: int) -> None:
        """One piece more, if there is anything in it."""
        if not entries:
            return
        if self.pieces:
            self._add(self.form.between)
        at = self.raw.tell()
        self.pieces.append((last, at, self._add(self.form.between.join(self.form.row(entry, self.base) for entry in entries))))

    def finish(self, card: dict[str, Any]) -> Path:
        """The card comes last: a file without one is not handed out."""
        self._add(self.form.tail)
        self.raw.flush()
        os.fsync(self.raw.fileno())
        facts = os.fstat(self.raw.fileno())
        path, said = _paths(self.form)
        said.unlink(missing_ok=True)
        Path(self.raw.name).chmod(0o644)
        Path(self.raw.name).replace(path)
        with said.with_suffix(f".{facts.st_ino}.npy").open("wb") as pieces:
            np.save(pieces, np.array(self.pieces, PIECES))
        aside = said.with_name(f".{said.name}")
        aside.write_bytes(orjson.dumps({**card, "base": self.base, "size": self.unpacked, "inode": facts.st_ino}))
        aside.replace(said)
        for other in said.parent.glob(f"{said.stem}.*.npy"):
            if other.name != f"{said.stem}.{facts.st_ino}.npy":
                other.unlink(missing_ok=True)
        return path


def write() -> list[Path]:
    """Write all formats to var/dumps in one go, each complete before it takes the place of the last one."""
    folder, base = _folder(), house_base()
    folder.mkdir(parents=True, exist_ok=True)
    number, changed_at = atlas.version()  # before the entries: what changes while we write counts as changed since
    with ExitStack() as stack:
        files = [_Aside(form, base, stack.enter_context(_Part(folder))) for form in FORMATS.values()]
        ids = atlas.matching_ids(Filters())
        for start in range(0, len(ids), PIECE):
            pks: list[int] = ids[start : start + PIECE].tolist()
            entries = list(queries.exported(pks, base))
            for file in files:
                file.add(entries, pks[-1])
        return [file.finish({"number": number, "changed_at": changed_at}) for file in files]


class _Part:
    """A file with a passing name, which goes where it was not given another one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> "IO[bytes]":
        self._raw = NamedTemporaryFile(dir=self._folder, prefix=".", suffix=".part", delete=False)
        return self._raw

    def __exit__(self, *fault: object) -> None:
        self._raw.close()
        Path(self._raw.name).unlink(missing_ok=True)


def house_base() -> str:
    """The site's address as the operator states it, for files written when nobody asks. The first host named, if nothing better."""
    if address := getattr(settings, "ADDRESS", ""):
        return str(address).rstrip("/")
    host = next((one for one in settings.ALLOWED_HOSTS if "*" not in one), "localhost")
    return f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{host.removeprefix('.')}"


# ------------------------------------------------------------------------------------------------------------ reading


def current(form: Format, base: str) -> Nightly | None:
    """The file of the night, if it carries this address and the log of changes leads on from it; otherwise None."""
    path, said = _paths(form)
    try:
        card = orjson.loads(said.read_bytes())
        facts, inode = path.stat(), int(card["inode"])
        changed = since(int(card["number"]), datetime.fromisoformat(card["changed_at"])) if card["base"] == base else None
        if changed is None or facts.st_ino != inode:
            return None
        pieces = np.load(said.with_suffix(f".{inode}.npy"))
        return Nightly(form, base, path, inode, facts.st_size, int(card["size"]), pieces, changed)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _paths(form: Format) -> tuple[Path, Path]:
    """The file and its card; the list of its pieces is named after both."""
    return _folder() / f"{form.file_name}.gz", _folder() / f"{form.file_name}.json"


def _folder() -> Path:
    return Path(settings.VAR) / "dumps"
