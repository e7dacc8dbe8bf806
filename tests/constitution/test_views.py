"""The doors: who comes in, what stands there, what is sent in, what nobody gets to see."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution import actions, choices, panels
from allmende.constitution.models import Cooperative, Office, Statute, StatuteState
from allmende.directory.models import Proof, Role, State, Stewardship
from allmende.people.models import Person
from tests import cast, coops
from tests.constitution.test_statutes import pdf

pytestmark = pytest.mark.django_db
BOARD_PAGES = ("statute_edit", "settings", "give_office", "draft_document")
POSTS = ("statute_begin", "statute_discard", "statute_adopt")


@pytest.fixture
def cooperative() -> Cooperative:
    return coops.cooperative()


@pytest.fixture
def board(cooperative: Cooperative) -> Person:
    return coops.office(cooperative)


def at(name: str, cooperative: Cooperative, *args: Any) -> str:
    """The address of a page."""
    return reverse(f"constitution:{name}", args=[cooperative.organisation.slug, *args])


def client_of(who: Person | None) -> Client:
    """A browser of somebody."""
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def step_data(step: str, draft: Statute, **changed: Any) -> dict[str, Any]:
    """A step as it is sent when nothing but this is changed."""
    data: dict[str, Any] = {}
    for one in choices.BY_KEY[step].choices:
        value = getattr(draft, one.name)
        if one.kind == "yes":
            data |= {one.name: "on"} if value else {}
        elif one.kind in {"euros", "percent"}:
            data[one.name] = str((value or 0) / (100 if one.kind == "euros" else 10))
        else:
            data[one.name] = "" if value is None else str(value)
    return {**data, **changed}


def others(cooperative: Cooperative) -> list[Person | None]:
    """Everybody who is not on the board."""
    steward = coops.person("pflegt")
    Stewardship.objects.create(
        person=steward, organisation=cooperative.organisation, role=Role.OWNER, proof=Proof.GRANTED, since=timezone.now()
    )
    caretaker = Person.objects.create_user("haus@coops.example", is_caretaker=True, is_superuser=True)
    foreign = coops.office(coops.cooperative("Werkhof eG"))
    return [coops.person("fremd"), steward, caretaker, foreign, *(coops.office(cooperative, kind) for kind in ("supervisory", "audit"))]


def test_pages_of_the_board_are_nowhere_for_everybody_else(cooperative: Cooperative, board: Person) -> None:
    actions.begin_statute(cooperative, by=board)
    step = at("statute_step", cooperative, "anteile")
    for who in others(cooperative):
        client = client_of(who)
        assert [client.get(at(name, cooperative)).status_code for name in BOARD_PAGES] == [404] * 4, who
        assert [client.post(at(name, cooperative)).status_code for name in POSTS] == [404] * 3
        assert [client.get(step).status_code, client.post(step).status_code] == [404, 404]
    assert {Client().get(at(name, cooperative)).status_code for name in BOARD_PAGES} == {302}
    assert Statute.objects.filter(state=StatuteState.DRAFT).count() == 1


def test_the_board_sees_its_pages(cooperative: Cooperative, board: Person) -> None:
    coops.statute(cooperative)
    actions.begin_statute(cooperative, by=board)
    client = client_of(board)
    assert [client.get(at(name, cooperative)).status_code for name in BOARD_PAGES] == [200] * 4
    assert [client.get(at("statute_step", cooperative, step.key)).status_code for step in choices.STEPS] == [200] * 6
    assert client.get(at("statute_step", cooperative, "gibtesnicht")).status_code == 404
    assert client.get(at("office", cooperative, Office.objects.get().pk)).status_code == 200
    assert [client.get(at(name, cooperative)).status_code for name in ("statute_begin", "statute_discard")] == [405, 405]


def test_everybody_reads_the_statute_and_nobody_the_draft(cooperative: Cooperative, board: Person) -> None:
    coops.statute(cooperative, places={"notice_months": "§ 8 Abs. 2"}, text="<script>alert(1)</script>")
    actions.begin_statute(cooperative, by=board)
    page = Client().get(at("statute", cooperative)).content.decode()
    assert "§ 8 Abs. 2" in page
    assert "250" in page
    assert "<script>alert" not in page
    for name in ("statute_version", "statute_paper", "statute_document"):
        assert Client().get(at(name, cooperative, 2)).status_code == 404
        assert client_of(board).get(at(name, cooperative, 2)).status_code in {200, 404}
    assert Client().get(at("statute_version", cooperative, 99)).status_code == 404


def test_a_withdrawn_version_is_for_the_board(cooperative: Cooperative, board: Person) -> None:
    coops.statute(cooperative, state=StatuteState.WITHDRAWN)
    assert Client().get(at("statute_version", cooperative, 1)).status_code == 404
    assert client_of(board).get(at("statute_version", cooperative, 1)).status_code == 200


def test_a_cooperative_whose_entry_is_not_published_is_for_its_offices(cooperative: Cooperative, board: Person) -> None:
    cooperative.organisation.state = State.ARCHIVED
    cooperative.organisation.save()
    for name in ("statute", "offices"):
        assert client_of(coops.person(name)).get(at(name, cooperative)).status_code == 404
        assert client_of(board).get(at(name, cooperative)).status_code == 200


def test_the_document_comes_as_it_was_stored_and_never_as_a_page(cooperative: Cooperative, board: Person) -> None:
    draft, data = actions.begin_statute(cooperative, by=board), pdf()
    client = client_of(board)
    upload = {"file": SimpleUploadedFile("Satzung.pdf", data, "application/pdf"), "text": ""}
    assert client.post(at("draft_document", cooperative), upload).status_code == 302
    day = date(2020, 1, 1)
    actions.adopt_statute(draft, valid_from=day, adopted_on=day, by=board)
    answer = Client().get(at("statute_document", cooperative, 1))
    assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    sha256 = Statute.objects.get().sha256
    assert sha256 in Client().get(at("statute", cooperative)).content.decode()
    assert client.get(at("late_document", cooperative, 1)).status_code == 404


def test_a_file_that_is_no_pdf_keeps_the_text_that_was_typed(cooperative: Cooperative, board: Person) -> None:
    actions.begin_statute(cooperative, by=board)
    upload = {"file": SimpleUploadedFile("Satzung.pdf", b"MZ", "application/pdf"), "text": "§ 1 Mein Text"}
    answer = client_of(board).post(at("draft_document", cooperative), upload)
    assert answer.status_code == 422
    assert "§ 1 Mein Text" in answer.content.decode()
    assert Statute.objects.get().text == ""


def test_the_numbers_come_as_tagged_paper(cooperative: Cooperative) -> None:
    coops.statute(cooperative)
    answer = Client().get(at("statute_paper", cooperative, 1))
    assert (answer.content[:5], answer["Content-Type"]) == (b"%PDF-", "application/pdf")


def test_the_assistant_goes_from_step_to_step_and_shows_what_changes(cooperative: Cooperative, board: Person) -> None:
    before = coops.statute(cooperative)
    client = client_of(board)
    assert client.post(at("statute_begin", cooperative), {"like": str(before.version)}).status_code == 302
    for number, step in enumerate(choices.STEPS):
        draft = Statute.objects.get(state=StatuteState.DRAFT)
        changed = {"notice_months": "12", "place_notice_months": "§ 8"} if step.key == "fristen" else {}
        answer = client.post(at("statute_step", cooperative, step.key), step_data(step.key, draft, **changed))
        following = (*(one.key for one in choices.STEPS), "dokument")[number + 1]
        assert (answer.status_code, answer["Location"].split("/")[-2]) == (302, following), step.key
    draft = Statute.objects.get(state=StatuteState.DRAFT)
    assert (draft.notice_months, draft.places, draft.share_cents) == (12, {"notice_months": "§ 8"}, 250_00)
    page = client.get(at("statute_edit", cooperative)).content.decode()
    assert "12" in page
    days = {"adopted_on": "2024-06-17", "registered_on": "2024-08-02", "valid_from": "2024-08-02"}
    assert client.post(at("statute_adopt", cooperative), days).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.valid_from) == ("adopted", date(2024, 8, 2))


def test_a_number_the_law_forbids_is_said_at_its_field_and_kept_as_typed(cooperative: Cooperative, board: Person) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    answer = client_of(board).post(at("statute_step", cooperative, "fristen"), step_data("fristen", draft, notice_months="2"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "§ 65" in page
    assert 'value="2"' in page
    draft.refresh_from_db()
    assert draft.notice_months == 3


@pytest.mark.parametrize(
    ("step", "name", "typed"),
    [
        ("anteile", "share_cents", "viel"),
        ("anteile", "share_cents", "-5"),
        ("anteile", "share_cents", "12,34,5"),
        ("anteile", "share_cents", "9" * 25),
        ("anteile", "mandatory_shares", "1.5"),
        ("anteile", "mandatory_shares", "-1"),
        ("anteile", "max_shares", "9" * 40),
        ("anteile", "liability", "sonstwie"),
        ("fristen", "fiscal_month", "13"),
        ("fristen", "notice_months", "drei"),
        ("form", "text_form_since", "31.02.2026"),
        ("beschluesse", "change_permille", "NaN"),
        ("beschluesse", "change_permille", "75,55"),
        ("beschluesse", "change_permille", "1e9"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(cooperative: Cooperative, board: Person, step: str, name: str, typed: str) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    answer = client_of(board).post(at("statute_step", cooperative, step), step_data(step, draft, **{name: typed}))
    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    assert Statute.objects.get().share_cents == 100_00


@pytest.mark.parametrize("like", ["99", "abc", "9" * 30, "-1"])
def test_beginning_like_a_version_nobody_has(cooperative: Cooperative, board: Person, like: str) -> None:
    answer = client_of(board).post(at("statute_begin", cooperative), {"like": like})
    assert answer.status_code in {302, 404}


def test_adopting_without_days_says_what_is_missing(cooperative: Cooperative, board: Person) -> None:
    actions.begin_statute(cooperative, by=board)
    client = client_of(board)
    assert client.post(at("statute_adopt", cooperative), {}).status_code == 422
    wrong = {"adopted_on": "2024-06-17", "registered_on": "", "valid_from": "2024-06-16"}
    answer = client.post(at("statute_adopt", cooperative), wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["valid_from"])
    assert client.post(at("statute_discard", cooperative)).status_code == 302
    assert not Statute.objects.exists()


def test_a_version_to_come_is_withdrawn_by_a_button(cooperative: Cooperative, board: Person) -> None:
    coops.statute(cooperative, valid_from=localdate() + timedelta(days=3))
    client = client_of(board)
    assert client.post(at("statute_withdraw", cooperative, 1)).status_code == 302
    assert Statute.objects.get().state == StatuteState.WITHDRAWN
    assert client.post(at("statute_withdraw", cooperative, 1)).status_code == 409


# ------------------------------------------------------------------------------------------------------------- offices


def test_names_of_the_boards_are_public_the_others_are_for_offices(cooperative: Cooperative, board: Person) -> None:
    for kind, name in (("board", "Berta Beet"), ("supervisory", "Carl Kraut"), ("bookkeeping", "Dora Dill"), ("audit", "Emil Erbse")):
        coops.office(cooperative, kind, coops.person(name.split()[0].lower()))
        Office.objects.filter(person__email__startswith=name.split()[0].lower()).update(holder=name, elected_by="Versammlung 17")
    former = coops.office(cooperative, until=date(2021, 1, 1))
    Office.objects.filter(person=former).update(holder="Frieda Frueher")
    page = Client().get(at("offices", cooperative)).content.decode()
    assert [name in page for name in ("Berta Beet", "Carl Kraut", "Dora Dill", "Emil Erbse", "Frieda Frueher", "Versammlung 17")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    page = client_of(board).get(at("offices", cooperative)).content.decode()
    assert all(name in page for name in ("Berta Beet", "Carl Kraut", "Dora Dill", "Emil Erbse", "Frieda Frueher"))


def test_the_list_of_offices_asks_as_often_for_three_as_for_one(cooperative: Cooperative, board: Person) -> None:
    coops.statute(cooperative)
    client = client_of(board)
    client.get(at("offices", cooperative))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(at("offices", cooperative))
    for _number in range(3):
        coops.office(cooperative, "administration")
    with CaptureQueriesContext(connection) as four:
        client.get(at("offices", cooperative))
    assert len(one) == len(four)


def test_an_office_is_entered_ended_and_laid_down_through_the_pages(cooperative: Cooperative, board: Person) -> None:
    client = client_of(board)
    clerk = coops.person("berta")
    data = {"kind": "bookkeeping", "holder": "Berta Beet", "email": clerk.email, "since": "2024-01-01"}
    assert client.post(at("give_office", cooperative), data).status_code == 302
    made = Office.objects.get(person=clerk)
    theirs = client_of(clerk)
    page = at("office", cooperative, made.pk)
    assert theirs.get(page).status_code == 200
    assert theirs.get(at("office", cooperative, Office.objects.get(person=board).pk)).status_code == 404
    assert theirs.post(page, {"what": "discharge", "on": "2024-01-01"}).status_code == 403
    assert theirs.post(page, {"what": "sonstwas"}).status_code == 404
    assert theirs.post(page, {"what": "end", "on": "gestern"}).status_code == 422
    assert theirs.post(page, {"what": "end", "on": localdate().isoformat()}).status_code == 302
    made.refresh_from_db()
    assert made.until == localdate()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "koenigin"},
        {"holder": " "},
        {"email": "keine"},
        {"since": "0001-01-01"},
        {"since": "2024-02-30"},
        {"until": "2023-01-01"},
        {"email": "niemand@coops.example"},
    ],
)
def test_a_wrong_office_is_answered_with_a_sentence(cooperative: Cooperative, board: Person, wrong: dict[str, str]) -> None:
    data = {"kind": "audit", "holder": "Berta Beet", "email": "", "since": "2024-01-01"} | wrong
    assert client_of(board).post(at("give_office", cooperative), data).status_code == 422
    assert Office.objects.count() == 1


def test_an_office_of_another_cooperative_is_nowhere(cooperative: Cooperative, board: Person) -> None:
    foreign = coops.office(coops.cooperative("Werkhof eG"))
    page = at("office", cooperative, Office.objects.get(person=foreign).pk)
    assert client_of(board).get(page).status_code == 404
    assert client_of(board).post(page, {"what": "end", "on": localdate().isoformat()}).status_code == 404


# ------------------------------------------------------------------------------------------------ set up, settings, panels


def test_setting_up_through_the_page(cooperative: Cooperative) -> None:
    organisation = cast.organisation("Neuland eG")
    page = reverse("constitution:set_up", args=[organisation.slug])
    anna = coops.person("anna")
    assert client_of(anna).get(page).status_code == 404
    Stewardship.objects.create(person=anna, organisation=organisation, role=Role.OWNER, proof=Proof.GRANTED, since=timezone.now())
    client = client_of(anna)
    assert client.get(page).status_code == 200
    assert (
        reverse("constitution:set_up", args=[organisation.slug])
        in client.get(reverse("directory:organisation", args=[organisation.slug])).content.decode()
    )
    data = {"holder": "Anna Acker", "since": "2024-01-01", "elected_by": "Gründung"}
    assert client.post(page, data).status_code == 422
    assert client.post(page, data | {"is_on_board": "on"}).status_code == 302
    assert client.post(page, data | {"is_on_board": "on"}).status_code == 302
    assert Cooperative.objects.filter(organisation=organisation).count() == 1


def test_the_template_of_the_privacy_notice_is_offered_and_never_saved_by_itself(cooperative: Cooperative, board: Person) -> None:
    client = client_of(board)
    page = client.get(at("settings", cooperative) + "?template=1").content.decode()
    assert "§ 30 GenG" in page
    cooperative.refresh_from_db()
    assert cooperative.privacy == ""
    data = {"privacy": "Absatz 1\r\n\r\nAbsatz 2", "is_joinable": "on", "letter_email": "post@gartenwerk.example"}
    assert client.post(at("settings", cooperative), data).status_code == 422
    coops.statute(cooperative, text="§ 1")
    assert client.post(at("settings", cooperative), data).status_code == 302
    cooperative.refresh_from_db()
    assert (cooperative.privacy, cooperative.is_joinable) == ("Absatz 1\n\nAbsatz 2", True)


def test_what_waits_is_for_offices_and_the_facts_for_everybody(cooperative: Cooperative, board: Person) -> None:
    def shown(panel: Any, who: Any) -> str:
        request = RequestFactory().get("/")
        request.user = who
        return str(panel(request, cooperative))

    assert "satzung/entwurf" in shown(panels.waiting, board)
    assert shown(panels.waiting, coops.person("fremd")) == ""
    coops.statute(cooperative, joining_form="written", text_form_since=date(2026, 1, 1), board_size=2)
    Office.objects.update(until=localdate() + timedelta(days=10))
    waits = shown(panels.waiting, board)
    assert waits.count("<li>") == 4  # the end of 2029, a seat on the board, a term that ends, who audits
    assert "250" in shown(panels.facts, coops.person("gast"))


def test_par_54_who_audits_an_eg_is_asked_for_and_shown_to_everybody(cooperative: Cooperative, board: Person) -> None:
    def shown(panel: Any, who: Any) -> str:
        request = RequestFactory().get("/")
        request.user = who
        return str(panel(request, cooperative))

    coops.statute(cooperative)
    assert "§ 54 GenG" in shown(panels.waiting, board)
    data = {"audit_association": "Prüfungsverband Mitte e. V., Jena", "letter_email": "post@gartenwerk.example"}
    assert client_of(board).post(at("settings", cooperative), data).status_code == 302
    cooperative.refresh_from_db()
    assert "§ 54 GenG" not in shown(panels.waiting, board)
    assert "Prüfungsverband Mitte e. V., Jena" in shown(panels.facts, coops.person("gast"))
