"""PDF and office files cannot be written anew without harm. They are opened and looked through: whatever acts by itself is refused.

What is refused, and why: scripts and macros run; launched and embedded files are programs or archives in disguise; pictures and
templates elsewhere tell somebody who reads; a file that is two things at once is meant to be taken for the other one.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from allmende.ground.refusals import BadInput, Refused, require

TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

# ------------------------------------------------------------------------------------------------------------------ PDF

MOST_OBJECTS = 50_000
MARKS = re.compile(rb"<\s*(html|!doctype|script|svg|body|iframe)", re.IGNORECASE)
LOUD = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)\b")
ACTING = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is broken, locked, acts by itself, contains files, or is something else as well."""
    rest = data[data.rfind(b"%%EOF") + 5 :] if b"%%EOF" in data else b""
    is_twofold = zipfile.is_zipfile(BytesIO(data)) or MARKS.search(data[:4096]) or MARKS.search(rest) or len(rest.strip()) > 1024
    require(not is_twofold, _("This file is a PDF and something else at once. Please print it into a new PDF."), BadInput)
    require(not LOUD.search(_unescaped(data)), acting_pdf(), BadInput)
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        require(not reader.is_encrypted, _("This PDF is locked with a password. Please save it without one."), BadInput)
        require(len(reader.pages) > 0, broken_pdf(), BadInput)
        _check_objects(reader)
    except Refused:
        raise
    except Exception as fault:  # pypdf meets damaged files with faults of every kind
        raise BadInput(broken_pdf()) from fault


def broken_pdf() -> str:
    """The sentence for a PDF nobody can open."""
    return _("This PDF cannot be opened; it may be damaged. Please save or print it once more as PDF.")


def acting_pdf() -> str:
    """The sentence for a PDF that is more than paper."""
    return _("This PDF contains a program, a form that acts, or other files. Please print it into a new PDF; then only the pages are left.")


def _unescaped(data: bytes) -> bytes:
    """Names in PDF may hide their letters: `/J#61vaScript`."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), data) if b"#" in data else data


def _check_objects(reader: PdfReader) -> None:
    numbers = {number for by_generation in reader.xref.values() for number in by_generation} | set(reader.xref_objStm)
    require(len(numbers) <= MOST_OBJECTS, _("This PDF is too complicated to be checked. Please print it into a new PDF."), BadInput)
    for number in numbers:
        for one in _dictionaries(reader.get_object(number)):
            require(not _acts(one), acting_pdf(), BadInput)
    opening = reader.root_object.get("/OpenAction")
    opening = opening.get_object() if opening is not None else None
    leads_to_a_page = (
        opening is None or isinstance(opening, ArrayObject) or (isinstance(opening, DictionaryObject) and opening.get("/S") == "/GoTo")
    )
    require(leads_to_a_page, acting_pdf(), BadInput)


def _dictionaries(found: Any) -> Iterator[DictionaryObject]:
    """This object and all that stand directly in it; what it refers to has a number of its own."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [value for value in dict.values(one) if not isinstance(value, IndirectObject)]
        elif isinstance(one, ArrayObject):
            waiting += [value for value in list.__iter__(one) if not isinstance(value, IndirectObject)]


def _acts(one: DictionaryObject) -> bool:
    if ACTING & one.keys() or one.get("/S") in ACTIONS:
        return True
    is_attached = one.get("/Subtype") in {"/FileAttachment", "/RichMedia", "/Screen", "/Movie"}
    return is_attached or (isinstance(one, StreamObject) and one.get("/Type") == "/EmbeddedFile")


# --------------------------------------------------------------------------------------------------------------- office

MOST_ENTRIES = 5_000
MOST_UNPACKED = 100_000_000
STEEPEST = 200
"""Text shrinks to a tenth, dull tables to a fiftieth; what shrinks further is meant to burst."""
NOT_STEEP_BELOW = 1_000_000
MAIN = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs?|vbe|js|jse|mjs|wsf|hta|jar|class|sh|py|php|so|dylib|lnk|reg|cpl|apk|dmg|iso|svgz?|html?|zip|rar|7z)$"
)
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"%PDF-", b"#!")
MACROS = re.compile(r"(^|/)(vbaproject|vbadata|activex|ctrlprops/activex|macrosheets|customui)|^basic/|^scripts/")
EMBEDDED = re.compile(r"/embeddings/[^/]+\.(docx|xlsx|pptx)$")
FORBIDDEN_WORDS = ("vnd.sun.star.script", "macroenabled", "vbaproject")
LINKS_OUT = ("/hyperlink",)


def old_office() -> str:
    """The sentence for .doc, .xls, .ppt and .rtf."""
    return _("Old office files (.doc, .xls, .ppt, .rtf) can hide programs. Please save it as .docx, .odt or PDF.")


