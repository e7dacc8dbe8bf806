"""What a file is, by what is in it: a name and a browser may say anything. Whatever is not expressly allowed is refused.

    found = check(data, "Protokoll.pdf")        # Checked, or Refused with a sentence that says what to do

Pictures are written anew (`pictures`), PDF and office files opened and looked through (`documents`), texts must be nothing but text.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.files import documents, names, pictures, rules
from allmende.ground.refusals import BadInput, require

PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa")
PACKED = (b"7z\xbc\xaf'\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"PK\x05\x06", b"PK\x07\x08")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKED_UP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<iframe", b"<!--", b"<?php")
TEXTS = {
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
PLAIN = {"": "txt", "text": "txt", "markdown": "md", "log": "txt"}
ALLOWED = ".jpg,.jpeg,.png,.webp,.gif,.pdf,.txt,.csv,.md,.ics,.odt,.ods,.odp,.docx,.xlsx,.pptx"


@dataclass(frozen=True)
class Checked:
    """A file that may be taken: its bytes as they are kept, what it is, and under which name. `remarks` say what was changed."""

    data: bytes
    content_type: str
    name: str
    remarks: tuple[str, ...] = ()


def check(data: bytes, given: str) -> Checked:
    """What this file is and what of it is kept; Refused (400) with a sentence where it cannot be taken."""
    require(data, _("The file is empty. Please choose it once more."), BadInput)
    require(len(data) <= rules.LARGEST, too_large(), BadInput)
    name, said = names.parted(given)
    kept, content_type, ending, remarks = _looked_into(data, said)
    require(len(kept) <= rules.LARGEST, too_large(), BadInput)
    if ending != said and not (ending == "jpg" and said == "jpeg"):
        remarks = (*remarks, _("The ending of its name did not fit what is in it; it is called .%(ending)s now.") % {"ending": ending})
        ending_kept = ending
    else:
        ending_kept = said
    return Checked(kept, content_type, names.joined(name, ending_kept), remarks)


def too_large() -> str:
    """The sentence for a file that is too large."""
    told = {"limit": rules.LARGEST // rules.MB}
    return _("A file can have at most %(limit)d MB. Please make it smaller, or put it elsewhere and set a link to it.") % told


Found = tuple[bytes, str, str, tuple[str, ...]]
"""What is kept, its type, its ending, and what is to be said about it."""


def _looked_into(data: bytes, said: str) -> Found:
    for start, kind in PICTURES.items():
        if data.startswith(start):
            return pictures.written_anew(data, kind)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return pictures.written_anew(data, "WEBP")
    if data.startswith(b"%PDF-"):
        documents.check_pdf(data)
        return data, "application/pdf", "pdf", ()
    if data.startswith(b"PK\x03\x04"):
        ending = documents.check_office(data)
        return data, documents.TYPES[ending], ending, ()
    return _text(data, said)


def _text(data: bytes, said: str) -> Found:
    """Nothing but readable text, called so."""
    _refuse_known(data)
    text = _decoded(data)
    require(text is not None, unknown(), BadInput)
    ending = PLAIN.get(said, said)
    if ending not in TEXTS:
        require(
            said not in _CLAIMED,
            _("The name says .%(ending)s, but that is not in the file. Please save it once more.") % {"ending": said},
            BadInput,
        )
        require(False, unknown(), BadInput)
    require(ending != "ics" or data.lstrip().upper().startswith(b"BEGIN:VCALENDAR"), unknown(), BadInput)
    return data, TEXTS[ending], ending, ()


_CLAIMED = {"pdf", "jpg", "jpeg", "png", "gif", "webp", *documents.TYPES}


def _refuse_known(data: bytes) -> None:
    """A sentence of its own for what people try and cannot be taken."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    marked_up = start.startswith(MARKED_UP) or b"<svg" in start or b"<script" in start or b"<html" in start
    require(not marked_up, _("Web pages and SVG drawings can contain programs. Please save it as PDF or as a picture (PNG)."), BadInput)
    require(not data.startswith(PROGRAMS), _("Programs are not taken. Put them where programs are kept, and set a link."), BadInput)
    packed = data.startswith(PACKED) or data[257:262] == b"ustar"
    require(not packed, _("Archives are not taken. Please unpack it and attach the files one by one."), BadInput)
    require(not data.startswith(OLD_OFFICE), documents.old_office(), BadInput)
    require(not data.lstrip().startswith(b"{\\rtf"), documents.old_office(), BadInput)


def _decoded(data: bytes) -> str | None:
    """The text, if it is one: UTF-8 without control characters that no text has."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if any(letter < " " and letter not in "\t\n\r\f" for letter in text) else text


def unknown() -> str:
    """The sentence for everything else."""
    return _(
        "Files of this kind are not taken. Possible are pictures (JPEG, PNG, WebP), PDF, OpenDocument and Office files without macros, "
        "and text in UTF-8 (.txt, .csv, .md)."
    )
