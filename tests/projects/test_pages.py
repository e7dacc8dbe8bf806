"""The pages: who gets in, what stands there, hostile input, how many questions they ask."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.directory.models import Organisation, State, Stewardship
from allmende.exchange.models import Listing
from allmende.projects import actions, rules
from allmende.projects.models import Part, Project
from allmende.projects.urls import urlpatterns
from tests.cast import term
from tests.projects.conftest import Cast, as_, filled
from tests.projects.test_actions import need

TODAY = timezone.localdate()
OWN = ("bearbeiten", "schritt", "neues", "gesucht", "beteiligte", "verwerfen")


def get(who: Any, path: str, **more: Any) -> Any:
    return as_(who).get(path, **more)


def text_of(who: Any, path: str) -> str:
    response = get(who, path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


# ---------------------------------------------------------------------------------------------------------- who gets in


@pytest.mark.parametrize("path", OWN)
def test_pages_for_those_who_lead_are_not_there_for_others(cast: Cast, path: str) -> None:
    address = f"/projekte/{cast.project().pk}/{path}/"
    for who in (cast.emil, cast.fritz, cast.ben, cast.dora, cast.frida):
        assert get(who, address).status_code == 404
    assert get(None, address).status_code == 302
    assert get(cast.anna, address).status_code == 200


def test_what_one_may_not_see_is_not_there(cast: Cast) -> None:
    hidden, draft = cast.project(audience="network"), cast.project(published=False)
    for project in (hidden, draft):
        for path in ("", "pitch/", f"{project.slug}/", "uebernehmen/", "mitmachen/", "uebergeben/", "ausblenden/"):
            assert get(cast.fritz, f"/projekte/{project.pk}/{path}").status_code == 404
        assert get(None, f"/projekte/{project.pk}.json").status_code == 404
        assert get(cast.anna, f"/projekte/{project.pk}.json").status_code == 404  # as everybody sees it, whoever asks


@pytest.mark.parametrize("number", [0, 999, 99999999999999999999])
def test_unknown_numbers_are_not_there(cast: Cast, number: int) -> None:
    for path in ("", "titel/", "pitch/", "bearbeiten/", "beteiligung/1/", f"beteiligung/{number}/"):
        assert get(cast.anna, f"/projekte/{number}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["veroeffentlichen", "entwurf", "uebergeben/nein", "schritt/1/zuruecknehmen"])
def test_writing_is_post(cast: Cast, path: str) -> None:
    assert get(cast.anna, f"/projekte/{cast.project().pk}/{path}/").status_code == 405


def test_a_part_is_for_both_sides_only(cast: Cast) -> None:
    part = actions.ask_part(cast.project(), cast.bund, kind="partner", by=cast.anna)
    address = part.get_absolute_url()
    assert [get(who, address).status_code for who in (cast.emil, cast.clara, cast.dora, cast.frida)] == [404] * 4
    assert [get(who, address).status_code for who in (cast.anna, cast.ben)] == [200] * 2
    other = cast.project()
    assert get(cast.ben, f"/projekte/{other.pk}/beteiligung/{part.pk}/").status_code == 404


def test_the_address_is_readable_and_never_another_page(cast: Cast) -> None:
    project = cast.project(title="Pitch")
    assert project.get_absolute_url() == f"/projekte/{project.pk}/pitch-projekt/"
    assert get(None, f"/projekte/{project.pk}/").headers["Location"] == project.get_absolute_url()
    assert get(None, f"/projekte/{project.pk}/anders/").headers["Location"] == project.get_absolute_url()
    assert cast.project(title="!!!").slug == "projekt"


def test_no_title_reads_like_another_page() -> None:
    below = [str(one.pattern).removeprefix("projekte/<int:pk>/") for one in urlpatterns if "<int:pk>/" in str(one.pattern)]
    words = {one.rstrip("/") for one in below if one and "/" not in one.rstrip("/") and "<" not in one}
    assert words == rules.TAKEN_WORDS


def test_a_project_without_a_lead_says_so_to_those_who_can_help(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    Stewardship.objects.filter(organisation=cast.acker).update(until=timezone.now())
    way = f"/projekte/{project.pk}/uebergeben/"
    for who, there in ((None, False), (cast.emil, False), (cast.clara, False), (cast.ben, True), (cast.frida, True)):
        assert (way in text_of(who, project.get_absolute_url())) is there
        assert get(who, way).status_code == (200 if there else 302 if who is None else 404)
    said = {"what": "take", "organisation": cast.bund.pk, "sentence": "Wir machen weiter."}
    assert as_(cast.ben).post(way, said).status_code == 302
    assert cast.bund.name in text_of(None, project.get_absolute_url())


# -------------------------------------------------------------------------------------------------------- what is shown


def test_unconfirmed_names_stand_on_no_page_of_others(cast: Cast) -> None:
    project = cast.project()
    actions.ask_part(project, cast.bund, kind="partner", contribution="Geheime Räume", by=cast.anna)
    actions.offer_part(project, cast.chor, kind="partner", contribution="Geheime Stimmen", by=cast.clara)
    for who in (None, cast.emil, cast.dora, cast.frida):
        for path in (project.get_absolute_url(), f"/projekte/{project.pk}/pitch/", "/projekte/", f"/projekte/{project.pk}.json"):
            page = text_of(who, path)
            assert "Bund eG" not in page
            assert "Chor eG" not in page
            assert "Geheime" not in page
    assert "Bund eG" in text_of(cast.anna, project.get_absolute_url())


def test_the_page_shows_steps_parts_needs_news_and_the_line(cast: Cast) -> None:
    project = cast.project(licence="CC0-1.0", links=[{"label": "Plan", "url": "https://plan.example/"}], funding="8.000 Euro")
    cast.partner(project)
    left = cast.partner(project, cast.chor, cast.clara)
    actions.leave_part(left, by=cast.clara)
    actions.want_partner(project, need(), by=cast.anna)
    actions.add_update(project, title="Erste Freigabe", text="**Ja**", by=cast.anna, now=timezone.now())
    copy = actions.publish_project(actions.adopt_project(project, cast.fern, with_texts=True, by=cast.fritz, today=TODAY), by=cast.fritz)
    Project.objects.filter(pk=copy.pk).update(audience="public")
    page = text_of(None, project.get_absolute_url())
    for word in ("Bund eG", "Chor eG", "Zweite Pilotgenossenschaft", "Erste Freigabe", "<strong>Ja</strong>", "Fern eG", "8.000 Euro"):
        assert word in page
    assert 'href="https://plan.example/"' in page
    assert project.get_absolute_url() in text_of(None, copy.get_absolute_url())
    listing = Listing.objects.get()
    assert project.get_absolute_url() in text_of(None, listing.get_absolute_url())
    assert project.get_absolute_url() in text_of(None, "/o/bund-eg/")
    assert project.get_absolute_url() not in text_of(None, "/o/chor-eg/")


def test_markdown_that_tries_html_stays_text(cast: Cast) -> None:
    bad = "<script>alert(1)</script> [klick](javascript:alert(1)) <img src=x onerror=alert(1)>"
    project = cast.project(title=bad[:140], summary=bad, challenge=bad, text=bad, results=bad, funding=bad, audience_text=bad)
    actions.add_update(project, title=bad[:140], text=bad, by=cast.anna, now=timezone.now())
    for path in (project.get_absolute_url(), f"/projekte/{project.pk}/pitch/", "/projekte/", "/o/acker-eg/"):
        page = text_of(None, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


def test_the_list_is_narrowed_by_words_stage_goal_organisation_and_needs(cast: Cast) -> None:
    goal = term("sdg", "7", "Energie")
    first = cast.project(title="Kühlhaus", sdgs=[goal], stage="pilot")
    second = cast.project(title="Radverleih")
    cast.partner(second)
    actions.want_partner(second, need(), by=cast.anna)

    def found(query: str) -> list[int]:
        return [one.pk for one in get(None, f"/projekte/?{query}").context["pages"]]

    assert set(found("")) == {first.pk, second.pk}
    assert found("q=kuhl") == found("q=Kühlhaus") == found("stage=pilot") == found("sdg=7") == [first.pk]
    assert found("organisation=bund-eg") == found("organisation=Bund") == found("wants=1") == [second.pk]
    assert set(found("organisation=acker-eg")) == {first.pk, second.pk}
    assert found("q=nirgends") == []
    assert set(found("stage=quatsch&page=99")) == {first.pk, second.pk}


@pytest.mark.parametrize(
    "query", ["q=%00%00", "q=" + "a" * 5000, "page=-1", "page=%F0", "organisation=%00", "sdg=%27%22", "q=%25_%5C", "wants=2"]
)
def test_odd_addresses_of_the_list_do_no_harm(cast: Cast, query: str) -> None:
    cast.project()
    is_broken = "%00" in query or "%F0" in query  # no text at all: the house says so before any room is asked
    assert get(None, f"/projekte/?{query}").status_code == (400 if is_broken else 200)


def test_the_feed_tells_what_everybody_may_read(cast: Cast) -> None:
    shown = cast.project()
    cast.project(audience="network", title="Unter uns")
    cast.project(published=False, title="Entwurf")
    feed = ET.fromstring(get(cast.anna, "/projekte/feed.atom").content)
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")][1:]
    assert titles == [shown.title]


def test_the_export_names_what_is_public_and_nobody(cast: Cast) -> None:
    project = cast.project()
    part = actions.ask_part(project, cast.bund, kind="partner", contribution="Räume", by=cast.anna)
    actions.answer_part(part, confirm=True, by=cast.ben)
    data = get(None, f"/projekte/{project.pk}.json").json()
    assert (data["stage"], data["organisation"]["name"]) == ("idea", "Acker eG")
    assert [(one["name"], one["part"], one["contribution"]) for one in data["participants"]] == [("Bund eG", "partner", "Räume")]
    assert "Anna" not in str(data)


def test_the_pitch_has_no_navigation(cast: Cast) -> None:
    page = text_of(None, f"/projekte/{cast.project().pk}/pitch/")
    assert "<nav" not in page
    assert "Datentreuhand" in page


# -------------------------------------------------------------------------------------------------- queries stay few


@pytest.mark.parametrize("path", ["/projekte/", "/projekte/meine/", "/mein/", "/o/acker-eg/", "/projekte/feed.atom"])
def test_lists_ask_the_same_for_one_and_for_three(cast: Cast, path: str) -> None:
    def asked() -> int:
        client = as_(cast.anna)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    actions.want_partner(cast.project(), need(), by=cast.anna)
    waiting = cast.project(organisation=cast.bund, by=cast.ben)
    actions.ask_part(waiting, cast.acker, kind="partner", by=cast.ben)
    one = asked()
    for number in range(2):
        actions.want_partner(cast.project(), need(title=f"Nummer {number}"), by=cast.anna)
        actions.ask_part(cast.project(organisation=cast.bund, by=cast.ben), cast.acker, kind="partner", by=cast.ben)
    assert asked() == one


def test_a_project_asks_the_same_for_one_and_for_three(cast: Cast) -> None:
    def asked(project: Project) -> int:
        client = Client()
        client.get(project.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(project.get_absolute_url())
        return len(captured)

    project = cast.project()
    cast.partner(project)
    actions.want_partner(project, need(), by=cast.anna)
    actions.add_update(project, title="1", text="1", by=cast.anna, now=timezone.now())
    one = asked(project)
    cast.partner(project, cast.chor, cast.clara)
    actions.add_step(project, stage="pilot", on=TODAY, sentence="Weiter.", by=cast.anna, today=TODAY)
    for number in range(2):
        actions.want_partner(project, need(title=f"Nummer {number}"), by=cast.anna)
        actions.add_update(project, title="2", text="2", by=cast.anna, now=timezone.now())
    assert asked(project) == one


# ------------------------------------------------------------------------------------------------------------- filling in


def test_a_project_is_written_published_and_carried_together(cast: Cast) -> None:
    anna, ben = as_(cast.anna), as_(cast.ben)
    assert anna.post("/projekte/neu/", filled(organisation=cast.acker.pk)).status_code == 302
    project = Project.objects.get()
    assert anna.post(f"/projekte/{project.pk}/veroeffentlichen/").status_code == 302
    assert anna.post(f"/projekte/{project.pk}/beteiligte/", {"organisation": "Bund eG", "kind": "partner"}).status_code == 302
    part = Part.objects.get(organisation=cast.bund)
    assert part.get_absolute_url() in text_of(cast.ben, "/mein/")
    assert part.get_absolute_url() in text_of(cast.ben, "/projekte/meine/")
    assert ben.post(part.get_absolute_url(), {"what": "confirm", "contribution": "Räume", "word": ""}).status_code == 302
    said = {"stage": "pilot", "on": TODAY.isoformat(), "sentence": "Es geht los."}
    assert anna.post(f"/projekte/{project.pk}/schritt/", said).status_code == 302
    assert anna.post(f"/projekte/{project.pk}/neues/", {"title": "Neu", "text": "Es geht los."}).status_code == 302
    update = project.updates.get()
    assert anna.post(f"/projekte/{project.pk}/neues/{update.pk}/", {"title": "Neu", "text": "Bald."}).status_code == 302
    project.refresh_from_db()
    part.refresh_from_db()
    assert (project.stage, part.state, part.contribution, project.updates.get().text) == ("pilot", "confirmed", "Räume", "Bald.")
    assert ben.post(part.get_absolute_url(), {"what": "change", "kind": "supporter", "contribution": ""}).status_code == 302
    assert ben.post(part.get_absolute_url(), {"what": "leave", "word": ""}).status_code == 302
    part.refresh_from_db()
    assert (part.kind, part.state) == ("supporter", "left")


def test_a_wanted_partner_is_described_on_the_page(cast: Cast) -> None:
    project = cast.project()
    page = text_of(cast.anna, f"/projekte/{project.pk}/gesucht/")
    assert project.summary in page
    until = (TODAY + timedelta(days=30)).isoformat()
    said = {
        "title": "Raum gesucht",
        "text": "",
        "category": "rooms",
        "tags": "",
        "is_remote": "on",
        "until": until,
        "terms": "gift",
        "radius": "50",
    }
    assert as_(cast.anna).post(f"/projekte/{project.pk}/gesucht/", said).status_code == 302
    assert [one.title for one in Listing.objects.filter(wanted_by__project=project)] == ["Raum gesucht"]
    again = as_(cast.anna).post(f"/projekte/{project.pk}/gesucht/", said | {"title": "", "text": "Was ich schon schrieb"})
    assert again.status_code == 422
    assert "Was ich schon schrieb" in again.content.decode()


def test_an_adoption_and_a_handover_go_through_the_pages(cast: Cast) -> None:
    project = cast.project(licence="CC0-1.0")
    ben = as_(cast.ben)
    assert ben.post(f"/projekte/{project.pk}/uebernehmen/", {"organisation": cast.bund.pk, "with_texts": "copy"}).status_code == 302
    copy = Project.objects.get(adopted_from=project)
    assert copy.challenge == project.challenge
    assert as_(cast.anna).post(f"/projekte/{project.pk}/uebergeben/", {"what": "offer", "organisation": "bund-eg"}).status_code == 302
    assert f"/projekte/{project.pk}/uebergeben/" in text_of(cast.ben, "/mein/")
    said = {"what": "take", "organisation": cast.bund.pk, "sentence": "Wir machen weiter."}
    assert ben.post(f"/projekte/{project.pk}/uebergeben/", said).status_code == 302
    project.refresh_from_db()
    assert project.organisation == cast.bund


def test_caretakers_take_off_on_the_page(cast: Cast) -> None:
    project = cast.project()
    frida = as_(cast.frida)
    assert frida.post(f"/projekte/{project.pk}/ausblenden/", {"reason": ""}).status_code == 422
    assert frida.post(f"/projekte/{project.pk}/ausblenden/", {"reason": "Gemeldet."}).status_code == 302
    assert get(None, project.get_absolute_url()).status_code == 404
    assert "Gemeldet." in text_of(cast.anna, project.get_absolute_url())
    assert frida.post(f"/projekte/{project.pk}/ausblenden/").status_code == 302
    assert get(None, project.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"title": "x" * 141}, {"challenge": "x" * 8001}, {"stage": "nirgends"}, {"licence": "geheim"}, {"sdgs": ["99999"]},
        {"links": "Plan ftp://plan.example/"}, {"links": "javascript:alert(1)"}, {"links": "nur Worte"}, {"audience": "alle"},
        {"links": "Plan https://a:b@plan.example/"}, {"links": "\n".join(["x https://plan.example/"] * 21)}, {"chosen": "Gibt es nicht eG"},
        {"on": "2999-01-01"}, {"on": "gestern"}, {"language": "fr"}, {"links": "Plan https://plan.example/" + "x" * 600},
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_what_cannot_be_stays_in_the_form_with_a_sentence(cast: Cast, wrong: dict[str, Any]) -> None:
    response = as_(cast.anna).post("/projekte/neu/", filled(organisation=cast.acker.pk, text="Schon geschrieben") | wrong)
    assert response.status_code == 422
    assert "Schon geschrieben" in response.content.decode()
    assert Project.objects.count() == 0


def test_foreign_numbers_in_a_form_do_nothing(cast: Cast) -> None:
    ben = as_(cast.ben)
    assert ben.post("/projekte/neu/", filled(organisation=cast.acker.pk)).status_code == 422
    project = cast.project()
    assert (
        ben.post(f"/projekte/{project.pk}/mitmachen/", {"organisation": cast.chor.pk, "kind": "partner", "contribution": "x"}).status_code
        == 422
    )
    assert (
        ben.post(f"/projekte/{project.pk}/mitmachen/", {"organisation": cast.bund.pk, "kind": "lead", "contribution": "x"}).status_code
        == 422
    )
    assert ben.post(f"/projekte/{project.pk}/uebernehmen/", {"organisation": cast.chor.pk}).status_code == 422
    part = actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    anna = as_(cast.anna)
    assert anna.post(part.get_absolute_url(), {"what": "confirm"}).status_code == 403
    assert ben.post(part.get_absolute_url(), {"what": "quatsch"}).status_code == 400
    assert Part.objects.get(pk=part.pk).state == "asked"


def test_two_entries_of_one_name_are_asked_apart(cast: Cast) -> None:
    from tests.cast import organisation

    organisation("Bund eG", slug="bund-eg-2")
    project = cast.project()
    response = as_(cast.anna).post(f"/projekte/{project.pk}/beteiligte/", {"organisation": "Bund eG", "kind": "partner"})
    assert response.status_code == 422
    assert "/o/bund-eg-2/" in response.content.decode()
    assert (
        as_(cast.anna).post(f"/projekte/{project.pk}/beteiligte/", {"organisation": "/o/bund-eg-2/", "kind": "partner"}).status_code == 302
    )


def test_names_of_hidden_entries_are_not_found(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.bund.pk).update(state=State.DRAFT)
    response = as_(cast.anna).post(f"/projekte/{cast.project().pk}/beteiligte/", {"organisation": "bund-eg", "kind": "partner"})
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["http://[x", "https://[::1/o/", "//", "?#", "%"])
def test_broken_addresses_are_names_nobody_has(cast: Cast, name: str) -> None:
    project = cast.project()
    asked = as_(cast.anna).post(f"/projekte/{project.pk}/beteiligte/", {"organisation": name, "kind": "partner"})
    offered = as_(cast.anna).post(f"/projekte/{project.pk}/uebergeben/", {"what": "offer", "organisation": name})
    assert (asked.status_code, offered.status_code) == (422, 422)


def test_whoever_belongs_nowhere_reads_how_to_begin(cast: Cast) -> None:
    assert get(cast.emil, "/projekte/neu/").status_code == 200
    assert as_(cast.emil).post("/projekte/neu/", filled(organisation=cast.acker.pk)).status_code == 200
    assert Project.objects.count() == 0
