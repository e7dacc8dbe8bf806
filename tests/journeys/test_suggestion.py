"""A guest points something out, those who look after the entry take over half of it, the guest hears of it; and every page is clean."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from allmende.directory.models import Organisation, Proof, Role, Stewardship
from allmende.ground.models import Letter
from allmende.people.models import Person
from allmende.suggestions import actions, letters, rules
from allmende.suggestions.actions.judging import Verdict
from allmende.suggestions.actions.pointing import Writer
from tests.cast import BERLIN, organisation, source, term
from tests.conftest import DARK, DESK, NO_SCRIPT, PHONE, axe

LOOKS = {"desk": DESK, "phone-dark": PHONE | DARK}


@pytest.fixture
def haus(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    cache.clear()
    monkeypatch.setattr(rules, "FASTEST", timedelta(0))
    term("sector", "housing", "Wohnen", "Housing")
    summary = "Ein Haus mit zwanzig Wohnungen."
    return organisation(
        "Haus eG", "Berlin", BERLIN, sector="housing", summary=summary, website="https://haus.example", from_source=source()
    )


def _person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def _steward(item: Organisation) -> Person:
    found = _person("steward")
    Stewardship.objects.create(organisation=item, person=found, role=Role.OWNER, proof=Proof.GRANTED, since=timezone.now())
    return found


def signed_in(page: Any, live_server: Any, who: Person) -> Any:
    """The page with a session of this person, as if they had signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(who)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("script", [{}, NO_SCRIPT], ids=["script", "no-script"])
def test_a_guest_suggests_two_fields_and_the_steward_takes_over_one(
    haus: Organisation, live_server: Any, open_page: Callable[..., Any], script: Any
) -> None:
    steward = _steward(haus)
    guest = open_page(**script)
    guest.goto("/o/haus-eg/")
    guest.locator("a[href='/o/haus-eg/vorschlagen/']").click()
    guest.fill("[name=summary]", "Ein Haus mit dreißig Wohnungen.")
    guest.fill("[name=website]", "https://neues-haus.example")
    guest.fill("[name=reason]", "Steht so im Schaukasten.")
    guest.fill("[name=contact]", "gast@example.org")
    guest.locator("form.stack button[type=submit]").click()
    guest.wait_for_url("**/vorschlag/**")
    status = guest.url
    assert "Ein Haus mit dreißig Wohnungen." in guest.inner_text("main")
    guest.goto("/o/haus-eg/")
    assert "dreißig" not in guest.inner_text("main")

    keeper = signed_in(open_page(**script), live_server, steward)
    keeper.goto("/o/haus-eg/")
    keeper.locator("a[href='/o/haus-eg/vorschlaege/']").first.click()
    keeper.locator("main ul.rows a").first.click()
    keeper.check("[name=take_summary][value=yes]")
    keeper.check("[name=take_website][value=no]")
    keeper.fill("[name=answer]", "Die Website ist noch die alte.")
    keeper.locator("form.stack button[type=submit]").click()
    keeper.wait_for_load_state()
    assert "Die Website ist noch die alte." in keeper.inner_text("main")

    guest.goto("/o/haus-eg/")
    guest.reload()  # guests' pages may be a minute old
    assert "Ein Haus mit dreißig Wohnungen." in guest.inner_text("main")
    assert guest.locator("a[href='https://haus.example']").count() >= 1
    assert guest.locator("a[href='https://neues-haus.example']").count() == 0
    letter = Letter.objects.get(to="gast@example.org")
    assert "Die Website ist noch die alte." not in letter.body  # a word of stewards stands on the page, not in foreign mailboxes
    assert status.removeprefix(live_server.url) in letter.body.replace("\n", "")
    guest.goto(status)
    assert "Die Website ist noch die alte." in guest.inner_text("main")


def doors(item: Organisation) -> dict[str, list[str]]:
    """All pages of this room in all their states, by who sees them."""
    steward, second = _steward(item), _person("second", is_caretaker=True)
    caretaker = _person("caretaker", is_caretaker=True)
    fields = {"summary": "Ein Haus mit dreißig Wohnungen.", "town": "Potsdam", "sector": "housing", "founded": 1998}
    waiting = actions.suggest_change(item, fields, by=Writer(uuid4(), None, "gast@example.org"), remark="Wort.", reason="Grund.")
    partly = actions.suggest_change(item, {"phone": "030 1234", "name": "Neu eG"}, by=Writer(uuid4()))
    actions.decide_suggestion(partly, {"phone": "030 1234"}, by=steward, seen=0, answer="Danke.")
    problem = actions.report_problem(item, "foreign", by=Writer(uuid4()), remark="Werbung.")
    proposal = actions.propose_organisation(
        {"name": "Werkstatt Nord eG", "town": "Hamburg", "country": "DE"}, by=Writer(uuid4()), remark="Fehlt."
    )
    said = {"place": "/o/haus-eg/", "reason": "Der Satz beleidigt.", "name": "Gast", "email": "gast@example.org", "is_nameless": False}
    report, decided = actions.report_illegal(item, said, by=Writer(uuid4())), actions.report_illegal(item, said, by=Writer(uuid4()))
    verdict = Verdict("fields", "Der Satz beleidigt.", ("description",), "law", "§ 185 StGB")
    actions.decide_report(decided, verdict, by=caretaker)
    appeal = actions.appeal_decision(decided, "steward", "Das ist eine Meinung.")
    guest = ["/o/haus-eg/", "/o/haus-eg/vorschlagen/", "/vorschlagen/", "/o/haus-eg/melden/", "/o/haus-eg/melden/danke/", "/meldungen/"]
    guest += [f"/o/haus-eg/melden/{what}/" for what in ("falsch", "erloschen", "doppelt", "rechtswidrig")]
    guest += [letters.status_path(waiting), letters.status_path(partly), letters.report_path(report), letters.report_path(decided)]
    decide = [f"/vorschlag/{one.uuid}/pruefen/" for one in (waiting, partly, problem, proposal)]
    cases = [f"/meldung/{one.uuid}/pruefen/" for one in (report, decided)] + [f"/meldung/{decided.uuid}/einspruch/{appeal.pk}/"]
    own = [*decide[:2], "/o/haus-eg/", "/o/haus-eg/vorschlaege/", letters.report_path(decided, "steward"), "/mein/"]
    return {"": guest, steward.email: own, second.email: [*decide, *cases, "/mein/"]}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page_of_this_room(haus: Organisation, live_server: Any, open_page: Callable[..., Any], look: str) -> None:
    found = {}
    for email, addresses in doors(haus).items():
        page = open_page(**LOOKS[look])
        if email:
            signed_in(page, live_server, Person.objects.get(email=email))
        for address in addresses:
            answer = page.goto(address, wait_until="load")
            assert answer.status == 200, address
            if violations := axe(page):
                found[address] = violations
            if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
                found[f"{address} sideways"] = []
    assert found == {}


def test_faults_are_named_on_top_and_at_their_field(haus: Organisation, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/o/haus-eg/vorschlagen/")
    page.fill("[name=website]", "quatsch")
    page.locator("form.stack button[type=submit]").click()
    page.wait_for_load_state()
    page.locator("#fehler a").click()
    assert page.evaluate("document.activeElement.name") == "website"
    assert page.get_attribute("[name=website]", "aria-invalid") == "true"
    assert axe(page) == []
