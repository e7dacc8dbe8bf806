"""A missing organisation: candidates first, then the caretakers."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from allmende.directory.models import Organisation, Stewardship
from allmende.duplicates.lookup import Candidate
from allmende.duplicates.reasons import Reason
from allmende.duplicates.scoring import Judgement, Verdict
from allmende.ground.models import Letter
from allmende.people.models import Notice, Person
from allmende.suggestions import actions, queries
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Suggestion
from tests.cast import organisation, term
from tests.suggestions.conftest import as_, filled, person, send

pytestmark = pytest.mark.django_db
ADDRESS = "/vorschlagen/"
SAID = {"name": "Werkstatt Nord eG", "town": "Hamburg", "website": "werkstatt-nord.example", "remark": "Gehört den Beschäftigten."}


@pytest.fixture(autouse=True)
def _words(db: None) -> None:
    term("sector", "crafts")


def proposed(**more: Any) -> Suggestion:
    said = {"name": "Werkstatt Nord eG", "town": "Hamburg", "country": "DE", "sector": "crafts"}
    return actions.propose_organisation(said | more, by=Writer(uuid4(), contact="anna@example.org"), remark="Fehlt.")


def fresh(item: Any) -> Any:
    item.refresh_from_db()
    return item


def test_a_proposal_waits_for_the_caretakers(client: Client, caretaker: Person) -> None:
    answer: Any = send(client, ADDRESS, **SAID, contact="anna@example.org")
    found = Suggestion.objects.get()
    assert answer.status_code == 302
    assert (found.kind, found.organisation, found.contact, found.remark) == ("missing", None, "anna@example.org", SAID["remark"])
    assert found.fields == {
        "name": "Werkstatt Nord eG", "town": "Hamburg", "country": "DE", "website": "http://werkstatt-nord.example",
    }  # fmt: skip
    assert [one.person for one in Notice.objects.all()] == [caretaker]
    assert "Werkstatt Nord eG" in client.get(answer["Location"]).content.decode()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("left_out", ["name", "remark"])
def test_name_and_reason_are_needed(client: Client, left_out: str) -> None:
    answer = send(client, ADDRESS, **{**SAID, left_out: ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [left_out])


def test_a_place_is_not(client: Client) -> None:
    assert send(client, ADDRESS, name="Online eG", remark="Arbeitet überall.").status_code == 302
    assert Suggestion.objects.get().fields == {"name": "Online eG"}


def test_what_looks_alike_is_shown_before_anything_is_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    item = organisation("Werkstatt Nord", "Hamburg")
    hidden = organisation("Werkstatt Nord Entwurf", state="draft")
    asked: list[Any] = []

    def found(portrait: Any, **how: Any) -> list[Candidate]:
        asked.append((portrait.name, [site.town for site in portrait.sites], how["public"]))
        verdict = Verdict(Judgement.SAME, 0.9, 0.0, (Reason("name_same_but_form"),))
        return [Candidate(item.pk, verdict), Candidate(hidden.pk, verdict)]

    monkeypatch.setattr(queries.lookup, "candidates", found)
    said = filled(client, ADDRESS, **SAID)
    answer = client.post(ADDRESS, said)
    assert (answer.status_code, [entry.name for entry, _reasons in answer.context["alike"]]) == (200, ["Werkstatt Nord"])
    assert asked[0] == ("Werkstatt Nord eG", ["Hamburg"], True)
    assert not Suggestion.objects.exists()
    assert client.post(ADDRESS, {**said, "is_new": "on"}).status_code == 302
    assert Suggestion.objects.count() == 1


def test_sending_twice_makes_one(client: Client) -> None:
    said = filled(client, ADDRESS, **SAID)
    assert client.post(ADDRESS, said)["Location"] == client.post(ADDRESS, said)["Location"]
    assert Suggestion.objects.count() == 1


def test_an_accepted_proposal_becomes_an_entry_without_stewards(caretaker: Person) -> None:
    found = proposed(description="<b>Holz</b>")
    answer = send(as_(caretaker), f"/vorschlag/{found.uuid}/pruefen/", take_all="yes", summary="Eine Werkstatt.")
    assert answer.status_code == 302
    item = Organisation.objects.get()
    assert (item.name, item.state, item.summary, item.slug) == ("Werkstatt Nord eG", "published", "Eine Werkstatt.", "werkstatt-nord-eg")
    assert (item.sector.key, [one.key for one in item.terms.all()]) == ("crafts", ["crafts"])  # type: ignore[union-attr]
    assert [(one.town, one.region, one.is_seat) for one in item.places.all()] == [("Hamburg", "Hamburg", True)]
    assert not Stewardship.objects.exists()
    assert (fresh(found).state, found.organisation, found.contact) == ("accepted", item, "")
    assert "/o/werkstatt-nord-eg/" in Letter.objects.get(to="anna@example.org").body
    assert Client().get("/o/werkstatt-nord-eg/").status_code == 200
    assert "Werkstatt Nord" in Client().get("/karte/").content.decode()


def test_a_declined_one_is_declined_with_a_word(caretaker: Person) -> None:
    found = proposed()
    where = f"/vorschlag/{found.uuid}/pruefen/"
    assert list(send(as_(caretaker), where, take_all="no").context["form"].errors) == ["answer"]
    assert send(as_(caretaker), where, take_all="no", answer="Es ist ein Verein ohne Betrieb.", name="").status_code == 302
    assert (fresh(found).state, Organisation.objects.count()) == ("declined", 0)
    assert "Verein ohne Betrieb" in Letter.objects.get(to="anna@example.org").body


def test_deciding_twice_makes_one_entry(caretaker: Person) -> None:
    found = proposed()
    where = f"/vorschlag/{found.uuid}/pruefen/"
    said = filled(as_(caretaker), where, take_all="yes")
    assert [as_(caretaker).post(where, said).status_code for _ in range(2)] == [302, 409]
    assert Organisation.objects.count() == 1


def test_strangers_neither_see_nor_accept_it() -> None:
    found = proposed()
    stranger = person("stranger")
    assert as_(stranger).get(f"/vorschlag/{found.uuid}/pruefen/").status_code == 404
    assert as_(stranger).post(f"/vorschlag/{found.uuid}/pruefen/", {"take_all": "yes"}).status_code == 404
    with pytest.raises(Exception, match="."):
        actions.accept_proposal(found, found.fields, by=stranger)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("field", ["name", "summary", "remark", "street", "town", "postcode"])
def test_html_and_huge_texts(client: Client, field: str) -> None:
    assert send(client, ADDRESS, **{**SAID, field: "x" * 30_000}).status_code == 200
    answer: Any = send(client, ADDRESS, **{**SAID, field: "<img src=x onerror=alert(1)>Neu &lt;script&gt;"})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "<img" not in page.partition("<main")[2].partition("</main")[0]
    assert "<script>" not in page
