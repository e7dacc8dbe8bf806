"""A new organisation: who may, what is needed, when it is on the map at once, and that one form makes one entry."""

import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from allmende.directory.importers import undoing
from allmende.directory.models import Caretaking, DataRules, Organisation, Proof, Role, RulesState, State, Stewardship
from allmende.duplicates.models import Pair
from allmende.editing import actions, queries, rules
from allmende.editing.models import Entering
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import NotAllowed
from allmende.ground.text import slug
from allmende.people.models import Notice, Person
from tests.cast import organisation
from tests.editing.cast import as_it_stands, fields, looks_after, person, signed_in, words

pytestmark = pytest.mark.django_db
NEW = "/eintragen/"
LEAST = {"name": "Neue Mühle eG", "sector": "food", "summary": "Mehl für alle", "place-0-town": "Bremen", "consent": "on"}


@pytest.fixture(autouse=True)
def _words(db: None) -> None:
    words()


def enter(someone: Person, address: str = NEW, **said: Any) -> Any:
    client = signed_in(someone)
    return client.post(address, as_it_stands(client, address) | LEAST | said)


# -------------------------------------------------------------------------------------------------------------- who may


def test_a_guest_reads_how_to_get_in_and_gets_no_cookie(client: Client) -> None:
    answer = client.get(f"{NEW}?einladung=abc")
    page = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    assert "/konto/anmelden/?next=%2Feintragen%2F%3Feinladung%3Dabc" in page
    assert "<form method" not in page
    assert client.post(NEW, LEAST).status_code in {200, 403}
    assert not Organisation.objects.exists()


def test_a_service_hand_or_a_locked_account_enters_nothing() -> None:
    locked = person("lea")
    locked.is_active = False
    with pytest.raises(NotAllowed):
        actions.enter_organisation({"name": "x"}, by=locked, token="t")


# ----------------------------------------------------------------------------------------------------------- what is said


def test_four_things_are_enough(client: Client) -> None:
    anna = person("anna")
    answer = enter(anna)
    assert answer.status_code == 302 and answer["Location"] == "/o/neue-muehle-eg/eingetragen/"
    item = Organisation.objects.get()
    assert (item.state, item.sector and item.sector.key, item.licence) == (State.DRAFT, "food", "CC0-1.0")
    (place,) = undoing.said(item.pk)["places"]
    assert (place["town"], place["region"], place["country"], place["precision"], place["is_seat"]) == (
        "Bremen",
        "Bremen",
        "DE",
        "town",
        True,
    )
    held = Stewardship.objects.get()
    assert (held.person, held.role, held.proof) == (anna, Role.OWNER, Proof.FOUNDED)
    after = signed_in(anna).get("/o/neue-muehle-eg/eingetragen/")
    assert after.status_code == 200
    assert client.get("/o/neue-muehle-eg/").status_code == 404


@pytest.mark.parametrize("missing", ["name", "sector", "summary", "place-0-town", "consent"])
def test_without_one_of_them_there_is_no_entry_and_nothing_is_lost(missing: str) -> None:
    answer = enter(person("anna"), description="Lang getippt", **{missing: ""})
    assert answer.status_code == 422
    assert "Lang getippt" in answer.content.decode()
    assert not Organisation.objects.exists()


def test_online_only_needs_no_place_and_does_not_go_with_one() -> None:
    anna = person("anna")
    assert enter(anna, online_only="on").status_code == 422
    assert enter(anna, online_only="on", **{"place-0-town": ""}).status_code == 302
    assert not Organisation.objects.get().places.exists()


def test_several_places_with_a_point_of_their_own() -> None:
    client = signed_in(person("anna"))
    form = as_it_stands(client, NEW) | LEAST
    form = fields(client.post(NEW, form | {"step": "add"}).content.decode())
    form |= {
        "place-1-town": "Kiel",
        "place-1-lat": "54.3",
        "place-1-lon": "10.1",
        "seat": "place-1",
        "place-1-label": "Laden",
        "consent": "on",
    }
    assert client.post(NEW, form).status_code == 302
    places = undoing.said(Organisation.objects.get().pk)["places"]
    assert [(one["town"], one["precision"], one["is_seat"]) for one in places] == [("Bremen", "town", False), ("Kiel", "exact", True)]


