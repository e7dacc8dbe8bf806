"""Who sees which page of proposals and amendments, what stands on it, and how many questions it asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.amendments.models import Amendment
from allmende.ballots.actions import cast, open_ballot, prepare
from allmende.ballots.actions.closing import finish
from allmende.ideas.models import Idea
from allmende.people.models import Person
from allmende.proposals import actions, queries
from allmende.proposals.models import Proposal, State
from allmende.resolutions.models import Resolution
from tests import coops
from tests.proposals import scene as scenes
from tests.proposals.scene import Scene, ballot_about, count_it, deliberated, draft, said

pytestmark = pytest.mark.django_db
FORM = {"title": "Gemeinsames Hosting", "summary": "", "text": "Eins.\n\nZwei.", "rationale": "", "why": ""}


@pytest.fixture
def here() -> Scene:
    return scenes.scene()


def of_whom(person: Person | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def page(person: Person | None, proposal: Proposal, tail: str = "") -> str:
    return of_whom(person).get(proposal.get_absolute_url() + tail).content.decode()


def status(person: Person | None, address: str) -> int:
    return int(of_whom(person).get(address).status_code)


def post(person: Person | None, address: str, **data: Any) -> Any:
    return of_whom(person).post(address, data)


def at(of: Scene, tail: str = "") -> str:
    return f"/genossenschaft/{of.slug}/vorschlaege/{tail}"


def test_a_draft_is_not_there_for_others(here: Scene) -> None:
    address = draft(here).get_absolute_url()
    assert [status(one, address) for one in (here.anna, here.ben, here.board, here.stranger, None)] == [200, 404, 404, 404, 404]
    assert [status(one, address + "fassungen/1/") for one in (here.anna, here.ben)] == [200, 404]
    assert status(here.anna, at(here, "99999-1/")) == 404
    assert status(here.anna, at(here, "2026-99999999999/")) == 404


def test_a_public_proposal_is_read_by_guests_without_names(here: Scene) -> None:
    proposal = deliberated(here)
    assert status(None, proposal.get_absolute_url()) == 404
    actions.set_visibility(proposal, "public", by=here.board)
    shown = page(None, proposal)
    assert ("fünf Jahre" in shown, "Anna" in shown, "unterstuetzen" in shown) == (True, False, False)
    assert "Anna" in page(here.ben, proposal)
    assert "Gemeinsames Hosting" in of_whom(None).get(at(here)).content.decode()
    assert [status(None, proposal.get_absolute_url() + tail) for tail in ("fassungen/", "fassungen/1/")] == [200, 200]
    assert [status(None, proposal.get_absolute_url() + tail) for tail in ("bearbeiten/", "aenderungen/neu/")] == [302, 302]
    assert [status(here.stranger, proposal.get_absolute_url() + tail) for tail in ("bearbeiten/", "aenderungen/neu/")] == [404, 404]


def test_a_proposal_is_written_previewed_and_saved(here: Scene) -> None:
    assert [status(one, at(here, "neu/")) for one in (None, here.stranger, here.ben)] == [302, 404, 200]
    shown = post(here.anna, at(here, "neu/"), **FORM, preview="1")
    assert (shown.status_code, "<li>Zwei.</li>" in shown.content.decode(), Proposal.objects.count()) == (200, True, 0)
    wrong = post(here.anna, at(here, "neu/"), **{**FORM, "title": ""})
    assert (wrong.status_code, "Zwei." in wrong.content.decode()) == (422, True)
    assert post(here.anna, at(here, "neu/"), **FORM).status_code == 302
    assert "Eins." in page(here.anna, Proposal.objects.get())


def test_words_of_people_are_never_markup(here: Scene) -> None:
    evil = "<script>alert(1)</script>"
    proposal = deliberated(here, title=evil, summary=evil, text=f"{evil}\n\n[x](javascript:alert(1))", rationale=evil)
    shown = page(here.ben, proposal) + page(here.ben, proposal, "fassungen/1/")
    assert (evil in shown, "&lt;script&gt;" in shown, 'href="javascript' in shown) == (False, True, False)


def test_a_proposal_from_an_idea_copies_its_words_and_links_back(here: Scene) -> None:
    idea = Idea.objects.create(cooperative=here.cooperative, title="Zusammen hosten", text="Wir mieten Server.", author=here.ben)
    form = of_whom(here.anna).get(at(here, f"neu/?idea={idea.uuid}")).content.decode()
    assert ("Zusammen hosten" in form, "Wir mieten Server." in form) == (True, True)
    post(here.anna, at(here, "neu/"), **FORM, idea=str(idea.uuid))
    proposal = Proposal.objects.get()
    assert (proposal.idea, idea.get_absolute_url() in page(here.anna, proposal)) == (idea, True)
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert status(here.anna, at(here, f"neu/?idea={wrong}")) == 404


def test_the_second_who_saves_is_told_and_loses_nothing(here: Scene) -> None:
    proposal = draft(here)
    address = proposal.get_absolute_url() + "bearbeiten/"
    assert post(here.anna, address, **FORM, base=1).status_code == 302
    told = post(here.anna, address, **{**FORM, "text": "Mein anderer Text."}, base=1)
    shown = told.content.decode()
    assert (told.status_code, "Mein anderer Text." in shown, 'value="2"' in shown, "<del>" in shown) == (409, True, True, True)
    assert post(here.anna, address, **{**FORM, "text": "Mein anderer Text."}, base=2).status_code == 302


def test_versions_are_compared_with_any_other(here: Scene) -> None:
    proposal = draft(here)
    actions.save_version(proposal, said(scenes.TEXT.replace("fünf", "drei"), why="kürzer"), base=1, by=here.anna)
    actions.save_version(proposal, said("Ganz neu."), base=2, by=here.anna)
    assert "kürzer" in page(here.anna, proposal, "fassungen/")
    second = page(here.anna, proposal, "fassungen/2/")
    assert ("fünf</del>" in second, "drei</ins>" in second) == (True, True)
    assert "Ganz neu.</ins>" in page(here.anna, proposal, "fassungen/1/?with=3")
    addresses = [f"fassungen/{tail}" for tail in ("9/", "1/?with=9", "1/?with=1", "1/?with=x", "99999999999/")]
    assert {status(here.anna, proposal.get_absolute_url() + one) for one in addresses} == {404}


def test_it_is_supported_admitted_and_sent_back_by_buttons(here: Scene) -> None:
    actions.set_admission(here.cooperative, supporters_needed=5, needs_office=True, by=here.board)
    proposal = draft(here)
    here_at = proposal.get_absolute_url()
    assert post(here.anna, here_at + "schritt/", what="bring-in").status_code == 302
    assert post(here.ben, here_at + "unterstuetzen/").status_code == 302
    assert (queries.supporters(proposal), post(None, here_at + "unterstuetzen/").status_code) == (2, 302)
    assert [post(one, here_at + "schritt/", what="admit").status_code for one in (here.ben, here.stranger)] == [403, 404]
    assert post(here.board, here_at + "schritt/zurueckgeben/", reason="").status_code == 422
    assert post(here.board, here_at + "schritt/zurueckgeben/", reason="Kosten fehlen.").status_code == 302
    assert "Kosten fehlen." in page(here.anna, proposal)
    assert [post(here.anna, here_at + "schritt/", what=one).status_code for one in ("bring-in", "fly")] == [302, 400]
    assert post(here.board, here_at + "schritt/", what="admit").status_code == 302
    assert [status(here.board, here_at + f"schritt/{kind}/") for kind in ("zurueckziehen", "irgendwas")] == [404, 404]
    assert post(here.ben, here_at + "unterstuetzen/", what="back").status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, queries.supporters(proposal)) == (State.DELIBERATION, 1)


def test_authors_are_invited_and_answer(here: Scene) -> None:
    proposal = draft(here)
    address = proposal.get_absolute_url() + "mitschreiben/"
    wrong = post(here.anna, address, who="niemand@coops.example")
    assert (wrong.status_code, "niemand@coops.example" in wrong.content.decode()) == (422, True)
    assert post(here.anna, address, who="ben@coops.example").status_code == 302
    assert post(here.ben, address + "antwort/", what="yes").status_code == 302
    assert [status(one, proposal.get_absolute_url() + "bearbeiten/") for one in (here.ben, here.board)] == [200, 404]
    assert [post(here.anna, address, what="withdraw", author=one).status_code for one in ("x", "1" * 30, "999")] == [400, 400, 409]
    assert post(here.anna, address, what="leave").status_code == 302


def test_only_the_board_says_how_proposals_are_admitted(here: Scene) -> None:
    address = at(here, "zulassung/")
    assert [status(one, address) for one in (None, here.stranger, here.ben, here.board)] == [302, 404, 404, 200]
    assert post(here.board, address, supporters_needed="-1").status_code == 422
    assert post(here.board, address, supporters_needed="7", needs_office="on").status_code == 302
    assert queries.admission_of(here.cooperative).supporters_needed == 7


def test_the_list_is_filtered_searched_and_paged(here: Scene) -> None:
    for n in range(queries.A_PAGE + 1):
        deliberated(here, title=f"Sache {n}" if n != 7 else "Etwas Besonderes")
    draft(here, title="Ein Entwurf")
    found = of_whom(here.ben).get(at(here)).content.decode()
    assert ("Sache 30" in found, "Sache 0<" in found, "Ein Entwurf" in found) == (True, False, False)
    assert "Sache 0<" in of_whom(here.ben).get(at(here, "?page=2")).content.decode()
    one = Proposal.objects.get(title="Etwas Besonderes")
    for query in ("?q=besonderes+etwas", f"?q={one.number.replace(' ', '+')}", "?q=besonderes&state=deliberation"):
        assert of_whom(here.ben).get(at(here, query)).context["pages"].paginator.count == 1
    for query in ("?state=accepted", "?q=%25", "?q=V+99999999999999-1"):
        assert of_whom(here.ben).get(at(here, query)).context["pages"].paginator.count == 0


def amend(of: Scene, person: Person, proposal: Proposal, text: str, **more: Any) -> Any:
    key = str(queries.parts_of(queries.version_of(proposal))[0].key)
    data = {"p": key, "kind_0": "change", "text_0": text, "title": "Kürzer", "reason": "Darum.", "base": str(proposal.newest), **more}
    return post(person, proposal.get_absolute_url() + "aenderungen/neu/", **data)


def test_an_amendment_goes_its_way_by_buttons(here: Scene) -> None:
    proposal = deliberated(here)
    choose = page(here.ben, proposal, "aenderungen/neu/")
    assert status(here.ben, proposal.get_absolute_url() + "aenderungen/neu/?gewaehlt=1") == 422  # no paragraph was chosen
    key = str(queries.parts_of(queries.version_of(proposal))[0].key)
    assert key in choose
    assert "fünf Jahre" in page(here.ben, proposal, f"aenderungen/neu/?p={key}&p=start&p=unsinn")
    same = amend(here, here.ben, proposal, queries.parts_of(queries.version_of(proposal))[0].text)
    assert (same.status_code, Amendment.objects.count()) == (422, 0)
    made = amend(here, here.ben, proposal, "Der Vorstand schließt einen Vertrag über drei Jahre.", kind_0="change")
    assert made.status_code == 302
    one = Amendment.objects.get()
    shown = page(here.anna, proposal)
    assert ("fünf</del>" in shown, "drei</ins>" in shown, 'id="ae-1"' in shown) == (True, True, True)
    decide = one.get_absolute_url() + "entscheiden/"
    assert [post(who, decide, what="accept").status_code for who in (None, here.stranger, here.ben)] == [302, 404, 403]
    assert post(here.anna, decide, what="accept").status_code == 302
    assert 'href="#ae-1"' in page(here.anna, proposal)
    assert post(here.anna, decide, what="undo").status_code == 302
    assert post(here.anna, one.get_absolute_url() + "ablehnen/", reason="Nein.").status_code == 302
    assert "Nein." in of_whom(here.ben).get(one.get_absolute_url()).content.decode()
    assert "ballots" not in shown
    assert f"?about=amendments.amendment:{one.pk}" in of_whom(here.board).get(one.get_absolute_url()).content.decode()


def test_who_writes_for_an_older_text_is_told_and_keeps_the_words(here: Scene) -> None:
    proposal = deliberated(here)
    actions.save_version(proposal, said(scenes.TEXT.replace("fünf", "sechs")), base=1, by=here.anna)
    told = amend(here, here.ben, proposal, "Drei Jahre.")
    shown = told.content.decode()
    assert (told.status_code, "Drei Jahre." in shown, "sechs Jahre" in shown) == (422, True, True)
    proposal.refresh_from_db()
    assert amend(here, here.ben, proposal, "Drei Jahre.").status_code == 302
    actions.save_version(proposal, said("Anderer Anfang.\n\n" + scenes.TEXT.partition("\n\n")[2]), base=2, by=here.anna)
    one = Amendment.objects.get()
    offer = of_whom(here.ben).get(one.get_absolute_url() + "bearbeiten/").content.decode()
    assert (one.state, "Drei Jahre." in offer) == ("overtaken", True)
    assert status(here.anna, one.get_absolute_url() + "bearbeiten/") == 404


def test_objections_and_the_open_decision_stand_on_the_page(here: Scene) -> None:
    proposal = deliberated(here)
    assert f"?about=proposals.proposal:{proposal.pk}" in page(here.board, proposal)
    assert f"?about=proposals.proposal:{proposal.pk}" not in page(here.ben, proposal)
    ballot = ballot_about(proposal, here.cooperative, "consent")
    assert "bearbeiten/" not in page(here.anna, proposal)
    count_it(ballot, "objections", objections=["Ein Betreiber für alle ist ein Risiko."])
    assert "Ein Betreiber für alle ist ein Risiko." in page(here.ben, proposal)


def test_pages_ask_as_often_for_many_rows_as_for_one(here: Scene) -> None:
    def asked(address: str) -> int:
        client = of_whom(here.ben)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    proposal = deliberated(here)
    amend(here, here.ben, proposal, "Drei Jahre.")
    one, listing = asked(proposal.get_absolute_url()), asked(at(here))
    for n in range(3):
        amend(here, here.ben, proposal, f"{n} Jahre.")
        deliberated(here)
    actions.save_version(proposal, said(scenes.TEXT + "".join(f"\n\nNoch {n}." for n in range(100))), base=1, by=here.anna)
    assert (asked(proposal.get_absolute_url()), asked(at(here))) == (one, listing)


def test_a_wrong_method_and_foreign_ids_do_nothing(here: Scene) -> None:
    proposal = deliberated(here)
    of = coops.cooperative("Anderes eG")
    coops.statute(of)
    foreign = proposal.get_absolute_url().replace(here.slug, of.organisation.slug)
    assert (status(here.ben, foreign), status(here.ben, proposal.get_absolute_url() + "unterstuetzen/")) == (404, 405)
    assert post(here.ben, proposal.get_absolute_url()).status_code == 405


def test_a_real_ballot_is_decided_on_the_page_and_the_chain_names_it(here: Scene) -> None:
    idea = Idea.objects.create(cooperative=here.cooperative, title="Zusammen hosten", text="Wir mieten Server.", author=here.ben)
    assert "neu/?idea=" in of_whom(here.ben).get(idea.get_absolute_url()).content.decode()
    proposal = actions.start_proposal(here.cooperative, said(), idea=idea, by=here.anna)
    actions.bring_in_proposal(proposal, by=here.anna)
    now = timezone.now()
    ballot = prepare(
        here.cooperative,
        title="Hosting",
        question="Nehmen wir das an?",
        rule={"method": "majority"},
        opens_at=now,
        closes_at=now + timedelta(days=7),
        day=timezone.localdate(),
        about=proposal,
        by=here.board,
    )
    ballot = open_ballot(ballot, by=here.board, now=now)
    shown = page(here.ben, proposal)
    assert ("Nehmen wir das an?" in shown, 'class="dock' in shown, "bearbeiten/" in shown) == (True, True, False)
    cast(ballot, ballot.electorate.voters.get(person=here.ben), {"answer": "yes"}, by=here.ben, clock=lambda: now)
    finish(ballot, now + timedelta(days=7))
    proposal.refresh_from_db()
    chained = page(here.board, proposal)
    assert (proposal.state, ballot.number in chained, idea.get_absolute_url() in chained) == ("accepted", True, True)
    assert proposal.get_absolute_url() in of_whom(here.ben).get(idea.get_absolute_url()).content.decode()
    asked, named, *text = Resolution.objects.get(ballot=ballot).wording.split("\n\n")  # word for word, not only the question
    assert (asked, proposal.number in named, text[1]) == ("Nehmen wir das an?", True, "2. Jedes Mitglied zahlt höchstens 40 € im Monat.")
