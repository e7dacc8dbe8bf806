"""Two stories of the exchange, in a browser: a need that is met, and a project that finds partners and honest feedback."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from allmende.directory import taxonomy
from allmende.directory.models import Belonging, Organisation
from allmende.enquiries.models import Enquiry
from allmende.exchange.models import Listing
from allmende.ground import queue
from allmende.people.models import Notice, Person
from allmende.projects.models import Part, Project
from tests.cast import BERLIN, HAMBURG, changed, organisation
from tests.conftest import DARK, DESK, NO_SCRIPT, PHONE, axe
from tests.journeys.test_account import send
from tests.journeys.test_claim import signed_in
from tests.stewards.cast import keeper

__all__ = ["signed_in"]
LOOKS = pytest.mark.parametrize("look", [DESK, PHONE | DARK | NO_SCRIPT], ids=["desk", "phone-dark-no-script"])


@pytest.fixture(autouse=True)
def fresh(live_server: Any) -> None:
    """A new house whose limits nobody has used up, with the words of the taxonomy."""
    cache.clear()
    taxonomy.forget()
    taxonomy.ensure()


def faults(page: Any, look: dict[str, Any]) -> list[str]:
    """What axe finds; without scripts it cannot look, and would wait for ever."""
    return axe(page) if look.get("java_script_enabled", True) else []


def coop(network: Organisation, name: str, town: str, at: tuple[float, float]) -> Organisation:
    made = organisation(name, town, at)
    Belonging.objects.create(network=network, member=made)
    changed(made)
    return made


def write_listing(page: Any, kind: str, title: str, category: str) -> None:
    page.goto(f"/boerse/neu/?direction={kind}")
    page.fill("#id_title", title)
    page.fill("#id_text", "Für **Lieferungen** in der Stadt, an zwei Tagen in der Woche.")
    page.select_option("#id_category", category)
    page.fill("#id_town", "Hamburg")
    page.check("input[name=terms][value=exchange]")
    send(page, "main form")


@LOOKS
def test_a_need_is_written_matched_asked_about_and_agreed(
    signed_in: Callable[..., Any],
    look: dict[str, Any],
) -> None:
    network = organisation("Netz der Kuriere", kind="network")
    seeking, giving = coop(network, "Suchende eG", "Hamburg", HAMBURG), coop(network, "Radhaus eG", "Hamburg", HAMBURG)
    anna, bo = keeper(seeking, "anna"), keeper(giving, "bo")
    lender = signed_in(bo, **look)
    write_listing(lender, "offer", "Verleih von Cargobikes", "bikes")
    assert "/angebot-verleih-von-cargobikes/" in lender.url
    seeker = signed_in(anna, **look)
    write_listing(seeker, "need", "Lastenrad gesucht", "transport")
    need, offer = Listing.objects.get(direction="need"), Listing.objects.get(direction="offer")
    match = seeker.locator(".match", has_text="Verleih von Cargobikes").first
    assert "Lastenrad" in match.inner_text() and "Netz der Kuriere" in match.inner_text()
    assert faults(seeker, look) == []
    with seeker.expect_navigation():
        match.locator(f"a[href*='/boerse/{offer.pk}/anfragen/']").click()
    assert f"own={need.pk}" in seeker.url
    seeker.fill("#id_text", "Habt ihr am Dienstag Zeit für ein erstes Gespräch?")
    send(seeker, "main form:has(#id_text)")
    enquiry = Enquiry.objects.get()
    assert "/gespraeche/" in seeker.url and faults(seeker, look) == []
    assert Notice.objects.filter(person=bo, path__contains=str(enquiry.uuid)).count() == 1
    lender.goto(f"/gespraeche/{enquiry.uuid}/")
    assert "Habt ihr am Dienstag Zeit" in lender.inner_text("main") and "Lastenrad gesucht" in lender.inner_text("main")
    lender.fill("#id_text", "Ja, kommt um zehn vorbei.")
    send(lender, "main form:has(#id_text)")
    for page in (lender, seeker):
        page.goto(f"/gespraeche/{enquiry.uuid}/")
        say_agreed(page, enquiry)
    enquiry.refresh_from_db()
    assert enquiry.state == "agreed"
    lender.goto(f"/gespraeche/{enquiry.uuid}/")
    send(lender, "form[action*='/erledigt/']")
    offer.refresh_from_db()
    assert offer.state == "agreed"
    queue.run_all()


def say_agreed(page: Any, enquiry: Enquiry) -> None:
    """Open what is folded in and say that it worked."""
    form = f"form[action*='/gespraeche/{enquiry.uuid}/ausgang/']"
    if not page.locator(form).is_visible():
        page.locator(f"details:has({form}) > summary").click()
    page.check(f"{form} input[value=agreed]")
    page.fill(f"{form} [name=note]", "Zwei Räder, dienstags und freitags.")
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]").click()


@LOOKS
def test_a_project_goes_from_idea_to_pilot_with_two_confirmed_partners_and_one_round_of_feedback(
    signed_in: Callable[..., Any],
    look: dict[str, Any],
) -> None:
    network = organisation("Netz der Netze", kind="network")
    carrying = coop(network, "Tragende eG", "Berlin", BERLIN)
    others = [coop(network, name, "Hamburg", HAMBURG) for name in ("Erste Partnerin eG", "Zweiter Partner eG")]
    peer = coop(network, "Kritische Freundin eG", "Berlin", BERLIN)
    anna, cem = keeper(carrying, "anna"), keeper(peer, "cem")
    partners = [keeper(others[0], "dora"), keeper(others[1], "emil")]
    page = signed_in(anna, **look)
    page.goto("/projekte/neu/")
    page.fill("#id_title", "Gemeinsames Lager")
    page.fill("#id_summary", "Ein Lager für alle in der Stadt.")
    page.fill("#id_challenge", "Jede mietet allein, alle zahlen zu viel.")
    page.fill("#id_sentence", "Beim Frühstück fiel uns auf, dass alle dasselbe suchen.")
    send(page, "main form:has(#id_title)")
    project = Project.objects.get()
    if project.is_draft:
        page.goto(project.get_absolute_url())
        send(page, f"form[action='/projekte/{project.pk}/veroeffentlichen/']")
    for partner, person in zip(others, partners, strict=True):
        take_part(page, project, partner, signed_in(person, **look))
    assert Part.objects.filter(project=project, state="confirmed", organisation__in=others).count() == 2
    for stage in ("concept", "pilot"):
        page.goto(f"/projekte/{project.pk}/schritt/")
        page.select_option("#id_stage", stage)
        page.fill("#id_sentence", f"Der nächste Schritt ist getan: {stage}.")
        send(page, "main form:has(#id_sentence)")
    project.refresh_from_db()
    assert project.stage == "pilot"
    ask_for_feedback(page, project, peer)
    give_feedback(signed_in(cem, **look), project)
    reply(page, project)
    page.goto(project.get_absolute_url())
    assert faults(page, look) == [] and "Erste Partnerin eG" in page.inner_text("main") and "Zweiter Partner eG" in page.inner_text("main")
    reader = signed_in(Person.objects.get(pk=cem.pk), **look)
    reader.goto(f"/rueckmeldungen/{project.feedback_rounds.get().pk}/")
    assert "Ein Preis je Palette" in reader.inner_text("main") and "Das rechnen wir im Pilot durch" in reader.inner_text("main")


def take_part(page: Any, project: Project, partner: Organisation, theirs: Any) -> None:
    """The carrying organisation asks, the other one confirms itself."""
    page.goto(f"/projekte/{project.pk}/beteiligte/")
    page.fill("#id_organisation", partner.slug)
    page.select_option("#id_kind", "partner")
    send(page, "main form:has(#id_organisation)")
    part = Part.objects.get(project=project, organisation=partner)
    assert part.state == "asked"
    theirs.goto("/mein/")
    assert theirs.locator(f"main a[href*='/projekte/{project.pk}/beteiligung/']").count() >= 1
    theirs.goto(f"/projekte/{project.pk}/beteiligung/{part.pk}/")
    with theirs.expect_navigation():
        theirs.locator("main button[value=confirm], main form[action*=bestaetigen] button, main form .btn:not(.quiet)").first.click()
    part.refresh_from_db()
    assert part.state == "confirmed"


def ask_for_feedback(page: Any, project: Project, peer: Organisation) -> None:
    """One round with one question of one's own and one organisation asked."""
    page.goto(f"/projekte/{project.pk}/rueckmeldung/fragen/")
    page.fill("#id_question_1", "Was müsste ein Platz kosten, damit ihr mitmacht?")
    page.fill("#id_deadline", (timezone.localtime() + timedelta(days=14)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#id_others", peer.name)
    page.locator("input[name=readers]").last.check()
    send(page, "main form:has(#id_question_1)")


def give_feedback(page: Any, project: Project) -> None:
    """Structured: what is strong, what is open, what to do."""
    page.goto(f"/rueckmeldungen/{project.feedback_rounds.get().pk}/geben/")
    page.fill("#id_strengths", "Alle kennen sich schon.")
    page.fill("#id_open_questions", "Wer haftet?")
    page.fill("#id_suggestion_1", "Ein Preis je Palette, nicht je Quadratmeter.")
    page.fill("#id_answer_1", "Zehn Euro.")
    send(page, "main form:has(#id_strengths)")


def reply(page: Any, project: Project) -> None:
    """Every suggestion gets an answer, the giver thanks."""
    review = project.feedback_rounds.get().reviews.get()
    page.goto(f"/rueckmeldung/{review.pk}/antworten/")
    page.locator("main input[value=taken_up]").first.check()
    page.locator("main textarea[name^=because]").first.fill("Das rechnen wir im Pilot durch.")
    page.fill("#id_thanks", "Danke für den klaren Blick.")
    send(page, "main form:has(#id_thanks)")
