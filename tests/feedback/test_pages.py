"""The doors: who comes in, what stands there, what is sent; hostile input; how many questions a list asks."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.directory.models import Organisation, Role
from allmende.feedback import actions
from allmende.feedback.actions.answering import Answer
from allmende.feedback.models import Invitation, Review, Round
from allmende.people.models import Person
from allmende.projects.models import Project
from tests.cast import organisation
from tests.feedback.cast import asked, end, given, project_of, steward
from tests.feedback.conftest import as_

pytestmark = pytest.mark.django_db

LIST = "/en/rueckmeldungen/"


def words(client: Client, address: str, status: int = 200) -> str:
    """The page as plain words."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return plain(answer.content.decode())


def plain(html: str) -> str:
    text = re.sub(r"<[^>]*>", " ", html.partition("<main")[2])
    return " ".join(text.replace("&#x27;", "'").replace("&quot;", '"').split())


def when(days: float) -> str:
    return timezone.localtime(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def sheet(**more: Any) -> dict[str, Any]:
    """What the form of feedback sends."""
    said = {"version": "0", "strengths": "Gut **gemacht**.", "open_questions": "", "suggestion_1": "Klein anfangen", "answer_1": "500"}
    return {"what": "give"} | said | more


@pytest.mark.parametrize("page", ["", "auswertung/", "geben/", "absagen/", "fragen/", "einladen/", "frist/", "abschluss/"])
def test_what_one_may_not_see_is_not_there(round_: Round, hanna: Person, page: str) -> None:
    address = f"{LIST}{round_.pk}/{page}"
    assert as_(hanna).get(address).status_code == 404
    assert as_(None).get(address).status_code in ({404} if page in {"", "auswertung/"} else {302})
    assert as_(hanna).get(f"{LIST}999999999999999999999/{page}").status_code == 404


@pytest.mark.parametrize("page", ["fragen/", "einladen/", "frist/", "abschluss/"])
def test_only_those_who_asked_run_a_round(round_: Round, clara: Person, dora: Person, anna: Person, page: str) -> None:
    address = f"{LIST}{round_.pk}/{page}"
    assert [as_(one).get(address).status_code for one in (dora, clara, anna)] == [403, 403, 200]
    assert [as_(one).post(address, {}).status_code for one in (dora, clara)] == [403, 403]


@pytest.mark.parametrize(("page", "method"), [("zuruecknehmen/", "get"), ("verwerfen/", "get"), ("zuruecknehmen/", "put")])
def test_writing_is_posting(round_: Round, garden: Organisation, clara: Person, page: str, method: str) -> None:
    review = given(round_, garden, clara)
    assert getattr(as_(clara), method)(f"/en/rueckmeldung/{review.pk}/{page}").status_code == 405


def test_the_list_of_a_guest_says_how_it_works(db: None) -> None:
    said = words(as_(None), LIST)
    assert "Nobody asks everybody at the moment." in said and "You need an account to give feedback." in said


def test_nobody_is_told_that_nothing_is_open_when_it_is_their_own(shop: Organisation, anna: Person, hanna: Person) -> None:
    asked(project_of(shop, "public"), anna, is_open_to_all=True)
    nothing, own = "Nobody asks everybody at the moment.", "What is open for all you have answered, or asked yourselves."
    assert own in words(as_(anna), LIST) and nothing not in words(as_(anna), LIST)
    assert own not in words(as_(hanna), LIST) and nothing not in words(as_(hanna), LIST)  # there it stands itself


def test_a_round_is_asked_by_form(
    project: Project, anna: Person, garden: Organisation, clara: Person, bakery: Organisation, dora: Person
) -> None:
    client, address = as_(anna), f"/en/projekte/{project.pk}/rueckmeldung/fragen/"
    assert as_(dora).get(address).status_code == 403 and as_(None).get(address).status_code == 302
    assert "Garten Probe eG" in words(client, address)
    said = {"question_1": "Was kostet es?", "deadline": when(14), "readers": "everybody", "near": [garden.pk]}
    answer = client.post(address, said | {"others": f"backstube probe EG\n/o/{garden.slug}/"})
    found = Round.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/en/rueckmeldungen/{found.pk}/"
    assert set(found.invitations.values_list("organisation", flat=True)) == {garden.pk, bakery.pk}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"question_1": ""}, "This is needed."),
        ({"question_1": "x" * 201}, "at most 200 characters"),
        ({"deadline": "morgen"}, "Give a day and a time"),
        ({"deadline": ""}, "This is needed."),
        ({"others": "Gibt es nicht eG"}, "No entry is called “Gibt es nicht eG”."),
        ({"near": [], "others": ""}, "Invite somebody, or let everybody answer"),
        ({"near": ["999999"]}, "999999"),
        ({"near": ["<script>"]}, "valid"),
        ({"readers": "all"}, "all is not one of the available choices"),
        ({"deadline": "2020-01-01T10:00"}, "Give people at least a day"),
    ],
)
def test_a_wrong_form_says_so_and_keeps_the_words(
    project: Project, anna: Person, garden: Organisation, clara: Person, wrong: dict[str, Any], sentence: str
) -> None:
    said = {"question_1": "Was kostet es?", "text": "Worum es geht.", "deadline": when(14), "readers": "asker", "near": [garden.pk]} | wrong
    answer = as_(anna).post(f"/en/projekte/{project.pk}/rueckmeldung/fragen/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in plain(page) and "Worum es geht." in page and "<title>Error:" in page
    assert not Round.objects.exists()


def test_feedback_goes_from_draft_to_thanks(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    giver, asker, give = as_(clara), as_(anna), f"{LIST}{round_.pk}/geben/"
    assert "Hofladen Probe eG asks Garten Probe eG" in words(giver, LIST)
    assert "In the name of Garten Probe eG. Who reads it: Those who asked and the organisations invited." in words(giver, give)
    assert giver.post(give, sheet(what="keep"))["Location"] == f"{give}?as={garden.pk}"
    assert "Nobody has answered yet." in words(asker, f"{LIST}{round_.pk}/")
    assert giver.post(f"{give}?as={garden.pk}", sheet(version="1", suggestion_2="Groß enden")).status_code == 302
    review = Review.objects.get()
    page = words(asker, f"{LIST}{round_.pk}/")
    assert "Gut gemacht ." in page and "Of 2 suggestions 2 wait for an answer." in page and "Was kostet es? 500" in page
    first, second = review.suggestions.all()
    reply = f"/en/rueckmeldung/{review.pk}/antworten/"
    assert as_(clara).get(reply).status_code == 403
    said = {f"verdict_{first.pk}": "taken_up", f"because_{first.pk}": "", f"verdict_{second.pk}": "no", f"because_{second.pk}": ""}
    refused = asker.post(reply, said | {"thanks": "Danke euch."})
    assert refused.status_code == 422 and "Say why" in plain(refused.content.decode()) and "Danke euch." in refused.content.decode()
    done = asker.post(
        reply, said | {f"because_{first.pk}": "Steht drin.", f"because_{second.pk}": "Dafür fehlt Geld.", "thanks": "Danke euch."}
    )
    assert done["Location"] == f"/en/rueckmeldungen/{round_.pk}/#rueckmeldung-{review.pk}"
    page = words(giver, f"{LIST}{round_.pk}/")
    assert "on this: Steht drin. taken up" in page
    assert "Groß enden because: Dafür fehlt Geld. not taken up" in page and "Hofladen Probe eG says thank you: “Danke euch.”" in page
    assert giver.get(give).status_code == 409  # answered: it stands
    assert "Groß enden" in words(giver, LIST)


def test_words_that_came_too_late_or_at_once_are_not_lost(round_: Round, garden: Organisation, clara: Person) -> None:
    give = f"{LIST}{round_.pk}/geben/?as={garden.pk}"
    given(round_, garden, clara)
    answer = as_(clara).post(give, sheet(strengths="Mein zweiter Satz."))
    page = answer.content.decode()
    assert (
        answer.status_code == 409
        and "Mein zweiter Satz." in page
        and "This stands there now" in page
        and "Trägt <strong>sich</strong>" in page
    )
    assert 'name="version" value="1"' in page
    assert as_(clara).post(give, sheet(strengths="Mein zweiter Satz.", version="1")).status_code == 302
    end(round_)
    assert as_(clara).post(give, sheet(strengths="Zu spät.")).status_code == 409
    late = as_(clara).get(give, follow=True)
    assert late.redirect_chain == [(round_.get_absolute_url(), 302)] and "This round closed on" in plain(late.content.decode())


@pytest.mark.parametrize("voice", ["selbst", "1", "99999999999999999999", "x", ""])
def test_a_voice_one_does_not_have_is_not_there(round_: Round, clara: Person, voice: str) -> None:
    assert as_(clara).get(f"{LIST}{round_.pk}/geben/?as={voice}").status_code == 404
    assert as_(clara).get(f"{LIST}{round_.pk}/absagen/?as={voice}").status_code in {200, 404}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"strengths": "x" * 4001}, 422),
        ({"suggestion_1": "x" * 601}, 422),
        ({"version": ""}, 422),
        ({"version": "-1"}, 422),
        ({"version": "9" * 30}, 422),
        ({"strengths": "", "suggestion_1": "", "answer_1": " "}, 400),
    ],
)
def test_huge_and_empty_sheets_are_refused_with_a_sentence(round_: Round, clara: Person, more: dict[str, str], status: int) -> None:
    answer = as_(clara).post(f"{LIST}{round_.pk}/geben/", sheet(**more))
    assert answer.status_code == status and not Review.objects.exists()


