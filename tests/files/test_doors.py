"""Attaching, fetching, removing, bringing back: who may, what the answer carries."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from allmende.directory.models import Organisation, State
from allmende.files import storing
from allmende.files.models import Attachment
from allmende.people.models import Person
from tests.files.conftest import AT, as_, person, picture, steward_of, upload

pytestmark = pytest.mark.django_db


def address(found: Attachment) -> str:
    return f"/dateien/{found.uuid}/{found.name}"


@pytest.fixture
def bild(haus: Organisation, steward: Person) -> Attachment:
    assert upload(steward, haus, picture(), "Haus.jpg").status_code == 302
    return Attachment.objects.get()


def test_a_steward_attaches_a_picture(haus: Organisation, steward: Person) -> None:
    answer = upload(steward, haus, picture(), "Unser Haus.jpg")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/o/haus-eg/#dateien")
    found = Attachment.objects.get()
    assert (found.name, found.content_type, found.kind, found.number) == ("Unser Haus.jpg", "image/jpeg", "directory.organisation", haus.pk)
    assert (found.organisation, found.uploaded_by) == (haus, steward)
    assert storing.path_of(found.uuid).stat().st_mode & 0o777 == 0o600


def panel(viewer: Any, item: Organisation) -> str:
    request = RequestFactory().get("/")
    request.user = viewer
    return Template('{% panels "thing.files" item %}').render(Context({"item": item, "request": request}))


def test_the_panel_shows_files_to_all_and_the_form_to_those_who_may(bild: Attachment, haus: Organisation, steward: Person) -> None:
    from allmende.people.queries import GUEST

    seen = panel(GUEST, haus)
    assert "Haus.jpg" in seen and "Haus eG" in seen and "Steward" not in seen and "<form" not in seen
    assert 'enctype="multipart/form-data"' in panel(steward, haus)
