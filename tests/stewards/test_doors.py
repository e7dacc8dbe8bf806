"""Every door of this room, the no first: guest, stranger, member, foreign steward, editor, owner, caretakers near and far."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.directory.models import Organisation, State
from allmende.ground.outbox import letters_to
from allmende.people.models import Person
from allmende.stewards import actions
from allmende.stewards.models import Claim, Invitation
from tests.people.ways import person, sign_in
from tests.stewards.cast import caretaker, claim_by_mail, coop, held, keeper, path_in_letter, role

pytestmark = pytest.mark.django_db

CAST = ("guest", "stranger", "foreign", "member", "editor", "owner", "far", "near", "house")


def cast(item: Organisation) -> dict[str, Person | None]:
    keeper(item, "zweite")  # a second owner, so that the first is not the last
    return {
        "guest": None,
        "stranger": person("fremd@example.org"),
        "foreign": keeper(coop("Andere eG"), "otto"),
        "member": keeper(item, "mia", "member"),
        "editor": keeper(item, "edda", "editor"),
        "owner": keeper(item, "olga"),
        "far": caretaker("hanna", "Hessen"),
        "near": caretaker("lea", "Bayern"),
        "house": caretaker(),
    }


def client_of(who: Person | None) -> Client:
    return sign_in(Client(), who) if who else Client()


DOORS: list[tuple[str, str, dict[str, str] | None, dict[str, int]]] = [
    ("claim", "/o/hofladen-eg/uebernehmen/", None, {"guest": 200, "stranger": 200, "foreign": 200, "member": 200, "far": 200}),
    ("team", "/o/hofladen-eg/team/", None, {"member": 200, "editor": 200, "owner": 200, "near": 200, "house": 200}),
    ("invite", "/o/hofladen-eg/team/einladen/", None, {"owner": 200, "near": 200, "house": 200}),
    ("invite, sent", "/o/hofladen-eg/team/einladen/", {"email": "i@ex.org", "role": "editor"}, {"owner": 302, "near": 302, "house": 302}),
    ("member", "/o/hofladen-eg/team/{edda}/", None, {"owner": 200, "near": 200, "house": 200}),
    ("member, sent", "/o/hofladen-eg/team/{edda}/", {"what": "role", "role": "member"}, {"owner": 302, "near": 302, "house": 302}),
    ("leave", "/o/hofladen-eg/team/verlassen/", None, {"member": 200, "editor": 200, "owner": 200, "near": 409, "house": 409}),
    ("leave, sent", "/o/hofladen-eg/team/verlassen/", {"a": ""}, {"member": 302, "editor": 302, "owner": 302, "near": 409, "house": 409}),
    ("decide", "/anfrage/{claim}/", None, {"owner": 200, "near": 200, "house": 200}),
    ("decide, sent", "/anfrage/{claim}/", {"answer": "no", "reason": "Nein"}, {"owner": 302, "near": 302, "house": 302}),
    ("invitation again", "/o/hofladen-eg/team/einladung/{invitation}/", {"what": "again"}, {"owner": 302, "near": 302, "house": 302}),
    ("invitation back", "/o/hofladen-eg/team/einladung/{invitation}/", {"what": "withdraw"}, {"owner": 302, "near": 302, "house": 302}),
]  # fmt: skip


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("door", DOORS, ids=[door[0] for door in DOORS])
def test_every_door_opens_for_some_and_is_not_there_for_the_others(door: tuple[str, str, Any, dict[str, int]], who: str) -> None:
    name, path, data, opened = door
    item = coop()
    people = cast(item)
    claim = actions.open_claim(item, by=person("wartet@example.org"), proof="granted", message="ich")
    olga = people["owner"]
    assert olga is not None
    invitation = actions.invite_person(item, "noch@example.org", role="editor", by=olga)
    edda = people["editor"]
    assert edda is not None
    path = path.format(edda=held(item, edda).pk, claim=claim.uuid, invitation=invitation.pk)
    client = client_of(people[who])
    answer = client.post(path, data) if data else client.get(path)
    if name == "claim" and who in {"editor", "owner"}:
        assert (answer.status_code, answer.url) == (302, "/o/hofladen-eg/team/")  # type: ignore[attr-defined]
    elif who == "guest" and name != "claim":
        assert answer.status_code == 302 and answer.url.startswith("/konto/anmelden/")  # type: ignore[attr-defined]
    elif name == "claim":
        assert answer.status_code == 200
    else:
        assert answer.status_code == opened.get(who, 404), (name, who)


@pytest.mark.parametrize("path", ["uebernehmen/", "team/", "team/einladen/", "team/verlassen/", "team/1/"])
@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_what_is_not_public_is_not_there_for_strangers(path: str, state: State) -> None:
    coop(state=state)
    assert client_of(person()).get(f"/o/hofladen-eg/{path}").status_code == 404


def test_guests_get_no_cookie_and_no_form_on_the_page_of_ways_and_sign_in_to_send() -> None:
    coop()
    answer = Client().get("/o/hofladen-eg/uebernehmen/")
    assert answer.status_code == 200 and not answer.cookies and b'name="way"' not in answer.content
    sent = Client().post("/o/hofladen-eg/uebernehmen/", {"way": "granted", "granted-message": "ich"})
    assert sent.status_code == 302 and not Claim.objects.exists()


def test_an_entry_that_was_merged_leads_to_the_other_one() -> None:
    into = coop("Bleibt eG")
    coop("Geht eG", state=State.MERGED, merged_into=into)
    assert client_of(person()).get("/o/geht-eg/uebernehmen/").headers["Location"] == "/o/bleibt-eg/uebernehmen/"


# ----------------------------------------------------------------------------------------------------------- whole ways


def test_from_the_button_on_the_page_to_looking_after_it(client: Client) -> None:
    item, anna = coop(), person()
    page = client.get("/o/hofladen-eg/").content.decode()
    assert '/o/hofladen-eg/uebernehmen/"' in page
    sign_in(client, anna)
    sent = client.post("/o/hofladen-eg/uebernehmen/", {"way": "domain", "domain-address": "anna@hofladen.example"}, follow=True)
    assert "anna@hofladen.example" in sent.content.decode()
    path = path_in_letter("anna@hofladen.example", "uebernehmen/")
    assert client.get(path).status_code == 200 and role(item, anna) == ""  # a look, as mail scanners take, changes nothing
    done = client.post(path, follow=True)
    assert done.redirect_chain == [("/o/hofladen-eg/", 302)] and role(item, anna) == "owner"
    assert client.post(path).status_code == 409
    assert client.get(path).status_code == 409


def test_a_link_opened_by_a_guest_asks_to_sign_in_and_comes_back(client: Client) -> None:
    claim_by_mail(coop(), person())
    path = path_in_letter("anna@hofladen.example", "uebernehmen/")
    assert client.get(path).headers["Location"] == f"/konto/anmelden/?next={path}"
    assert sign_in(client, person("fremd@example.org")).get(path).status_code == 403


def test_pages_behind_secret_links_are_kept_nowhere(client: Client) -> None:
    item = coop()
    actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    answer = client.get(path_in_letter("ida@example.org", "einladung/"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["Referrer-Policy"] == "same-origin"


def test_a_confirmed_address_at_the_domain_is_one_click(client: Client) -> None:
    item, anna = coop(), person("anna@hofladen.example")
    sign_in(client, anna)
    assert "Your confirmed address" in client.get("/en/o/hofladen-eg/uebernehmen/").content.decode()
    client.post("/en/o/hofladen-eg/uebernehmen/", {"way": "domain", "domain-address": "anna@hofladen.example"})
    assert role(item, anna) == "owner"


@pytest.mark.parametrize(("data", "status"), [
    ({"way": "domain", "domain-address": "anna@gmx.de"}, 422), ({"way": "domain", "domain-address": "kein"}, 422),
    ({"way": "domain"}, 422), ({"way": "granted", "granted-message": " "}, 422), ({"way": "vouched"}, 422),
    ({"way": "granted", "granted-message": "x" * 1_001}, 422), ({"way": "invited"}, 404), ({}, 404),
])  # fmt: skip
def test_what_cannot_be_is_said_at_the_form_and_changes_nothing(client: Client, data: dict[str, str], status: int) -> None:
    coop()
    answer = sign_in(client, person()).post("/o/hofladen-eg/uebernehmen/", data)
    assert answer.status_code == status and not Claim.objects.exists()
    if status == 422:
        assert 'role="alert"' in answer.content.decode()


def test_a_form_sent_twice_makes_one_claim(client: Client) -> None:
    coop()
    sign_in(client, person())
    for _ in range(2):
        answer = client.post("/o/hofladen-eg/uebernehmen/", {"way": "granted", "granted-message": "Vorstand"})
        assert answer.status_code == 302
    other = client.post("/o/hofladen-eg/uebernehmen/", {"way": "vouched", "vouched-message": "Vorstand"}, follow=True)
    assert "Withdraw it first" in other.content.decode() or "Zieh" in other.content.decode()
    assert Claim.objects.count() == 1
    client.post("/o/hofladen-eg/uebernehmen/aendern/", {"what": "withdraw"})
    assert Claim.objects.get().state == "withdrawn"
    assert client.post("/o/hofladen-eg/uebernehmen/aendern/", {"what": "withdraw"}).status_code == 409


def test_vouching_by_the_link(client: Client) -> None:
    item, home, anna = coop(), coop("Erste eG"), person(name="Anna")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="Ich arbeite dort")
    path = f"/buergschaft/{claim.uuid}/"
    assert client.get(path).headers["Location"] == f"/konto/anmelden/?next={path}"
    assert 'name="why"' not in sign_in(client, person("fremd@example.org")).get(path).content.decode()
    assert client.post(path, {"organisation": home.pk, "why": "ja"}).status_code == 422
    assert "anna@example.org" not in client.get(path).content.decode()
    uwe = keeper(home, "uwe")
    assert sign_in(client, uwe).post(path, {"organisation": home.pk, "why": "Kenne sie"}).status_code == 302
    assert client.post(path, {"organisation": home.pk, "why": "Kenne sie"}).status_code == 422
    assert claim.vouches.count() == 1
    assert client.get("/buergschaft/00000000-0000-4000-8000-000000000000/").status_code == 404
    other = actions.open_claim(coop("Dritte eG"), by=anna, proof="granted", message="ich")
    assert client.get(f"/buergschaft/{other.uuid}/").status_code == 404


def test_a_decision_needs_a_reason_for_no_and_shows_what_was_decided(client: Client) -> None:
    item, anna = coop(), person()
    claim = actions.open_claim(item, by=anna, proof="granted", message="<script>alert(1)</script>")
    sign_in(client, caretaker())
    assert b"<script>alert" not in client.get(f"/anfrage/{claim.uuid}/").content
    assert client.post(f"/anfrage/{claim.uuid}/", {"answer": "no"}).status_code == 422
    assert client.post(f"/anfrage/{claim.uuid}/", {}).status_code == 422
    assert client.post(f"/anfrage/{claim.uuid}/", {"answer": "yes"}).status_code == 302
    assert role(item, anna) == "owner"
    assert client.post(f"/anfrage/{claim.uuid}/", {"answer": "no", "reason": "doch nicht"}).status_code == 409
    assert client.get(f"/anfrage/{claim.uuid}/").status_code == 200


def test_an_invitation_from_the_letter_to_the_team(client: Client) -> None:
    item = coop()
    actions.invite_person(item, "ida@example.org", role="editor", message="<b>Komm</b>", by=keeper(item, "olga"))
    path = path_in_letter("ida@example.org", "einladung/").removeprefix("/en")
    page = client.get(path).content.decode()
    assert f"?next={path}" in page and "<b>Komm" not in page and "olga@example.org" not in page
    assert client.post(path, {"what": "accept"}).headers["Location"].startswith("/konto/anmelden/")
    ida = person("ida@example.org")
    assert sign_in(client, ida).post(path, {"what": "accept"}).headers["Location"] == "/o/hofladen-eg/team/"
    assert role(item, ida) == "editor"
    assert [client.get(path).status_code, client.post(path, {"what": "accept"}).status_code] == [409, 409]


def test_declining_needs_no_account(client: Client) -> None:
    item = coop()
    actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    client.post(path_in_letter("ida@example.org", "einladung/"), {"what": "decline"})
    assert list(Invitation.objects.values_list("state", "email")) == [("declined", "")]


@pytest.mark.parametrize("word", ["x", "0" * 300, "%F0%9F%8C%B1"])
def test_links_nobody_wrote_say_so(client: Client, word: str) -> None:
    assert client.get(f"/einladung/{word}/").status_code == 409
    assert sign_in(client, person()).get(f"/uebernehmen/{word}/").status_code == 409


def test_an_invitation_waits_in_my_area_and_only_there(client: Client) -> None:
    item, ida = coop(), person("ida@example.org")
    invitation = actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    path = f"/mein/einladung/{invitation.pk}/"
    assert client.get(path).status_code == 302
    assert sign_in(client, person("fremd@example.org")).get(path).status_code == 404
    assert client.post(path, {"what": "accept"}).status_code == 404
    assert path in sign_in(client, ida).get("/mein/").content.decode()
    assert client.post(path, {"what": "accept"}).status_code == 302 and role(item, ida) == "editor"


def test_changing_handing_over_and_ending_by_the_pages(client: Client) -> None:
    item = coop()
    olga, edda = keeper(item, "olga"), keeper(item, "edda", "editor")
    sign_in(client, olga)
    path = f"/o/hofladen-eg/team/{held(item, edda).pk}/"
    assert client.post(path, {"what": "role", "role": "king"}).status_code == 422
    client.post(path, {"what": "hand_over"})
    assert (role(item, olga), role(item, edda)) == ("editor", "owner")
    assert client.post(path, {"what": "hand_over"}).status_code == 404  # no longer the one who leads
    sign_in(client, caretaker())
    assert client.post(path, {"what": "end", "reason": "Nein"}).status_code == 422  # the last owner: the name must be typed
    assert client.post(path, {"what": "end", "reason": "Nein", "name": "Hofladen"}).status_code == 422
    assert client.post(path, {"what": "end", "reason": "Nein", "name": " hofladen  EG "}).status_code == 302
    assert role(item, edda) == ""
    assert client.get(path).status_code == 404


def test_the_last_owner_types_the_name_to_leave_without_a_successor(client: Client) -> None:
    item = coop()
    olga = keeper(item, "olga")
    sign_in(client, olga)
    own = f"/o/hofladen-eg/team/{held(item, olga).pk}/"
    client.post(own, {"what": "role", "role": "editor"})
    assert role(item, olga) == "owner"
    assert client.post("/o/hofladen-eg/team/verlassen/", {"what": "leave"}).status_code == 422
    assert client.post("/o/hofladen-eg/team/verlassen/", {"name": "falsch"}).status_code == 422
    assert client.post("/o/hofladen-eg/team/verlassen/", {"name": "Hofladen eG"}).status_code == 302
    assert role(item, olga) == ""


def test_too_many_tries_are_slowed_down(client: Client) -> None:
    coop()
    sign_in(client, person())
    codes = [client.post("/o/hofladen-eg/uebernehmen/", {"way": "domain", "domain-address": "x@gmx.de"}).status_code for _ in range(14)]
    assert codes[:12] == [422] * 12 and codes[-1] == 429


# ------------------------------------------------------------------------------------------------ what pages give away


def test_no_public_page_names_who_looks_after_an_entry(client: Client) -> None:
    item = coop()
    keeper(item, "olga")
    pages = [client.get(path).content.decode() for path in ("/o/hofladen-eg/", "/o/hofladen-eg/uebernehmen/", "/en/o/hofladen-eg/")]
    pages.append(sign_in(client, person("fremd@example.org")).get("/o/hofladen-eg/").content.decode())
    assert all("Olga" not in page and "olga@" not in page for page in pages)
    assert "1 person" in pages[2] and "granted by network management" in pages[2]


def test_the_team_sees_names_and_nobodys_address(client: Client) -> None:
    item = coop()
    olga = keeper(item, "olga")
    nameless = person("namenlos@example.org")
    actions.grant(item, nameless, role="editor", proof="invited")
    actions.invite_person(item, "ida@example.org", role="editor", by=olga)
    edda = keeper(item, "edda", "editor")
    page = sign_in(client, edda).get("/o/hofladen-eg/team/").content.decode()
    assert "Olga" in page and "olga@example.org" not in page and "namenlos@example.org" not in page and "ida@example.org" not in page
    assert "ida@example.org" in sign_in(client, olga).get("/o/hofladen-eg/team/").content.decode()


def test_hidden_domains_stand_on_no_page(client: Client) -> None:
    coop(website="https://geheim.example", email="post@noch.example", visibility={"website": "stewards"})
    page = sign_in(client, person()).get("/o/hofladen-eg/uebernehmen/").content.decode()
    assert "geheim.example" not in page and "noch.example" not in page and 'name="domain-address"' in page
    answer = client.post("/o/hofladen-eg/uebernehmen/", {"way": "domain", "domain-address": "x@raten.example"}, follow=True)
    assert answer.status_code == 200 and not letters_to("x@raten.example")


def test_platforms_close_the_way_by_mail(client: Client) -> None:
    coop(website="https://hofladen.wordpress.com", email="hofladen@gmx.de")
    assert 'name="domain-address"' not in sign_in(client, person()).get("/o/hofladen-eg/uebernehmen/").content.decode()


def test_the_button_under_the_title_fits_the_viewer(client: Client) -> None:
    item = coop()
    anna = person()
    assert "Is this entry yours?" in client.get("/en/o/hofladen-eg/").content.decode()
    claim_by_mail(item, anna)
    assert "Your claim" in sign_in(client, anna).get("/en/o/hofladen-eg/").content.decode()
    olga = keeper(item, "olga")
    page = Client().get("/en/o/hofladen-eg/").content.decode()
    assert "Is this entry yours?" not in page and "Join in" in page
    assert "/en/o/hofladen-eg/team/" in sign_in(client, olga).get("/en/o/hofladen-eg/").content.decode()


def test_my_area_shows_entries_claims_and_what_waits(client: Client) -> None:
    olga, anna = keeper(coop(), "olga"), person(name="Anna")
    assert "You do not look after an entry yet." in sign_in(client, anna).get("/en/mein/").content.decode()
    actions.open_claim(coop(slug="hofladen-eg-2"), by=anna, proof="vouched", message="ich")
    mine = client.get("/en/mein/").content.decode()
    assert "your claim is open" in mine and "0 of 2 have vouched" in mine
    item = Organisation.objects.get(slug="hofladen-eg")
    waiting = actions.open_claim(item, by=anna, proof="granted", message="ich")
    page = sign_in(client, olga).get("/en/mein/").content.decode()
    assert f"/en/anfrage/{waiting.uuid}/" in page and "/en/o/hofladen-eg/team/" in page


# -------------------------------------------------------------------------------------------------------------- counting


def count(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_team_of_three_asks_as_often_as_a_team_of_one(client: Client) -> None:
    item = coop()
    olga = keeper(item, "olga")
    actions.invite_person(item, "i0@example.org", role="editor", by=olga)
    actions.open_claim(item, by=person("c0@example.org"), proof="granted", message="ich")
    sign_in(client, olga)
    alone = count(client, "/o/hofladen-eg/team/")
    for number in (1, 2):
        keeper(item, f"e{number}", "editor")
        actions.invite_person(item, f"i{number}@example.org", role="editor", by=olga)
        actions.open_claim(item, by=person(f"c{number}@example.org"), proof="granted", message="ich")
    assert count(client, "/o/hofladen-eg/team/") == alone


def test_what_waits_and_what_is_mine_ask_the_same_for_one_and_three() -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from allmende.stewards import panels

    olga = person("olga@example.org")
    request = RequestFactory().get("/mein/")
    request.user = AnonymousUser()

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            panels.waiting(request, olga)
        return len(seen)

    def more(number: int) -> None:
        item, other = coop(f"Hof {number}"), coop(f"Fremd {number}")
        actions.grant(item, olga, role="owner", proof="founded")
        actions.open_claim(item, by=person(f"c{number}@example.org"), proof="granted", message="ich")
        actions.open_claim(other, by=olga, proof="vouched", message="ich")
        actions.invite_person(other, "olga@example.org", role="editor", by=keeper(other, f"k{number}"))

    more(1)
    first = asked()
    more(2)
    more(3)
    assert (asked(), first) == (5, 5)
