"""What is taken and what is not: lying names, files that are two things, programs in disguise, bombs, damage."""

import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from allmende.files import checking, documents, pictures, rules
from allmende.files.checking import check
from allmende.ground.refusals import BadInput
from tests.files.conftest import office, open_document, pdf, picture, zipped

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


# ------------------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    ("kind", "name", "content_type", "called"),
    [
        ("JPEG", "a.jpg", "image/jpeg", "a.jpg"),
        ("JPEG", "a.JPEG", "image/jpeg", "a.jpeg"),
        ("JPEG", "a.png", "image/jpeg", "a.jpg"),
        ("PNG", "a.png", "image/png", "a.png"),
        ("PNG", "a.pdf", "image/png", "a.png"),
        ("PNG", "a.exe", "image/png", "a.png"),
        ("PNG", "a", "image/png", "a.png"),
        ("WEBP", "a.webp", "image/webp", "a.webp"),
        ("GIF", "a.gif", "image/png", "a.png"),
    ],
)
def test_a_picture_is_what_it_shows_whatever_it_is_called(kind: str, name: str, content_type: str, called: str) -> None:
    found = check(picture(kind), name)
    assert (found.content_type, found.name) == (content_type, called)
    assert bool(found.remarks) == (name.rpartition(".")[2].lower() != called.rpartition(".")[2])
    assert Image.open(BytesIO(found.data)).size == (40, 30)


def test_place_and_camera_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Orientation] = "Kamera 4711", 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    taken = picture("JPEG", (40, 30), exif=exif.tobytes(), comment=b"Seriennummer 4711")
    assert b"4711" in taken and Image.open(BytesIO(taken)).getexif().get_ifd(IFD.GPSInfo)
    kept = check(taken, "a.jpg").data
    assert b"4711" not in kept and b"Exif" not in kept
    assert (Image.open(BytesIO(kept)).size, dict(Image.open(BytesIO(kept)).getexif())) == ((30, 40), {})


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_forget_the_place_too(kind: str) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Kamera 4711"
    assert b"4711" not in check(picture(kind, exif=exif.tobytes()), f"a.{kind.lower()}").data


def test_large_pictures_become_smaller() -> None:
    assert Image.open(BytesIO(check(picture("JPEG", (4_800, 1_200)), "a.jpg").data)).size == (2_400, 600)


def test_pictures_of_all_colours_are_taken() -> None:
    for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("P", "PNG"), ("RGBA", "WEBP")):
        made = BytesIO()
        Image.new(mode, (9, 9)).save(made, kind)
        assert check(made.getvalue(), f"a.{kind.lower()}").content_type == checking.check(made.getvalue(), "a").content_type


def test_what_is_transparent_stays_so() -> None:
    made = BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(made, "PNG")
    assert Image.open(BytesIO(check(made.getvalue(), "a.png").data)).convert("RGBA").getpixel((4, 4)) == (0, 0, 0, 0)


def test_moving_pictures_stand_still() -> None:
    frames = [Image.new("RGB", (9, 9), (number, 0, 0)) for number in (1, 99, 200)]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    found = check(made.getvalue(), "a.gif")
    assert (found.name, getattr(Image.open(BytesIO(found.data)), "n_frames", 1), len(found.remarks)) == ("a.png", 1, 2)


def test_a_picture_that_bursts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")  # 400 million dots in 50 kB
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(BadInput):
        check(bomb.getvalue(), "a.png")
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_000)
    with pytest.raises(BadInput, match="dots"):
        check(picture(), "a.jpg")


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[:30], lambda data: data[:60] + b"\0" * 500])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_damaged_pictures_are_refused_with_a_sentence(kind: str, damage: Any) -> None:
    data = damage(picture(kind, (300, 300)))
    with suppress(BadInput):
        Image.open(BytesIO(check(data, "a.jpg").data)).load()  # what can still be read is written anew, and whole


