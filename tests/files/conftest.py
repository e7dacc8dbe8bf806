"""A thing to attach files to: an entry, registered for these tests alone; and what can be made into a file."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from PIL import Image
from pypdf import PdfWriter

from allmende.directory.access import keepers_of, may_edit, organisations_visible_to
from allmende.directory.models import Organisation, Proof, Role, Stewardship
from allmende.files import documents
from allmende.people import subjects
from allmende.people.models import Person
from tests.cast import organisation

AT = "/dateien/an/directory.organisation/{}/"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are read as they stand in the code; pages go by their address."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _things(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    thing = subjects.Subject(
        Organisation,
        label="Entry",
        visible_to=organisations_visible_to,
        url=lambda item: f"/o/{item.slug}/",
        organisation=lambda item: item,
        may_attach=may_edit,
        people=keepers_of,
    )
    monkeypatch.setitem(subjects._SUBJECTS, thing.kind, thing)


@pytest.fixture
def haus(db: None) -> Organisation:
    return organisation("Haus eG", "Berlin")


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def steward_of(item: Organisation, name: str = "steward", role: str = Role.EDITOR) -> Person:
    found = Person.objects.filter(email=f"{name}@example.org").first() or person(name)
    Stewardship.objects.create(organisation=item, person=found, role=role, proof=Proof.GRANTED, since=timezone.now())
    return found


@pytest.fixture
def steward(haus: Organisation) -> Person:
    return steward_of(haus)


def as_(who: Person | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    made = BytesIO()
    Image.new("P" if kind == "GIF" else "RGB", size, 7 if kind == "GIF" else (200, 30, 30)).save(made, kind, **more)
    return made.getvalue()


def upload(who: Person | None, item: Organisation, data: bytes, name: str = "bild.jpg") -> HttpResponse:
    """Send the form of the page as a browser would."""
    given: Any = SimpleUploadedFile("x", data)
    given._name = name  # as it came, before anybody cleaned it
    answer: HttpResponse = as_(who).post(AT.format(item.pk), {"file": given})
    return answer


Upload = Callable[..., HttpResponse]


def pdf(change: Callable[[Any], Any] | None = None) -> bytes:
    """One empty page, changed."""
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    writer.write(made)
    return made.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return made.getvalue()


def open_document(ending: str, more: dict[str, bytes] | None = None) -> bytes:
    """The least an OpenDocument has."""
    return zipped({"mimetype": documents.TYPES[ending].encode(), "content.xml": b"<a/>", "META-INF/manifest.xml": b"<a/>", **(more or {})})


def office(ending: str, more: dict[str, bytes] | None = None) -> bytes:
    """The least an Office file has."""
    main = next(mark for mark, one in documents.MAIN.items() if one == ending)
    types = f'<Types xmlns="t"><Override PartName="/a.xml" ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'
    return zipped({"[Content_Types].xml": types.encode(), "a.xml": b"<a/>", **(more or {})})