def acting_office() -> str:
    """The sentence for macros and the like."""
    return _("This file contains macros, embedded objects or programs. Please save it without them, or as PDF.")


def broken_office() -> str:
    """The sentence for a file no office opens."""
    return _("This file cannot be opened; it may be damaged. Please save it once more, or as PDF.")


def check_office(data: bytes, depth: int = 0) -> str:
    """The ending of an OpenDocument or Office file; Refused for other archives, for macros, bombs, locked and twofold files."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_frame(data, archive, entries)
            _check_entries(archive, entries, depth)
            return _ending(archive, entries)
    except Refused:
        raise
    except (
        zipfile.BadZipFile,
        ParseError,
        DefusedXmlException,
        ValueError,
        KeyError,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as fault:
        raise BadInput(broken_office()) from fault


def _check_frame(data: bytes, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """The archive begins with the file, ends with it, and unpacks to a bearable size."""
    begins = bool(entries) and min(entry.header_offset for entry in entries) == 0
    ends = not archive.comment and data[-22:].startswith(b"PK\x05\x06")
    require(begins and ends, broken_office(), BadInput)
    names = [entry.filename for entry in entries]
    require(len(names) == len(set(names)) <= MOST_ENTRIES, broken_office(), BadInput)
    too_big = _("This file unpacks to far more than it seems to be. Please save it once more, or as PDF.")
    require(sum(entry.file_size for entry in entries) <= MOST_UNPACKED, too_big, BadInput)
    steep = any(entry.file_size > NOT_STEEP_BELOW and entry.file_size > STEEPEST * max(entry.compress_size, 1) for entry in entries)
    require(not steep, too_big, BadInput)
    locked = _("This file is locked with a password. Please save it without one.")
    require(not any(entry.flag_bits & 1 for entry in entries), locked, BadInput)


def _check_entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], depth: int) -> None:
    for entry in entries:
        name = entry.filename.lower()
        strays = name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name or "\0" in name
        require(not strays, broken_office(), BadInput)
        require((entry.external_attr >> 16) & 0o170000 != 0o120000, broken_office(), BadInput)  # a link to elsewhere
        require(not MACROS.search(name) and not PROGRAM_NAMES.search(name), acting_office(), BadInput)
        if entry.is_dir():
            continue
        data = archive.read(entry)  # checks the sum of each, and reads no more than was announced
        if depth == 0 and EMBEDDED.search(name):
            check_office(data, depth=1)
        else:
            require(not data.startswith((*PROGRAM_STARTS, b"PK\x03\x04")), acting_office(), BadInput)
        if name.endswith(".rels"):
            _check_links(data)
        elif name in {"content.xml", "styles.xml", "[content_types].xml", "meta-inf/manifest.xml"}:
            _check_words(data)


def _check_links(data: bytes) -> None:
    """Links one clicks on may lead out; templates, pictures and objects from elsewhere may not."""
    for link in _elements(data):
        is_out = link.get("TargetMode") == "External"
        require(not is_out or str(link.get("Type", "")).endswith(LINKS_OUT), acting_office(), BadInput)


def _elements(data: bytes) -> Iterator[Element]:
    """All elements one after the other; what was read is forgotten, so that a long table needs no more room than a short one."""
    for _event, one in iterparse(BytesIO(data), forbid_dtd=True):
        yield one
        one.clear()


def _check_words(data: bytes) -> None:
    for one in _elements(data):
        require(not one.tag.endswith("}encryption-data"), _("This file is locked with a password. Please save it without one."), BadInput)
        for value in one.attrib.values():
            require(not any(word in value.lower() for word in FORBIDDEN_WORDS), acting_office(), BadInput)
        if one.tag.endswith("}image") or one.tag.endswith("}object"):
            target = next((value for name, value in one.attrib.items() if name.endswith("}href")), "")
            require("://" not in target and not target.startswith("//"), acting_office(), BadInput)


def _ending(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    """What kind it is; exactly one."""
    names = {entry.filename for entry in entries}
    found = set()
    if "mimetype" in names:
        said = archive.read("mimetype").decode("ascii", "replace").strip()
        found |= {ending for ending, kind in TYPES.items() if kind == said and "content.xml" in names}
    if "[Content_Types].xml" in names:
        told = [str(one.get("ContentType", "")) for one in _elements(archive.read("[Content_Types].xml"))]
        found |= {ending for kind in told for mark, ending in MAIN.items() if kind.endswith(mark)}
    archives = _("Archives are not taken. Please unpack it and attach the files one by one.")
    require(found, archives, BadInput)
    require(len(found) == 1, broken_office(), BadInput)
    return found.pop()