def test_what_people_write_cannot_become_html(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    evil = "<script>alert(1)</script> [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
    given(round_, garden, clara, strengths=evil, open_questions=evil, suggestions=[evil], answers=[evil])
    actions.answer_review(
        Review.objects.get(), {Review.objects.get().suggestions.get().pk: Answer("no", evil)}, reply=evil, thanks=evil[:290], by=anna
    )
    actions.close_round(round_, word=evil, by=anna)
    for page in ("", "auswertung/"):
        html = as_(anna).get(f"{LIST}{round_.pk}/{page}").content.decode().partition("<main")[2]
        assert "<script>alert" not in html and 'href="javascript' not in html and "<img src=x" not in html


def test_a_person_answers_in_their_own_name(shop: Organisation, anna: Person, hanna: Person) -> None:
    found = asked(project_of(shop, "public"), anna, is_open_to_all=True, readers="everybody")
    assert "Sign in to give feedback" in words(as_(None), f"{LIST}{found.pk}/")
    give = f"{LIST}{found.pk}/geben/"
    assert as_(hanna).post(give, sheet(person_name="")).status_code == 422
    assert as_(hanna).post(f"{give}?as=selbst", sheet(person_name="Hanna")).status_code == 302
    assert "Hanna in their own name" in words(as_(None), f"{LIST}{found.pk}/")
    assert "hanna@" not in as_(None).get(f"{LIST}{found.pk}/").content.decode()


def test_no_is_said_calmly_and_its_word_is_for_those_who_asked(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    address = f"{LIST}{round_.pk}/absagen/?as={garden.pk}"
    assert as_(clara).get(address).status_code == 200
    assert as_(clara).post(address, {"word": "Erntezeit."}).status_code == 302
    assert "Erntezeit." in words(as_(anna), f"{LIST}{round_.pk}/") and "Erntezeit." not in words(as_(clara), f"{LIST}{round_.pk}/")
    assert Invitation.objects.get().declined_by == clara


def test_taking_back_and_throwing_away_lead_on(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    review = given(round_, garden, clara)
    address = f"/en/rueckmeldung/{review.pk}/"
    assert [as_(anna).post(address + what).status_code for what in ("zuruecknehmen/", "verwerfen/")] == [403, 403]
    assert as_(clara).post(f"{address}zuruecknehmen/")["Location"] == f"/en/rueckmeldungen/{round_.pk}/geben/?as={garden.pk}"
    assert as_(anna).post(f"{address}verwerfen/").status_code == 404  # a draft is not theirs to see
    assert as_(clara).post(f"{address}verwerfen/")["Location"] == LIST
    assert not Review.objects.exists()


def test_a_round_is_run_by_forms(
    round_: Round, anna: Person, bakery: Organisation, dora: Person, garden: Organisation, clara: Person
) -> None:
    client, address = as_(anna), f"{LIST}{round_.pk}/"
    assert client.post(f"{address}einladen/", {"others": "Backstube Probe eG"}).status_code == 302
    assert client.post(f"{address}frist/", {"deadline": when(2)}).status_code == 422  # before the old one
    assert client.post(f"{address}frist/", {"deadline": when(40)}).status_code == 302
    new = {"question_1": "Anders?", "readers": "asker", "text": ""}
    assert client.post(f"{address}fragen/", new).status_code == 302
    given(round_, garden, clara)
    client.post(f"{address}fragen/", new | {"readers": "everybody", "question_1": "Noch anders?"})  # somebody has answered: they stand
    assert list(Round.objects.values_list("readers", "question_1")) == [("asker", "Anders?")]
    assert client.post(f"{address}abschluss/", {"word": "Wir fangen an.", "what": "close"}).status_code == 302
    assert "Wir fangen an." in words(as_(dora), address) and "Open it again" in words(client, address)
    assert client.get(f"{address}fragen/").status_code == client.get(f"{address}einladen/").status_code == 409
    assert client.post(f"{address}frist/", {"deadline": when(20)}).status_code == 302
    round_.refresh_from_db()
    assert round_.state == "open" and round_.word == "Wir fangen an."


def test_the_summary_goes_question_by_question(round_: Round, garden: Organisation, clara: Person, anna: Person, dora: Person) -> None:
    given(round_, garden, clara)
    said = words(as_(anna), f"{LIST}{round_.pk}/auswertung/")
    assert "Hofladen Probe eG asked 1 organisation; 1 gave feedback. Of 2 suggestions 2 wait for an answer." in said
    assert "1. Was kostet es? 1 answer 500 Euro Garten Probe eG 2. Wer macht mit? 0 answers Nobody has answered this question." in said
    theirs = words(as_(dora), f"{LIST}{round_.pk}/auswertung/")
    assert "500 Euro" not in theirs and "Garten" not in theirs and "read only by those for whom it is meant" in theirs


def test_what_is_taken_off_says_why_to_those_concerned_only(
    round_: Round, garden: Organisation, clara: Person, anna: Person, dora: Person, frida: Person
) -> None:
    Round.objects.update(readers="everybody")
    actions.hide(given(round_, garden, clara), by=frida, reason="Beleidigt.")
    address = f"{LIST}{round_.pk}/"
    assert "Taken off by network management, because: Beleidigt." in words(as_(anna), address)
    assert "Trägt sich" not in words(as_(anna), address) and "Trägt sich" in words(as_(clara), address)
    assert "Beleidigt" not in words(as_(dora), address) and "Trägt" not in words(as_(dora), address)
    assert "500 Euro" not in words(as_(anna), f"{address}auswertung/")
    assert as_(anna).get(f"/en/rueckmeldung/{Review.objects.get().pk}/antworten/").status_code == 409


def test_the_project_and_the_entry_show_it(
    round_: Round, garden: Organisation, clara: Person, anna: Person, dora: Person, hanna: Person
) -> None:
    given(round_, garden, clara)
    page = words(as_(anna), round_.project.get_absolute_url())
    assert "Feedback from the network" in page and "Trägt sich selbst." in page and "Of 2 suggestions 2 wait for an answer." in page
    assert "Trägt sich" not in words(as_(dora), round_.project.get_absolute_url())
    entry = f"/en/o/{garden.slug}/"
    assert "1 given, 0 received Kistenrad" in words(as_(clara), entry)
    assert "Kistenrad" not in words(as_(dora), entry) and "1 given, 0 received" in words(as_(dora), entry)
    assert "1 given" not in words(as_(hanna), entry) and "1 given" not in words(as_(None), entry)


def test_what_waits_stands_in_ones_own_area(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    assert "Hofladen Probe eG asks Garten Probe eG" in words(as_(clara), "/en/mein/")
    given(round_, garden, clara)
    assert f"/geben/?as={garden.pk}" not in as_(clara).get("/en/mein/").content.decode().partition('id="mitteilungen"')[0]
    assert "Garten Probe eG waits for your answer" in words(as_(anna), "/en/mein/")


def test_plain_members_read_but_do_not_write(round_: Round, garden: Organisation, clara: Person) -> None:
    emil = steward(garden, "emil", Role.MEMBER)
    given(round_, garden, clara)
    assert "Trägt sich selbst." in words(as_(emil), f"{LIST}{round_.pk}/")
    assert as_(emil).get(f"{LIST}{round_.pk}/geben/").status_code == 403
    assert as_(emil).post(f"/en/rueckmeldung/{Review.objects.get().pk}/zuruecknehmen/").status_code == 403


@pytest.mark.parametrize("address", ["/en/rueckmeldungen/", "/en/rueckmeldungen/{pk}/", "/en/rueckmeldungen/{pk}/auswertung/"])
def test_lists_ask_as_often_for_three_as_for_one(project: Project, anna: Person, address: str) -> None:
    counts = []
    mills = []
    for number in range(3):
        mill = organisation(f"Mühle {number} eG")
        steward(mill, f"ben{number}")
        mills.append(mill)
    Project.objects.update(audience="public")
    found = asked(project, anna, *mills, readers="everybody")
    for number, mill in enumerate(mills):
        given(found, mill, Person.objects.get(email=f"ben{number}@leute.example"))
        if number:
            given(asked(project, anna, mill), mill, Person.objects.get(email=f"ben{number}@leute.example"))
        if number == 1:
            continue
        client = as_(anna)
        client.get(address.format(pk=found.pk))
        with CaptureQueriesContext(connection) as seen:
            client.get(address.format(pk=found.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1] and counts[0] < 60
