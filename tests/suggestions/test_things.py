"""Whatever people put up can be reported, as rude or as illegal; caretakers decide, it is taken off, an appeal brings it back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from allmende.desk import sources
from allmende.directory.access import keepers_of
from allmende.directory.models import Organisation, Term
from allmende.ground.models import Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people import subjects
from allmende.people.models import Notice, Person
from allmende.people.queries import GUEST
from allmende.suggestions import access, actions, letters, personal, queries, rules
from allmende.suggestions.actions.judging import Verdict
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Appeal, Matter, Report
from tests.cast import term
from tests.suggestions.conftest import as_, person, send, steward_of

pytestmark = pytest.mark.django_db
OFF = Verdict("hidden", "Der zweite Satz beleidigt.", ground="rules", basis="Regeln des Umgangs, Nr. 2")
NOTHING = Verdict("none", "Eine andere Meinung ist keine Beleidigung.")


class Pinboard:
    """A notice on the board of the house: a word of the taxonomy plays it, hidden while its note says so."""

    def __init__(self, haus: Organisation) -> None:
        self.haus, self.hidden, self.secret = haus, {}, set()  # type: ignore[var-annotated]
        self.item = term("sector", "zettel", "Ein Zettel")

    def visible_to(self, viewer: Any) -> Any:
        gone = set(self.hidden) | (set() if isinstance(viewer, Person) else self.secret)
        return Term.objects.filter(key="zettel").exclude(pk__in=gone)

    def hide(self, item: Term, *, by: Person, reason: str) -> None:
        self.hidden[item.pk] = reason

    def unhide(self, item: Term, *, by: Person) -> None:
        del self.hidden[item.pk]


@pytest.fixture
def board(haus: Organisation, monkeypatch: pytest.MonkeyPatch) -> Pinboard:
    board = Pinboard(haus)
    subject = subjects.Subject(
        Term, label="Zettel", visible_to=board.visible_to, url=lambda item: f"/zettel/{item.pk}/", title=lambda item: item.name_de,
        words=lambda item: "Ihr seid alle dumm.", organisation=lambda item: board.haus,
        people=lambda item: keepers_of(board.haus) if board.haus else Person.objects.filter(email="author@example.org"),
        hide=board.hide, unhide=board.unhide,
    )  # fmt: skip
    monkeypatch.setitem(subjects._SUBJECTS, subject.kind, subject)
    monkeypatch.setattr("allmende.suggestions.queries.is_hidden", lambda item: item.pk in board.hidden)
    monkeypatch.setattr("allmende.suggestions.actions.judging.is_hidden", lambda item: item.pk in board.hidden)
    return board


def address(board: Pinboard, what: str = "") -> str:
    return f"/melden/directory.term/{board.item.pk}/{what}"


def report(board: Pinboard, who: Person | None = None, matter: str = "conduct", **more: Any) -> Report:
    said = {"place": "Ein Zettel, https://haus.example/zettel/1/", "reason": "Unverschämt", "email": "anna@example.org"}
    return actions.report_thing(board.item, said | more, by=Writer(uuid4(), who), matter=matter)


def door(found: Report) -> str:
    return f"/meldung/{found.uuid}/pruefen/"


def fresh(found: Report) -> Report:
    found.refresh_from_db()
    return found


# ------------------------------------------------------------------------------------------------------------ reporting


def test_the_panel_asks_nothing_and_leads_there(board: Pinboard, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.user = GUEST
    with django_assert_num_queries(0):
        shown = Template('{% panels "thing.report" item %}').render(Context({"item": board.item, "request": request}))
    assert f'href="{address(board)}"' in shown
    page = Client().get(address(board)).content.decode()
    assert all(address(board, what) in page for what in ("umgang/", "rechtswidrig/"))


def test_a_guest_reports_rudeness_with_or_without_an_address(board: Pinboard, caretaker: Person, client: Client) -> None:
    for email in ("anna@example.org", ""):
        answer = send(client, address(board, "umgang/"), reason="Ihr seid alle dumm, steht da.", email=email)
        found = Report.objects.latest("pk")
        assert (answer.status_code, answer.headers["Location"]) == (302, letters.report_path(found))
        assert (found.kind, found.number, found.title, found.matter) == ("directory.term", board.item.pk, "Ein Zettel", "conduct")
        assert (found.organisation, found.by, found.email, found.effect) == (board.haus, None, email, "")
        assert found.place == f"Ein Zettel, http://testserver/zettel/{board.item.pk}/"
        assert client.get(answer.headers["Location"]).status_code == 200
    assert Letter.objects.filter(to="anna@example.org", kind="suggestions.report_received").count() == 1
    assert {one.person for one in Notice.objects.filter(kind="suggestions.reported")} == {caretaker}


def test_who_is_signed_in_is_told_in_the_house(board: Pinboard, caretaker: Person) -> None:
    anna = person("anna")
    assert send(as_(anna), address(board, "umgang/"), reason="Unverschämt").status_code == 302
    found = Report.objects.get()
    assert (found.by, found.email) == (anna, "")
    assert Notice.objects.filter(person=anna, kind="suggestions.report_received").exists()


def test_a_notice_of_illegal_content_asks_for_what_the_law_asks_for(board: Pinboard, client: Client) -> None:
    answer = send(client, address(board, "rechtswidrig/"), reason="§ 185 StGB")
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, ["email", "good_faith", "name"])
    said = {"reason": "§ 185 StGB", "name": "Anna", "email": "anna@example.org", "good_faith": "on"}
    assert send(client, address(board, "rechtswidrig/"), **said).status_code == 302
    found = Report.objects.get()
    assert (found.matter, found.name, found.place) == ("law", "Anna", f"Ein Zettel, http://testserver/zettel/{board.item.pk}/")


def test_a_form_that_says_nothing_keeps_what_was_typed(board: Pinboard, client: Client) -> None:
    answer = send(client, address(board, "umgang/"), reason=" ", email="kein-at")
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, ["email", "reason"])
    assert "kein-at" in answer.content.decode() and not Report.objects.exists()


def test_sending_twice_is_reporting_once(board: Pinboard, caretaker: Person) -> None:
    writer = Writer(uuid4())
    said = {"place": "x", "reason": "x", "email": ""}
    assert actions.report_thing(board.item, said, by=writer) == actions.report_thing(board.item, said, by=writer)
    assert Notice.objects.filter(kind="suggestions.reported").count() == 1


@pytest.mark.parametrize("what", ["", "umgang/", "rechtswidrig/"])
def test_what_one_cannot_see_cannot_be_reported_and_a_sentence_says_so(board: Pinboard, what: str) -> None:
    board.secret = {board.item.pk}
    assert as_(person("anna")).get(address(board, what)).status_code == 200
    board.hidden = {board.item.pk: "x"}
    nowhere = ("/melden/gibt.es/1/", "/melden/directory.term/999999/", f"/melden/directory.term/{10**25}/")
    pages = [Client().get(where + what) for where in (address(board), *nowhere)]
    assert {page.status_code for page in pages} == {404}
    assert len({str(page.content.decode().partition("<h1")[2].partition("</main")[0]) for page in pages}) == 1
    assert Client().get(address(board, "doppelt/")).status_code == 404


def test_what_went_while_the_form_was_filled_in_is_said(board: Pinboard) -> None:
    board.hidden = {board.item.pk: "x"}
    with pytest.raises(Refused):
        report(board)
    assert Client().post(address(board, "umgang/"), {"reason": "x"}).status_code == 404


def test_many_reports_of_rudeness_are_enough_notices_never_are(board: Pinboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "A_DAY_PER_THING", 2)
    report(board), report(board)
    with pytest.raises(Refused):
        report(board)
    report(board, matter="law")
    Report.objects.update(opened_at=timezone.now() - timedelta(days=2))
    assert report(board).matter == Matter.CONDUCT


def test_reporting_is_slowed_down(board: Pinboard, client: Client) -> None:
    cache.clear()
    assert [client.post(address(board, "umgang/")).status_code for _ in range(11)] == [200] * 10 + [429]
    cache.clear()


# ---------------------------------------------------------------------------------------------------------- the decision


def test_only_caretakers_who_are_not_involved_decide(board: Pinboard, caretaker: Person, steward: Person) -> None:
    found = report(board)
    for who in (None, person("stranger"), steward):
        assert as_(who).get(door(found)).status_code in {302, 404}
        assert as_(who).post(door(found), {"effect": "hidden", "facts": "x"}).status_code in {302, 404}
    steward.is_caretaker = True
    steward.save()
    page = as_(steward).get(door(found))
    assert (page.status_code, page.context["may_judge"]) == (200, False)
    with pytest.raises(NotAllowed):
        actions.decide_report(found, OFF, by=steward)
    assert list(access.reports_to_judge(steward)) == [] and list(access.reports_to_judge(caretaker)) == [found]


def test_who_wrote_it_does_not_judge_it_unless_all_others_answer_for_it_too(board: Pinboard) -> None:
    board.haus = None  # type: ignore[assignment]
    author, other = person("author", is_caretaker=True), person("other", is_caretaker=True)
    found = report(board)
    assert list(found.responsible.all()) == [author]
    assert [list(access.reports_to_judge(who)) for who in (author, other)] == [[], [found]]
    assert {one.person for one in Notice.objects.all()} == {other}
    found.responsible.add(other)
    assert [list(access.reports_to_judge(who)) for who in (author, other)] == [[found], [found]]


def test_it_is_taken_off_and_both_sides_read_why(board: Pinboard, caretaker: Person, steward: Person) -> None:
    found = report(board)
    page = as_(caretaker).get(door(found)).content.decode()
    assert "Ihr seid alle dumm." in page and f"/zettel/{board.item.pk}/" in page and "fields_gone" not in page
    said = {"effect": "hidden", "ground": "rules", "basis": "Regeln des Umgangs", "facts": "Es beleidigt."}
    assert send(as_(caretaker), door(found), **said).status_code == 302
    assert (fresh(found).effect, found.removed, found.decided_by) == ("hidden", {"hidden": True}, caretaker)
    assert list(board.hidden) == [board.item.pk] and board.hidden[board.item.pk]
    letter = Letter.objects.get(to="anna@example.org", kind="suggestions.report_decided")
    assert "Es beleidigt." in letter.body
    notice = Notice.objects.get(person=steward)
    assert "Ein Zettel" in notice.subject and "anna" not in notice.text
    assert notice.path == letters.report_path(found, "steward")
    assert "Ein Zettel" in as_(steward).get(notice.path).content.decode()


def test_nothing_follows_and_those_responsible_hear_nothing(board: Pinboard, caretaker: Person, steward: Person) -> None:
    found = report(board)
    actions.decide_report(found, NOTHING, by=caretaker)
    assert (board.hidden, Notice.objects.filter(person=steward).count()) == ({}, 0)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, ["effect", "facts"]),
        ({"effect": "hidden", "facts": "x"}, ["ground", "basis"]),
        ({"effect": "archived", "facts": "x"}, ["effect"]),
        ({"effect": "fields", "facts": "x", "fields_gone": "summary"}, ["effect"]),
    ],
)
def test_a_decision_on_a_thing_has_reasons_and_its_own_effects(board: Pinboard, caretaker: Person, said: Any, wrong: list[str]) -> None:
    found = report(board)
    answer = send(as_(caretaker), door(found), **said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, wrong)


def test_entries_cannot_be_hidden_this_way(haus: Organisation, caretaker: Person) -> None:
    said = {"place": "x", "reason": "x", "name": "", "email": "", "is_nameless": True}
    found = actions.report_illegal(haus, said, by=Writer(uuid4()))
    answer = send(as_(caretaker), door(found), effect="hidden", facts="x", ground="law", basis="x")
    assert list(answer.context["form"].errors) == ["effect"]


def test_what_is_gone_cannot_be_taken_off_any_more(board: Pinboard, caretaker: Person) -> None:
    found = report(board)
    board.item.delete()
    page = as_(caretaker).get(door(found))
    assert (page.status_code, page.context["about"].is_gone, page.context["about"].title) == (200, True, "Ein Zettel")
    with pytest.raises(Refused):
        actions.decide_report(found, OFF, by=caretaker)
    assert actions.decide_report(found, NOTHING, by=caretaker).effect == "none"


def test_what_is_hidden_already_stays_so_by_the_decision(board: Pinboard, caretaker: Person) -> None:
    found = report(board)
    board.hidden = {board.item.pk: "vorher"}
    assert as_(caretaker).get(door(found)).context["about"].is_hidden
    actions.decide_report(found, OFF, by=caretaker)
    assert board.hidden == {board.item.pk: "vorher"}


def test_what_its_room_refuses_is_said_in_the_form(board: Pinboard, caretaker: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(item: Term, **more: Any) -> None:
        raise Refused("Ein Entwurf kann nicht ausgeblendet werden.")

    monkeypatch.setitem(subjects._SUBJECTS, "directory.term", replace(subjects.of(board.item), hide=refuse))
    found = report(board)
    answer = send(as_(caretaker), door(found), effect="hidden", facts="Lange Begründung", ground="rules", basis="x")
    page = answer.content.decode()
    assert answer.status_code == 200 and "Ein Entwurf kann nicht" in page and "Lange Begründung" in page
    assert fresh(found).decided_at is None


# ------------------------------------------------------------------------------------------- appeals, what stays, numbers


def test_an_appeal_brings_it_back(board: Pinboard, caretaker: Person, steward: Person, client: Client) -> None:
    found = report(board)
    actions.decide_report(found, OFF, by=caretaker)
    second = person("second", is_caretaker=True)
    assert client.post(letters.report_path(found, "steward"), {"text": "Es war ein Zitat."}).status_code == 302
    appeal = Appeal.objects.get()
    assert {one.person for one in Notice.objects.filter(kind="suggestions.appealed")} == {second}
    where = f"/meldung/{found.uuid}/einspruch/{appeal.pk}/"
    assert send(as_(second), where, outcome="changed", effect="none", facts="Ein Zitat.").status_code == 302
    assert (board.hidden, fresh(found).effect, found.removed) == ({}, "none", {})
    assert Notice.objects.filter(person=steward, kind="suggestions.appeal_decided").count() == 1
    assert Letter.objects.filter(to="anna@example.org", kind="suggestions.appeal_decided").count() == 1


def test_an_appeal_of_the_notifier_takes_it_off(board: Pinboard, caretaker: Person) -> None:
    found = report(board)
    actions.decide_report(found, NOTHING, by=caretaker)
    appeal = actions.appeal_decision(found, "notifier", "Doch.")
    actions.decide_appeal(appeal, "changed", "Doch.", by=person("second", is_caretaker=True), verdict=OFF)
    assert (list(board.hidden), fresh(found).effect) == ([board.item.pk], "hidden")


def test_what_stays_is_what_is_counted(board: Pinboard, caretaker: Person, steward: Person) -> None:
    found = report(board)
    actions.decide_report(found, OFF, by=caretaker)
    actions.forget_old(timezone.now() + timedelta(days=200))
    assert (fresh(found).email, found.responsible.count(), found.title) == ("", 0, "Ein Zettel")
    actions.forget_old(timezone.now() + timedelta(days=400))
    assert (fresh(found).title, found.place, found.reason, found.number, found.emptied_at is None) == ("", "", "", None, False)
    assert (found.kind, found.matter, found.effect) == ("directory.term", "conduct", "hidden")
    assert as_(caretaker).get(door(found)).status_code == 200


def test_the_register_counts_them(board: Pinboard, caretaker: Person, client: Client) -> None:
    report(board)
    actions.decide_report(report(board, matter="law"), OFF, by=caretaker)
    year = queries.register()[0]
    assert (year.received, year.conduct, year.open, year.hidden, year.archived) == (2, 1, 1, 1, 0)
    page = client.get("/meldungen/").content.decode()
    assert page.count('<td class="num"') == 10 and "Ein Zettel" not in page


def test_the_desk_says_what_it_is_about(board: Pinboard, caretaker: Person) -> None:
    report(board)
    source = sources.BY_KEY["reports"]
    assert [source.row(one).title for one in source.find(caretaker, None)] == ["Ein Zettel"]
    assert "Ein Zettel" in as_(caretaker).get("/mein/").content.decode()


def test_a_person_takes_along_what_was_decided_about_them_and_is_forgotten(board: Pinboard, caretaker: Person, steward: Person) -> None:
    anna = person("anna")
    found = report(board, anna)
    assert [row["title"] for row in personal.reported(anna)] == ["Ein Zettel"]
    assert personal.decided_about(steward) == []
    actions.decide_report(found, OFF, by=caretaker)
    assert [(row["title"], row["effect"]) for row in personal.decided_about(steward)] == [("Ein Zettel", "hidden")]
    assert "anna" not in str(personal.decided_about(steward)).lower()
    personal.forget(steward)
    assert fresh(found).responsible.count() == 0


def test_a_member_of_another_area_sees_nothing(board: Pinboard) -> None:
    found = report(board)
    assert as_(steward_of(board.haus, "someone")).get(door(found)).status_code == 404