def test_looking_an_address_up_says_where_it_is_without_judging_the_rest() -> None:
    client = signed_in(person("anna"))
    answer = client.post(
        NEW, as_it_stands(client, NEW) | {"step": "check", "place-0-postcode": "20095", "place-0-town": "Hamburg", "name": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "20095 Hamburg" in page and "/eintragen/ort.svg?lat=" in page
    assert 'role="alert"' not in page and "aria-invalid" not in page


def test_who_sees_what_is_chosen_and_what_was_agreed_to_is_kept() -> None:
    DataRules.objects.create(version=3, state=RulesState.ADOPTED, text_de="…", defaults={"phone": "network"}, licence="ODbL-1.0")
    client = signed_in(person("anna"))
    assert "ODbL-1.0" in client.get(NEW).content.decode()
    enter(person("bert"), email="a@muehle.example", show_email="public", show_address="network")
    item = Organisation.objects.get()
    assert (item.visibility, item.licence) == ({"email": "public", "address": "network"}, "ODbL-1.0")
    entering = Entering.objects.get()
    assert (entering.licence, entering.rules_version) == ("ODbL-1.0", 3)


def test_html_and_huge_texts_are_refused_with_a_sentence() -> None:
    for said in ({"name": "<script>x</script>"}, {"description": "x" * 20_001}, {"place-0-street": "<i>Weg</i>"}):
        assert enter(person(f"p{len(str(said))}"), **said).status_code == 422
    assert not Organisation.objects.exists()


# ---------------------------------------------------------------------------------------------------------- at once or later


@pytest.mark.parametrize(
    ("caretaker", "invited", "known", "website", "verified", "why"),
    [
        (False, False, False, "", [], ""),
        (True, False, False, "", [], "caretaker"),
        (False, True, False, "", [], "invited"),
        (False, False, True, "", [], "known"),
        (False, False, False, "https://www.muehle.example/x", ["anna@muehle.example"], "domain"),
        (False, False, False, "https://muehle.example", ["anna@post.muehle.example"], ""),  # another host
        (False, False, False, "https://laden.muehle.example", ["anna@muehle.example"], ""),
        (False, False, False, "https://gmx.de", ["anna@gmx.de"], ""),  # anybody's
        (False, False, False, "https://facebook.com/muehle", ["anna@facebook.com"], ""),
        (False, False, False, "https://bäcker.example", ["anna@xn--bcker-gra.example"], "domain"),
        (False, False, False, "unsinn", ["unsinn"], ""),
    ],
)
def test_what_is_published_at_once(caretaker: bool, invited: bool, known: bool, website: str, verified: list[str], why: str) -> None:
    found = rules.goes_live(is_caretaker=caretaker, is_invited=invited, looks_after_published=known, website=website, verified=verified)
    assert found == why


def test_only_a_confirmed_address_at_the_domain_counts() -> None:
    anna = person("anna")
    mail = EmailAddress.objects.create(user=anna, email="anna@muehle.example", verified=False)
    enter(anna, website="https://muehle.example")
    assert Organisation.objects.get().state == State.DRAFT
    mail.verified = True
    mail.save()
    enter(anna, name="Zweite Mühle eG", website="https://muehle.example", **{"place-0-town": "Ulm"})
    assert Organisation.objects.get(name="Zweite Mühle eG").state == State.PUBLISHED


def test_who_looks_after_a_published_entry_is_known_a_member_or_owner_of_a_draft_is_not() -> None:
    for name, role, state, wanted in (
        ("Bürgerstrom", Role.EDITOR, State.PUBLISHED, State.PUBLISHED),
        ("Wohnhof", Role.MEMBER, State.PUBLISHED, State.DRAFT),
        ("Kesselhaus", Role.OWNER, State.DRAFT, State.DRAFT),
    ):
        someone = person(slug(name))
        looks_after(someone, organisation(f"Laden {len(name)}", state=state), role)
        enter(someone, name=name)
        assert Organisation.objects.get(name=name).state == wanted


# ------------------------------------------------------------------------------------------------------------ invitations


def test_caretakers_and_stewards_invite_others_do_not(client: Client) -> None:
    where = "/eintragen/einladen/"
    assert client.get(where).status_code == 302
    assert signed_in(person("fremd")).get(where).status_code == 403
    inside = person("ines")
    Caretaking.objects.create(person=inside, country="DE")
    assert signed_in(inside).get(where).status_code == 200


def test_a_link_is_good_for_one_entry(client: Client) -> None:
    house, anna, bert = person("haus", is_caretaker=True), person("anna"), person("bert")
    answer = signed_in(house).post("/eintragen/einladen/", {"email": "neu@muehle.example", "greeting": "Kommt dazu\r\nBcc: x@y.de"})
    assert answer.status_code == 200
    (letter,) = letters_to("neu@muehle.example")
    link = next(word for word in letter.body.split() if "/eintragen/?einladung=" in word)
    address = link[link.index("/eintragen/") :]
    assert enter(anna, address).status_code == 302
    item = Organisation.objects.get()
    assert (item.state, Entering.objects.get().invited_by) == (State.PUBLISHED, house)
    enter(bert, address, name="Ganz etwas anderes", **{"place-0-town": "Ulm"})
    assert Organisation.objects.get(name="Ganz etwas anderes").state == State.DRAFT


def test_a_link_made_up_or_of_somebody_who_lost_the_right_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ines = person("ines")
    area = Caretaking.objects.create(person=ines, country="DE")
    signed = queries.invitation_link_word(ines, "wort")
    assert queries.invitation(signed) is not None
    assert queries.invitation(signed + "x") is None
    assert queries.invitation("x" * 3000) is None
    area.delete()
    assert queries.invitation(signed) is None


def test_an_address_with_a_line_break_is_no_address() -> None:
    house = signed_in(person("haus", is_caretaker=True))
    answer = house.post("/eintragen/einladen/", {"email": "a@b.de\nBcc: c@d.de"})
    assert answer.status_code == 200 and not letters_to("a@b.de")
    assert b"aria-invalid" in answer.content


# -------------------------------------------------------------------------------------------------------------- once only


def test_the_same_form_sent_twice_makes_one_entry() -> None:
    client = signed_in(person("anna"))
    form = as_it_stands(client, NEW) | LEAST
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert Organisation.objects.count() == 1
    assert first["Location"] == second["Location"] == "/o/neue-muehle-eg/eingetragen/"


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_makes_one_entry() -> None:
    words()
    anna, made, start = person("anna"), [], threading.Barrier(2)

    def send() -> None:
        start.wait()
        try:
            made.append(actions.enter_organisation({"name": "Neue Mühle eG", "sector": "food"}, by=anna, token="einmal").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Organisation.objects.count() == Stewardship.objects.count() == 1
    assert len(made) == 2 and len(set(made)) == 1


def test_too_many_a_day_are_refused_on_the_form_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ENTRIES_A_DAY", 1)
    anna = person("anna")
    assert enter(anna).status_code == 302
    answer = enter(anna, name="Wohnhof am Deich", description="Getippt", **{"place-0-town": "Ulm"})
    assert answer.status_code == 409 and "Getippt" in answer.content.decode()
    assert Organisation.objects.count() == 1


# -------------------------------------------------------------------------------------------------------------- doubles


def test_a_similar_entry_is_shown_before_a_second_one_is_made() -> None:
    known = organisation("Neue Mühle eG", "Bremen", website="https://muehle.example")
    organisation("Geheime Neue Mühle eG", "Bremen", state=State.DRAFT)
    client = signed_in(person("anna"))
    answer = client.post(NEW, as_it_stands(client, NEW) | LEAST | {"website": "https://muehle.example", "description": "Getippt"})
    page = answer.content.decode()
    assert answer.status_code == 200 and Organisation.objects.count() == 2
    assert f"/o/{known.slug}/uebernehmen/" in page and "Getippt" in page
    assert "Geheime" not in page
    answer = client.post(NEW, fields(page) | {"not_these": str(known.pk), "consent": "on"})
    assert answer.status_code == 302
    assert Organisation.objects.count() == 3
    assert Pair.objects.filter(one=known, other__name="Neue Mühle eG").exists()


def test_who_answers_for_both_decides_that_they_differ() -> None:
    known = organisation("Neue Mühle eG", "Bremen")
    anna = person("anna")
    looks_after(anna, known)
    client = signed_in(anna)
    page = client.post(NEW, as_it_stands(client, NEW) | LEAST).content.decode()
    client.post(NEW, fields(page) | {"not_these": str(known.pk), "consent": "on"})
    assert Pair.objects.get().state == "different"


# ------------------------------------------------------------------------------------------------------------- the look


def test_the_caretakers_of_the_area_look_and_the_person_hears_of_it() -> None:
    anna, inside, outside = person("anna"), person("ines"), person("otto")
    Caretaking.objects.create(person=inside, country="DE", region="Bremen")
    Caretaking.objects.create(person=outside, country="AT")
    enter(anna)
    item = Organisation.objects.get()
    assert [list(queries.waiting_for_a_look(one)) for one in (anna, outside, inside)] == [[], [], [item]]
    assert list(queries.mine_waiting(anna)) == [item]
    look = f"/o/{item.slug}/sichten/"
    assert signed_in(outside).get(look).status_code == 404
    assert signed_in(anna).post(look, {"decision": "publish"}).status_code == 403
    client = signed_in(inside)
    page = client.get(look).content.decode()
    assert "Neue Mühle eG" in page and "anna@example.org" in page
    assert client.post(look, {"decision": "decline"}).status_code == 200  # without a reason
    assert client.post(look, {"decision": "publish"}).status_code == 302
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert Notice.objects.get(person=anna, kind="editing.looked_at").path == "/o/neue-muehle-eg/"
    assert not queries.waiting_for_a_look(inside).exists()
    assert client.post(look, {"decision": "publish"}).status_code == 403


def test_who_is_declined_reads_why() -> None:
    anna, house = person("anna"), person("haus", is_caretaker=True)
    enter(anna)
    item = Organisation.objects.get()
    signed_in(house).post(f"/o/{item.slug}/sichten/", {"decision": "decline", "reason": "Das gibt es schon."})
    item.refresh_from_db()
    assert item.state == State.ARCHIVED
    assert "Das gibt es schon." in Notice.objects.get(person=anna, kind="editing.looked_at").text
