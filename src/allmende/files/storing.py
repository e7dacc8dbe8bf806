"""Where the bytes of attached files lie: `media/files/<two letters>/<number>`, never under a name that somebody chose.

A file is written and on the disk before its row is; it goes after its row is gone. So whenever the house stops there is never a row
without a file, at most a file without a row, and those are swept.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "files"
PART = ".part"


def folder() -> Path:
    """Where they all lie."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def path_of(uuid: UUID) -> Path:
    """Where this one lies."""
    return folder() / uuid.hex[:2] / uuid.hex


def write(uuid: UUID, data: bytes) -> None:
    """Write an attached file; see `put`."""
    put(path_of(uuid), data)


def put(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole or not at all, readable to the house alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    try:
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def delete(uuid: UUID) -> None:
    """Take the bytes away; nothing happens where there are none."""
    path_of(uuid).unlink(missing_ok=True)


def lying_longer_than(moment: float) -> Iterator[Path]:
    """What was written before this moment (seconds since 1970), half-written files included."""
    for path in sorted(folder().glob("??/*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime < moment:
            yield path