@pytest.mark.parametrize(
    "twofold",
    [
        picture("JPEG") + zipped({"a.html": HTML}),
        picture("GIF")[:6] + picture("GIF")[6:] + b"/*" + HTML + b"*/=1;alert(1)",
        picture("PNG") + HTML,
        picture("JPEG", comment=HTML),
    ],
)
def test_of_a_picture_that_is_something_else_too_only_the_picture_is_kept(twofold: bytes) -> None:
    kept = check(twofold, "a.jpg").data
    assert b"script" not in kept and b"PK\x03\x04" not in kept and not zipfile.is_zipfile(BytesIO(kept))


# ----------------------------------------------------------------------------------------------------------- not taken


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"", "a.txt", "empty"),
        (SVG, "a.svg", "SVG"),
        (SVG, "a.png", "SVG"),
        (b'\xef\xbb\xbf  <?xml version="1.0"?>' + SVG, "a.txt", "SVG"),
        (b"<!-- x -->" + SVG, "a.txt", "SVG"),
        (HTML, "a.html", "SVG"),
        (HTML, "a.pdf", "SVG"),
        (HTML, "a.txt", "SVG"),
        (b"MZ\x90\0" + b"\0" * 99, "a.exe", "Programs"),
        (b"MZ\x90\0" + b"\0" * 99, "a.pdf", "Programs"),
        (b"\x7fELF\x02\x01", "a.png", "Programs"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "Programs"),
        (zipped({"a.txt": b"x"}), "a.zip", "Archives"),
        (zipped({"a.txt": b"x"}), "a.docx", "Archives"),
        (b"\x1f\x8b\x08\0", "a.gz", "Archives"),
        (b"7z\xbc\xaf'\x1c\0\x04", "a.7z", "Archives"),
        (b"a" * 257 + b"ustar\0" + b"\0" * 300, "a.tar", "Archives"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "a.doc", "Old office"),
        (b"{\\rtf1 x}", "a.rtf", "Old office"),
        (b"nur Text", "a.pdf", "says .pdf"),
        (b"nur Text", "a.png", "says .png"),
        (b"nur Text", "a.docx", "says .docx"),
        (b"alert(1)", "a.js", "not taken"),
        (b"nur Text", "a.html", "not taken"),
        (b"nur Text", "a.ics", "not taken"),
        ("Grüße".encode("latin-1"), "a.txt", "not taken"),
        (b"a\0b", "a.txt", "not taken"),
        (b"\x1b[2J", "a.txt", "not taken"),
        (b"\0\1\2\3", "a.bin", "not taken"),
        (b"x" * (rules.LARGEST + 1), "a.txt", "at most 10 MB"),
    ],
)
def test_what_is_not_taken_says_what_to_do(data: bytes, name: str, word: str) -> None:
    with pytest.raises(BadInput) as refusal:
        check(data, name)
    assert word in str(refusal.value.sentence)


@pytest.mark.parametrize(
    ("name", "content_type", "called"),
    [
        ("a.txt", "text/plain; charset=utf-8", "a.txt"),
        ("a.CSV", "text/csv; charset=utf-8", "a.csv"),
        ("a.md", "text/markdown; charset=utf-8", "a.md"),
        ("LIESMICH", "text/plain; charset=utf-8", "LIESMICH.txt"),
        ("a.log", "text/plain; charset=utf-8", "a.txt"),
    ],
)
def test_text_is_taken_as_it_is(name: str, content_type: str, called: str) -> None:
    data = "Größe;Preis < 5 €\r\n\t1;2\n".encode()
    found = check(data, name)
    assert (found.data, found.content_type, found.name) == (data, content_type, called)


def test_a_calendar_is_taken() -> None:
    assert check(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "a.ics").content_type == "text/calendar; charset=utf-8"


# ------------------------------------------------------------------------------------------------------------------ PDF


def test_an_ordinary_pdf_is_kept_byte_by_byte() -> None:
    found = check(pdf(), "Satzung.pdf")
    assert (found.data, found.content_type, found.name, found.remarks) == (pdf(), "application/pdf", "Satzung.pdf", ())
    assert check(pdf(), "Satzung.jpg").name == "Satzung.pdf"


