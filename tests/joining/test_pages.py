"""The doors: joining for everybody, the desk for offices, and what hostile input does there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from allmende.constitution.models import Cooperative, OfficeKind
from allmende.directory.models import Role
from allmende.joining import actions
from allmende.joining.models import Application
from allmende.members.models import Membership
from allmende.people.models import Person
from tests import coops
from tests.joining.conftest import IBAN, NAME, declared, legal, named, renewed, signed_in
from tests.suggestions.conftest import steward_of

AT = "/genossenschaft/gartenwerk-eg/"
WHO = {
    "given_name": "Anna", "family_name": NAME, "street": "Quittenweg 7", "postcode": "07743", "town": "Jena", "country": "Deutschland",
    "email": "quitte@joining.example",
}  # fmt: skip


def walk_to_the_end(client: Client, werk: Cooperative, **what: Any) -> Any:
    """From the first page to the declaration."""
    assert client.post(AT + "beitreten/angaben/", WHO).status_code == 302
    assert client.post(AT + "beitreten/anteile/", {"shares": "1", **what}).status_code == 302
    form = client.get(AT + "beitreten/pruefen/").context["form"]
    sent = {"seen": form.initial["seen"], "shown_at": form.stamp(), "information": "on"}
    sent |= {f"duty_{duty.key}": "on" for duty in form.duties}
    return client.post(AT + "beitreten/pruefen/", sent, follow=True)


def test_a_guest_joins_without_an_account(werk: Cooperative) -> None:
    page = walk_to_the_end(Client(), werk, iban="de89 3704 0044 0532 0130 00")
    one = Application.objects.get()
    assert page.redirect_chain[-1][0] == f"{AT}beitreten/antrag/{one.token}/"
    assert (one.name, one.iban, one.holder, one.country) == (f"{NAME}, Anna", IBAN, f"Anna {NAME}", "DE")
    assert "no-store" in page.headers["Cache-Control"]


def test_whoever_clicks_twice_sees_the_one_declaration(werk: Cooperative) -> None:
    client = Client()
    walk_to_the_end(client, werk)
    again = client.post(AT + "beitreten/pruefen/", {"seen": "x"})
    assert again.headers["Location"] == f"{AT}beitreten/antrag/{Application.objects.get().token}/"
    assert client.get(AT + "beitreten/pruefen/").headers["Location"].endswith("/angaben/")


def test_the_link_of_an_admitted_declaration_ends_some_day(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    actions.admit(one, admitted_on=localdate(), by=board)
    page = f"{AT}beitreten/antrag/{one.token}/"
    assert Client().get(page).status_code == 200
    Application.objects.update(decided_at=timezone.now() - timedelta(days=91))
    assert Client().get(page).status_code == 404


def test_whoever_represents_a_member_may_join_as_a_person(werk: Cooperative, board: Person) -> None:
    otto = coops.person("otto")
    actions.admit(declared(werk, legal(), by=otto), admitted_on=localdate(), by=board)
    assert actions.admit(declared(werk, by=otto), admitted_on=localdate(), by=board).number == 2


def test_in_english_the_german_text_binds(werk: Cooperative) -> None:
    client = Client()
    client.post("/en" + AT + "beitreten/angaben/", WHO)
    client.post("/en" + AT + "beitreten/anteile/", {"shares": "1"})
    page = client.get("/en" + AT + "beitreten/pruefen/").content.decode()
    assert "The German text binds" in page
    assert "Das Mitglied erklärt unbedingt seinen Beitritt" in page


def test_nothing_is_ticked_beforehand_and_every_duty_is_a_box_of_its_own(werk: Cooperative) -> None:
    renewed(werk, notice_months=24, liability="limited", liability_cents=300_00)
    client = Client()
    client.post(AT + "beitreten/angaben/", WHO)
    client.post(AT + "beitreten/anteile/", {"shares": "1"})
    page = client.get(AT + "beitreten/pruefen/")
    said = page.content.decode()
    assert [duty.key for duty in page.context["form"].duties] == ["payment", "liability", "notice"]
    assert said.count('type="checkbox"') == 4
    assert " checked" not in said


def test_what_was_typed_stays_between_the_steps(werk: Cooperative) -> None:
    client = Client()
    client.post(AT + "beitreten/angaben/", WHO)
    client.post(AT + "beitreten/anteile/", {"shares": "3", "note": "Hallo"})
    assert NAME in client.get(AT + "beitreten/angaben/").content.decode()
    assert 'value="3"' in client.get(AT + "beitreten/anteile/").content.decode()
    client.post(AT + "beitreten/verwerfen/")
    assert client.get(AT + "beitreten/anteile/").status_code == 302
    assert NAME not in client.get(AT + "beitreten/angaben/").content.decode()


def test_a_form_with_a_fault_keeps_what_was_typed(werk: Cooperative) -> None:
    client = Client()
    page = client.post(AT + "beitreten/angaben/", {**WHO, "postcode": ""}).content.decode()
    assert NAME in page
    client.post(AT + "beitreten/angaben/", WHO)
    page = client.post(AT + "beitreten/anteile/", {"shares": "2", "iban": IBAN[:-1]}).content.decode()
    assert IBAN[:-1] in page
    assert "21" in page


def test_steps_cannot_be_skipped(werk: Cooperative) -> None:
    client = Client()
    assert client.get(AT + "beitreten/pruefen/").headers["Location"].endswith("/angaben/")
    client.post(AT + "beitreten/angaben/", WHO)
    assert client.get(AT + "beitreten/pruefen/").headers["Location"].endswith("/anteile/")


def test_a_statute_changed_meanwhile_is_read_again(werk: Cooperative) -> None:
    client = Client()
    client.post(AT + "beitreten/angaben/", WHO)
    client.post(AT + "beitreten/anteile/", {"shares": "1"})
    form = client.get(AT + "beitreten/pruefen/").context["form"]
    renewed(werk, share_cents=300_00, paid_in_cents=300_00)
    sent = {"seen": form.initial["seen"], "shown_at": form.stamp(), "information": "on", "duty_payment": "on"}
    page = client.post(AT + "beitreten/pruefen/", sent)
    assert page.context["changed"]
    assert "300,00" in page.content.decode()
    assert " checked" not in page.content.decode()
    assert not Application.objects.exists()


def test_a_signature_is_asked_for_by_a_document_and_nothing_is_stored(werk: Cooperative) -> None:
    renewed(werk, joining_form="written")
    client = Client()
    client.post(AT + "beitreten/angaben/", WHO)
    client.post(AT + "beitreten/anteile/", {"shares": "1"})
    answer = client.post(AT + "beitreten/pruefen/", {"seen": "x"})
    assert answer.content[:5] == b"%PDF-"
    assert not Application.objects.exists()


def test_where_one_cannot_join_there_is_no_page(werk: Cooperative) -> None:
    Cooperative.objects.update(is_joinable=False)
    for page in ("", "angaben/", "anteile/", "pruefen/", "einbetten/"):
        assert Client().get(f"{AT}beitreten/{page}").status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"family_name": "<script>alert(1)</script>"},
        {"family_name": "x" * 121},
        {"family_name": "siehe https://werbung.example"},
        {"email": "kein"},
        {"email": "a@b.example\nBcc: c@d.example"},
        {"country": "Atlantis"},
        {"town": ""},
    ],
)
def test_hostile_particulars_are_refused_with_a_sentence(werk: Cooperative, said: dict[str, str]) -> None:
    page = Client().post(AT + "beitreten/angaben/", WHO | said)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("shares", ["0", "-1", "1.5", "1e3", "99999999999999999999", "", "zwei", "٣" * 30])
def test_odd_numbers_of_shares_are_refused(werk: Cooperative, shares: str) -> None:
    client = Client()
    client.post(AT + "beitreten/angaben/", WHO)
    page = client.post(AT + "beitreten/anteile/", {"shares": shares})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_machines_and_stale_forms_are_refused(werk: Cooperative) -> None:
    client = Client()
    client.post(AT + "beitreten/angaben/", WHO)
    client.post(AT + "beitreten/anteile/", {"shares": "1"})
    form = client.get(AT + "beitreten/pruefen/").context["form"]
    sent = {"seen": form.initial["seen"], "shown_at": form.stamp(), "information": "on", "duty_payment": "on"}
    for wrong in ({"homepage": "https://x.example"}, {"shown_at": "gefälscht"}):
        client.post(AT + "beitreten/pruefen/", sent | wrong)
    assert not Application.objects.exists()


def test_the_applicant_sees_answers_and_withdraws_by_the_link_alone(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    page = f"{AT}beitreten/antrag/{one.token}/"
    assert NAME in Client().get(page).content.decode()
    assert Client().get(page + "erklaerung.pdf").content[:5] == b"%PDF-"
    gone = Client().get(f"{AT}beitreten/antrag/falsch/")
    assert gone.status_code == 404
    assert NAME not in gone.content.decode()
    actions.ask(one, "Wo?", by=board)
    assert Client().post(page, {"answer": ""}).status_code == 200
    assert Client().post(page, {"answer": "Hier"}).status_code == 302
    assert Client().get(page + "zuruecknehmen/").status_code == 405
    assert Client().post(page + "zuruecknehmen/").status_code == 302
    assert not Application.objects.exists()
    assert Client().post(page + "zuruecknehmen/", follow=True).status_code == 404


def test_the_link_of_one_cooperative_opens_nothing_at_another(werk: Cooperative) -> None:
    coops.cooperative("Andere eG")
    assert Client().get(f"/genossenschaft/andere-eg/beitreten/antrag/{declared(werk).token}/").status_code == 404


# ----------------------------------------------------------------------------------------------------------------- the desk


def test_the_desk_is_for_offices_alone(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    pages = [f"{AT}antraege/", f"{AT}antraege/{one.uuid}/", f"{AT}antraege/{one.uuid}/erklaerung.pdf", f"{AT}antraege/papier/"]
    care = Person.objects.create_user("care@coops.example", name="Care", is_caretaker=True)
    steward = steward_of(werk.organisation, role=Role.OWNER)
    member = coops.member(werk, board, person=coops.person("otto")).person
    foreign = coops.office(coops.cooperative("Andere eG"))
    bookkeeper = coops.office(werk, OfficeKind.BOOKKEEPING)
    for page in pages:
        assert Client().get(page).status_code == 302
        for somebody in (care, steward, member, foreign, bookkeeper):
            assert signed_in(somebody).get(page).status_code == 404, (page, somebody)  # type: ignore[arg-type]
        seen = signed_in(board).get(page)
        assert seen.status_code == 200
        assert "no-store" in seen.headers["Cache-Control"]
    reader = signed_in(coops.office(werk, OfficeKind.SUPERVISORY))
    assert [reader.get(page).status_code for page in pages] == [200, 200, 200, 404]
    assert "Zulassen und eintragen" not in reader.get(pages[1]).content.decode()


def test_nobody_else_decides_by_the_addresses(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    stranger = signed_in(coops.person("fremd"))
    for deed in ("zulassen", "ablehnen", "nachfragen"):
        assert stranger.post(f"{AT}antraege/{one.uuid}/{deed}/", {"reason": "other"}).status_code == 404
        assert signed_in(board).get(f"{AT}antraege/{one.uuid}/{deed}/").status_code == 405
    assert stranger.post(f"{AT}antraege/zulassen/", {"antrag": str(one.uuid)}).status_code == 404
    assert Application.objects.get().state == "declared"


def test_the_board_admits_with_a_click_and_a_second_click_is_harmless(werk: Cooperative, board: Person) -> None:
    one, client = declared(werk), signed_in(board)
    sent = {"admitted_on": localdate().isoformat(), "basis": ""}
    assert client.post(f"{AT}antraege/{one.uuid}/zulassen/", {"admitted_on": "morgen"}).status_code == 400
    for _click in range(2):
        assert client.post(f"{AT}antraege/{one.uuid}/zulassen/", sent).status_code == 302
    assert Membership.objects.count() == 1


def test_the_board_admits_many_and_refuses_one(werk: Cooperative, board: Person) -> None:
    ones, client = [declared(werk, named(family_name=f"M{n}")) for n in range(3)], signed_in(board)
    client.post(
        f"{AT}antraege/zulassen/", {"admitted_on": localdate().isoformat(), "antrag": ["kein", str(ones[0].uuid), str(ones[1].uuid)]}
    )
    assert Membership.objects.count() == 2
    assert client.post(f"{AT}antraege/{ones[2].uuid}/ablehnen/", {"reason": ""}).status_code == 400
    assert client.post(f"{AT}antraege/{ones[2].uuid}/ablehnen/", {"reason": "size"}).status_code == 302
    assert client.get(f"{AT}antraege/{ones[2].uuid}/").status_code == 404


def test_paper_is_entered_on_a_page(werk: Cooperative, board: Person) -> None:
    client = signed_in(board)
    key = client.get(f"{AT}antraege/papier/").context["when"].initial["key"]
    sent = {**WHO, "email": "", "shares": "1", "kind": "ordinary", "received_on": "2026-01-05", "language": "de", "key": str(key)}
    for _click in range(2):
        assert client.post(f"{AT}antraege/papier/", sent).status_code == 302
    assert Application.objects.get().is_paper
    assert client.post(f"{AT}antraege/papier/", sent | {"received_on": "2100-01-01", "shares": "0"}).status_code == 200


def test_a_name_with_markup_is_shown_as_a_name(werk: Cooperative, board: Person) -> None:
    one = declared(werk, named(family_name="<img src=x onerror=alert(1)>"))
    for page in (f"{AT}antraege/", f"{AT}antraege/{one.uuid}/", f"{AT}"):
        assert "<img src=x" not in signed_in(board).get(page).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_same_for_one_and_for_many(
    werk: Cooperative, board: Person, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    group = coops.group(werk)
    for number in range(rows):
        declared(werk, named(family_name=f"M{number}"), group=group)
    client = signed_in(board)
    client.get(f"{AT}antraege/")
    with django_assert_max_num_queries(DESK_QUERIES):
        client.get(f"{AT}antraege/")


DESK_QUERIES = 32  # with the frame of the page and the panels of other rooms in it


# -------------------------------------------------------------------------------------------------------------- elsewhere


def test_the_piece_for_other_websites_stands_in_frames_only_when_allowed(werk: Cooperative) -> None:
    assert Client().get(AT + "beitreten/einbetten/").status_code == 404
    Cooperative.objects.update(is_embeddable=True)
    page = Client().get(AT + "beitreten/einbetten/")
    assert page.status_code == 200
    assert "X-Frame-Options" not in page.headers
    assert "<form" not in page.content.decode()  # nothing is declared in a frame
    assert Client().get(AT + "beitreten/").headers["X-Frame-Options"] == "DENY"


def test_the_entry_and_the_overview_lead_to_joining(werk: Cooperative, board: Person) -> None:
    join = f'href="{AT}beitreten/"'
    assert join in Client().get("/o/gartenwerk-eg/").content.decode()
    assert join in Client().get(AT).content.decode()
    declared(werk)
    overview = signed_in(board).get(AT).content.decode()
    assert NAME in overview
    assert NAME not in Client().get(AT).content.decode()
    assert f'href="{AT}antraege/"' in signed_in(board).get("/mein/").content.decode()
    Cooperative.objects.update(is_joinable=False)
    assert join not in Client().get("/o/gartenwerk-eg/").content.decode()
