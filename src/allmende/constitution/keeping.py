"""Where the documents of statutes lie: `media/statutes/<two letters>/<SHA-256>`, under what they are, never under a name somebody chose.

Bytes are written before a row names them and swept when none does any more. The same document twice is one file.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from allmende.files import checking, storing
from allmende.ground.refusals import BadInput, require

FOLDER = "statutes"
STRAY_AFTER_SECONDS = 24 * 3600


def folder() -> Path:
    """Where they all lie."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def path_of(digest: str) -> Path:
    """Where the document with this SHA-256 lies."""
    return folder() / digest[:2] / digest


def checked(data: bytes, name: str) -> tuple[bytes, str]:
    """The bytes as they are kept, and the name; Refused with a sentence for whatever is no harmless PDF."""
    found = checking.check(data, name)
    require(
        found.content_type == "application/pdf", _("A statute is stored as PDF. Please print it into a PDF, or paste its text."), BadInput
    )
    return found.data, found.name


def write(data: bytes) -> str:
    """Keep these bytes; says their SHA-256."""
    digest = sha256(data).hexdigest()
    storing.put(path_of(digest), data)
    return digest


def lying_longer_than(moment: float) -> Iterator[Path]:
    """What was written before this moment (seconds since 1970), half-written files included."""
    for path in sorted(folder().glob("??/*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime < moment:
            yield path