def _with_action(kind: str) -> bytes:
    def change(writer: PdfWriter) -> None:
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject("/S"): NameObject(kind)})

    return pdf(change)


def _named(writer: PdfWriter) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")})
    names = ArrayObject([TextStringObject("a"), writer._add_object(script)])
    writer._root_object[NameObject("/Names")] = DictionaryObject(
        {NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})}
    )


def _jump(writer: PdfWriter) -> None:
    page = writer.pages[0].indirect_reference
    writer._root_object[NameObject("/OpenAction")] = ArrayObject([page, NameObject("/FitH"), FloatObject(700)])


def _form(writer: PdfWriter) -> None:
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("x")})


def _button(writer: PdfWriter) -> None:
    inner = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")})
    button = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): inner})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(button)])


@pytest.mark.parametrize(
    "data",
    [
        pdf(_named),
        pdf(lambda writer: writer.add_attachment("a.exe", b"MZ")),
        _with_action("/JavaScript"),
        _with_action("/Launch"),
        _with_action("/Named"),
        pdf(_form),
        pdf(_button),
        pdf().replace(b"%%EOF", b"5 0 obj <</S /J#61vaScript>> endobj\n%%EOF"),
    ],
)
def test_a_pdf_that_acts_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="contains a program"):
        check(data, "a.pdf")


def test_a_pdf_that_acts_inside_packed_objects_is_refused_too() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf(_button))))
    made = BytesIO()
    writer.compress_identical_objects()
    writer.write(made)
    with pytest.raises(BadInput, match="contains a program"):
        check(made.getvalue(), "a.pdf")


def test_a_pdf_may_open_at_a_page() -> None:
    assert check(pdf(_jump), "a.pdf").content_type == "application/pdf"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n" + HTML + pdf()[9:], "something else at once"),
        (pdf() + HTML, "something else at once"),
        (pdf() + zipped({"a.exe": b"MZ"}), "something else at once"),
        (pdf()[:200], "cannot be opened"),
        (b"%PDF-1.7\n", "cannot be opened"),
        (b"%PDF-1.7\n" + b"x" * 5_000, "cannot be opened"),
        (pdf(lambda writer: writer.encrypt("geheim", algorithm="RC4-128")), "password"),
        (PdfWriter(), "cannot be opened"),
    ],
)
def test_a_pdf_that_is_not_only_that_is_refused(data: Any, word: str) -> None:
    if isinstance(data, PdfWriter):
        made = BytesIO()
        data.write(made)
        data = made.getvalue()
    with pytest.raises(BadInput, match=word):
        check(data, "a.pdf")


@pytest.mark.parametrize("before", [b" ", b"\n", b"GIF89a", b"<html>"])
def test_a_pdf_begins_with_its_first_byte(before: bytes) -> None:
    with pytest.raises(BadInput):
        check(before + pdf(), "a.pdf")


def test_a_pdf_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_OBJECTS", 2)
    with pytest.raises(BadInput, match="too complicated"):
        check(pdf(), "a.pdf")


# --------------------------------------------------------------------------------------------------------------- office


@pytest.mark.parametrize("ending", ["odt", "ods", "odp", "docx", "xlsx", "pptx"])
def test_office_files_are_kept_byte_by_byte(ending: str) -> None:
    data = open_document(ending) if ending.startswith("od") else office(ending)
    found = check(data, f"a.{ending}")
    assert (found.data, found.content_type, found.name) == (data, documents.TYPES[ending], f"a.{ending}")
    assert check(data, "a.pdf").name == f"a.{ending}"


