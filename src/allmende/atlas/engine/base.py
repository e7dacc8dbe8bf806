"""The large segment of a large house as files under var/atlas: every process maps the same bytes into its memory and starts at once.

A base is written aside and takes its place by renaming one small file, so that a kill leaves the old one. What has changed since it
was read comes from the log of changes.
"""

import fcntl
import json
import mmap
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from django.conf import settings
from pyroaring import BitMap

from allmende.atlas import fulltext
from allmende.atlas.engine import rows
from allmende.atlas.engine.pyramid import LEVELS, Pyramid
from allmende.atlas.engine.segment import Segment, build
from allmende.atlas.models import Tag, Version, Word
from allmende.directory.models import Term
from allmende.ground.text import stems

FORMAT = 2  # of the files: one more whenever what they hold changes its meaning
BASE_FROM = 20_000  # entries; smaller houses are read anew in less than a second
COMMON = 0.002  # of all entries: stems that more of them have are kept with the base
MOST_STEMS = 3_000  # words, the most used first
STEMS, NAME_STEMS = "stems", "name-stems"
_ARRAYS = ("keys", "x", "y", "entry", "rank", "confirmed", "changed", "by_entry", "by_rank")


@dataclass(frozen=True)
class Base:
    """A base on the disk: the step of the index it was read at, and its folder."""

    number: int
    nonce: int
    folder: Path

    def load(self) -> Segment:
        """The segment, mapped; the same object as long as it is the current one."""
        return _loaded(self.folder)


def home() -> Path:
    """The folder of all bases."""
    return Path(settings.VAR) / "atlas"


def current() -> Base | None:
    """The newest complete base, if there is one of the present format."""
    try:
        said = json.loads((home() / "current.json").read_text(encoding="ascii"))
        known = Base(int(said["number"]), int(said["nonce"]), home() / str(said["folder"]))
        return known if said["format"] == FORMAT and known.folder.is_dir() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write() -> int:
    """Read all entries and write a new base; returns how many entries it holds. Older bases are removed, but for the last."""
    with alone():
        return renew()


@contextmanager
def alone() -> Iterator[None]:
    """One writer at a time, of all processes; the lock ends with the process."""
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def renew() -> int:
    """As `write`, for who is alone already."""
    number, nonce = Version.objects.values_list("number", "nonce").first() or (0, 0)
    folder, entries = make()  # read after the number: what came in between comes again from the log of changes
    publish(folder, number, nonce)
    return entries


def make(suffix: str = "") -> tuple[Path, int]:
    """Files of all entries, which nobody uses yet, and how many these are. `suffix` names a table that is built aside."""
    columns = rows.everything(suffix)
    folder = Path(tempfile.mkdtemp(prefix="base-", dir=home()))
    _save(build(columns, pyramid=True), folder)
    return folder, len(columns.entry)


def publish(folder: Path, number: int, nonce: int) -> None:
    """Let these files be the base of that step."""
    before = current()
    _point_to(folder, number, nonce)
    _tidy({folder, before.folder if before else folder})


def _point_to(folder: Path, number: int, nonce: int) -> None:
    said = home() / f"current-{os.getpid()}.json"
    said.write_text(json.dumps({"format": FORMAT, "number": number, "nonce": nonce, "folder": folder.name}), encoding="ascii")
    said.replace(home() / "current.json")


def _tidy(kept: set[Path]) -> None:
    for folder in home().iterdir():
        if folder.is_dir() and folder not in kept:
            shutil.rmtree(folder, ignore_errors=True)  # processes that still map it keep their bytes


def _save(segment: Segment, folder: Path) -> None:
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", segment.arrays[name])
    assert segment.pyramid  # noqa: S101 - built with it by write()
    for level, cells in segment.pyramid.levels.items():
        np.save(folder / f"level{level}.npy", cells)
    _save_sets(folder / "sets", segment.sets)
    _save_sets(folder / "tags", {str(tag): places for tag, places in segment.tags.items()})
    names = [name.encode() for name in segment.names]
    np.save(folder / "names-at.npy", np.concatenate([[0], np.cumsum([len(name) for name in names])]).astype(np.uint64))
    (folder / "names").write_bytes(b"".join(names))


def _save_sets(path: Path, sets: Mapping[str, BitMap]) -> None:
    where, at = {}, 0
    with path.open("wb") as file:
        for name, places in sets.items():
            written = places.serialize()
            file.write(written)
            where[name] = (at, len(written))
            at += len(written)
    said = path.with_suffix(".new")
    said.write_text(json.dumps(where), encoding="ascii")
    said.replace(path.with_suffix(".json"))  # from now on the sets are there


