"""The caretakers' door: who comes in, the import page with its check, undoing, edits that stay."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from allmende.directory import actions, importers
from allmende.directory.importers.running import Task
from allmende.directory.models import Organisation, Record, Revision, RevisionSet, Source, Term
from allmende.people.models import Person
from allmende.people.queries import service

FIXTURES = Path(__file__).parent / "fixtures"
pytestmark = pytest.mark.django_db

PAGES = [f"admin:directory_{model}_changelist" for model in ("organisation", "source", "record", "term", "revisionset")]


@pytest.fixture
def caretaker(client: Client) -> Client:
    client.force_login(Person.objects.create_user("haus@example.org", is_caretaker=True))
    return client


def bring(profile: str, name: str) -> None:
    actions.import_drafts(Task(importers.profile(profile), FIXTURES / name), by=service("import"))


@pytest.mark.parametrize("page", [*PAGES, "admin:directory_import"])
def test_strangers_and_guests_do_not_come_in(client: Client, page: str) -> None:
    assert client.get(reverse(page)).status_code == 302
    client.force_login(Person.objects.create_user("fremd@example.org"))
    assert client.get(reverse(page)).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_a_caretaker_sees_every_list_and_every_thing_in_it(caretaker: Client, page: str) -> None:
    bring("sea-standard", "standard.csv")
    answer = caretaker.get(reverse(page))
    assert answer.status_code == 200
    assert "style=" not in answer.content.decode().split("<main")[-1]
    model = {"organisation": Organisation, "source": Source, "record": Record, "term": Term, "revisionset": RevisionSet}[page.split("_")[1]]
    first = model.objects.order_by("pk").first()  # type: ignore[attr-defined]
    assert caretaker.get(reverse(page.replace("changelist", "change"), args=[first.pk])).status_code == 200


def upload(client: Client, **options: Any) -> Any:
    with (FIXTURES / "standard.csv").open("rb") as file:
        return client.post(reverse("admin:directory_import"), {"file": file, "profile": "sea-standard", "whole": "unknown", **options})


def test_an_upload_is_checked_first_and_imported_on_a_second_word(caretaker: Client) -> None:
    checked = upload(caretaker)
    assert checked.status_code == 200
    assert checked.context["report"].new == 3
    assert not Organisation.objects.exists()
    done = caretaker.post(reverse("admin:directory_import"), {"word": checked.context["word"]})
    revision_set = RevisionSet.objects.get()
    assert done["Location"] == reverse("admin:directory_revisionset_change", args=[revision_set.pk])
    assert (Organisation.objects.count(), revision_set.reason) == (3, "sea-standard: standard.csv")
    again = caretaker.post(reverse("admin:directory_import"), {"word": checked.context["word"]}, follow=True)
    assert RevisionSet.objects.count() == 1
    assert again.status_code == 200


def test_a_forged_word_and_a_wrong_profile_are_refused_in_sentences(caretaker: Client) -> None:
    assert caretaker.post(reverse("admin:directory_import"), {"word": "../../secret-key"}).status_code == 302
    wrong = upload(caretaker, profile="chicommons")
    assert wrong.status_code == 200
    assert "postal code" in wrong.content.decode()
    assert upload(caretaker, source="neu").context["form"].errors
    assert caretaker.post(reverse("admin:directory_import"), {}).context["form"].errors
    assert not RevisionSet.objects.exists()


def test_a_caretaker_undoes_an_import_from_the_list(caretaker: Client) -> None:
    bring("sea-standard", "standard.csv")
    chosen = {"action": "undo", "_selected_action": [RevisionSet.objects.get().pk]}
    caretaker.post(reverse("admin:directory_revisionset_changelist"), chosen)
    assert set(Organisation.objects.values_list("state", flat=True)) == {"archived"}


def test_what_a_caretaker_edits_by_hand_the_next_import_leaves_alone(caretaker: Client) -> None:
    bring("coops-uk-2017", "coops2017.csv")
    teapot = Organisation.objects.get(records__remote_id="T1")
    page = reverse("admin:directory_organisation_change", args=[teapot.pk])
    form = caretaker.get(page).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()} | {"name": "Teapot eG", "terms": list(values["terms"])}
    inline = caretaker.get(page).context["inline_admin_formsets"][0].formset
    data |= {f"places-{name}": value for name, value in inline.management_form.initial.items()}
    for each in inline.forms:
        data |= {f"{each.prefix}-{name}": each[name].value() or "" for name in each.fields}
    data = {name: value for name, value in data.items() if value is not False}
    assert caretaker.post(page, data).status_code == 302
    newest = Revision.objects.filter(organisation=teapot)[0]
    assert (newest.before, newest.after) == ({"name": "Teapot"}, {"name": "Teapot eG"})
    bring("sea-standard", "standard.csv")
    teapot.refresh_from_db()
    assert (teapot.name, teapot.website) == ("Teapot eG", "http://www.teapot.example")
