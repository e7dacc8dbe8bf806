"""A thing to attach files to: an entry, registered for these tests alone; and what can be made into a file."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from allmende.directory.access import keepers_of, may_edit, organisations_visible_to
from allmende.directory.models import Organisation, Proof, Role, Stewardship
from allmende.people import subjects
from allmende.people.models import Person
from tests.cast import organisation

AT = "/dateien/an/directory.organisation/{}/"


@pytest.fixture(autouse=True)
def _things(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
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
    yield


@pytest.fixture
def haus(db: None) -> Organisation:
    return organisation("Haus eG", "Berlin")


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def steward_of(item: Organisation, name: str = "steward", role: str = Role.EDITOR) -> Person:
    from django.utils import timezone

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