def learn() -> int:
    """Write the places of the most used stems beside the base, so that nobody waits who asks for one first; returns how many stems.

    They may be written any time later: an entry whose words have changed since is dead in the base.
    """
    known = current()
    if known is None or Stems(known.folder).are_there:
        return 0
    segment = known.load()
    common = _most_used(int(len(segment.first) * COMMON))
    for name, names_only in ((STEMS, False), (NAME_STEMS, True)):
        _save_sets(known.folder / name, {stem: segment.ordinals_at(fulltext.hits(((stem,),), names_only=names_only)) for stem in common})
    return len(common)


def _most_used(entries: int) -> list[str]:
    """The stems of all words that more entries have than these, and all tokens."""
    words = Word.objects.filter(entries__gt=max(entries, 1)).order_by("-entries", "word").values_list("word", flat=True)[:MOST_STEMS]
    return [*dict.fromkeys(stem for word in words for stem in stems(word)), *_tokens()]


def _tokens() -> Iterator[str]:
    """What stands in the full text for words of the taxonomy and for countries: in very many entries, and no word of the vocabulary."""
    yield from map(fulltext.term_token, Term.objects.values_list("pk", flat=True))
    yield from map(fulltext.country_token, Tag.objects.filter(kind="country").values_list("key", flat=True))


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> Segment:
    arrays = {name: _mapped(folder / f"{name}.npy") for name in _ARRAYS}
    sets = Sets(folder / "sets")
    tags = Tags(Sets(folder / "tags"))
    pyramid = Pyramid({level: _mapped(folder / f"level{level}.npy") for level in LEVELS})
    return Segment(arrays, sets, tags, Names(folder), pyramid, stored=Stems(folder))


def _mapped(path: Path) -> Any:
    return np.load(path, mmap_mode="r").view(np.ndarray)


def _bytes(path: Path) -> "mmap.mmap | bytes":
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


class Sets(Mapping[str, BitMap]):
    """Sets in a file, each read when it is first asked for."""

    def __init__(self, path: Path, keeps: bool = True) -> None:
        self._keeps = keeps
        self._where: dict[str, tuple[int, int]] = json.loads(path.with_suffix(".json").read_text(encoding="ascii"))
        self._bytes = _bytes(path)
        self._read: dict[str, BitMap] = {}

    def __getitem__(self, name: str) -> BitMap:
        if name in self._read:
            return self._read[name]
        at, size = self._where[name]
        places = BitMap.deserialize(self._bytes[at : at + size])
        if self._keeps:
            self._read[name] = places
        return places

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)


class Tags(Mapping[int, BitMap]):
    """The same by the numbers of tags."""

    def __init__(self, sets: Sets) -> None:
        self._sets = sets

    def __getitem__(self, tag: int) -> BitMap:
        return self._sets[str(tag)]

    def __iter__(self) -> Iterator[int]:
        return map(int, self._sets)

    def __len__(self) -> int:
        return len(self._sets)


class Stems:
    """The places of the most used stems, as soon as somebody has written them; read anew each time, for they are large."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sets: dict[str, Sets] = {}

    @property
    def are_there(self) -> bool:
        """They were written, those of names last."""
        return (self._folder / NAME_STEMS).with_suffix(".json").exists()

    def places(self, stem: str, names_only: bool) -> BitMap | None:
        """The places of a stem; None where it is not kept."""
        name = NAME_STEMS if names_only else STEMS
        if name not in self._sets:
            if not self.are_there:
                return None
            self._sets[name] = Sets(self._folder / name, keeps=False)
        return self._sets[name].get(stem)


class Names(Sequence[str]):
    """The names of all entries in their order, read from the file one by one."""

    def __init__(self, folder: Path) -> None:
        self._at = _mapped(folder / "names-at.npy")
        self._bytes = _bytes(folder / "names")

    @overload
    def __getitem__(self, rank: int) -> str: ...
    @overload
    def __getitem__(self, rank: slice) -> Sequence[str]: ...
    def __getitem__(self, rank: int | slice) -> str | Sequence[str]:
        if isinstance(rank, slice):
            return [self[one] for one in range(*rank.indices(len(self)))]
        return bytes(self._bytes[int(self._at[rank]) : int(self._at[rank + 1])]).decode()

    def __len__(self) -> int:
        return len(self._at) - 1