RELS = '<Relationships xmlns="r"><Relationship Type="http://x/{}" Target="{}" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"word/vbaProject.bin": b"x"}, "macros"),
        ({"word/activeX/activeX1.xml": b"<a/>"}, "macros"),
        ({"word/a.exe": b"x"}, "macros"),
        ({"word/media/a.png": b"MZ\x90"}, "macros"),
        ({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0x"}, "macros"),
        ({"word/embeddings/a.zip": zipped({"a": b"x"})}, "macros"),
        ({"word/embeddings/a.bin": zipped({"a": b"x"})}, "macros"),
        ({"word/embeddings/a.xlsx": zipped({"a": b"x"})}, "Archives"),
        ({"word/embeddings/a.xlsx": office("xlsx", {"xl/vbaProject.bin": b"x"})}, "macros"),
        ({"word/_rels/settings.xml.rels": RELS.format("attachedTemplate", "http://x.example/a.dotm").encode()}, "macros"),
        ({"word/_rels/a.rels": RELS.format("image", "file:///c:/x").encode()}, "macros"),
        ({"word/_rels/a.rels": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "damaged"),
        ({"../../etc/passwd": b"x"}, "damaged"),
        ({"/etc/passwd": b"x"}, "damaged"),
        ({"word\\a.xml": b"x"}, "damaged"),
        ({"mimetype": documents.TYPES["odt"].encode(), "content.xml": b"<a/>"}, "damaged"),
    ],
)
def test_office_files_that_act_or_stray_are_refused(more: dict[str, bytes], word: str) -> None:
    with pytest.raises(BadInput) as refusal:
        check(office("docx", more), "a.docx")
    assert word in str(refusal.value.sentence)


def test_links_one_clicks_on_and_tables_inside_are_fine() -> None:
    more = {
        "word/_rels/document.xml.rels": RELS.format("hyperlink", "https://haus.example/").encode(),
        "word/embeddings/a.xlsx": office("xlsx"),
    }
    assert check(office("docx", more), "a.docx").name == "a.docx"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"Basic/Standard/Module1.xml": b"<a/>"}, "macros"),
        ({"Scripts/python/a.py": b"x"}, "macros"),
        ({"content.xml": b'<a xmlns:x="l"><b x:href="vnd.sun.star.script:a.b"/></a>'}, "macros"),
        ({"content.xml": b'<a xmlns:d="d" xmlns:x="l"><d:image x:href="https://tracker.example/a.png"/></a>'}, "macros"),
        ({"META-INF/manifest.xml": b'<m:a xmlns:m="m"><m:encryption-data/></m:a>'}, "password"),
        ({"content.xml": b"<a"}, "damaged"),
    ],
)
def test_open_documents_that_act_are_refused(more: dict[str, bytes], word: str) -> None:
    with pytest.raises(BadInput) as refusal:
        check(open_document("odt", more), "a.odt")
    assert word in str(refusal.value.sentence)


def test_macro_documents_are_refused_whatever_they_are_called() -> None:
    main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    types = f'<Types xmlns="t"><Override PartName="/a.xml" ContentType="{main}"/></Types>'.encode()
    with pytest.raises(BadInput, match="macros"):
        check(office("docx", {"[Content_Types].xml": types}), "a.docx")


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="far more"):
        check(office("docx", {"word/a.xml": b"\0" * 5_000_000}), "a.docx")
    monkeypatch.setattr(documents, "MOST_UNPACKED", 100)
    with pytest.raises(BadInput, match="far more"):
        check(office("docx"), "a.docx")


@pytest.mark.parametrize(
    "data",
    [
        office("docx") + b"<script>",
        b"PK\x03\x04" + office("docx"),
        office("docx")[:-10],
        b"PK\x03\x04",
    ],
)
def test_damaged_and_twofold_office_files_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        check(data, "a.docx")


def test_what_was_announced_smaller_than_it_is_is_refused() -> None:
    data = bytearray(office("docx", {"word/a.xml": b"a" * 3_000}))
    end = data.rfind(b"PK\x01\x02")
    data[end + 24 : end + 28] = (10).to_bytes(4, "little")
    with pytest.raises(BadInput):
        check(bytes(data), "a.docx")
