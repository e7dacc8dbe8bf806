"""The pages of caretakers and stewards in all rooms, once wide and light, once narrow and dark; what only a browser shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from allmende.commons import actions, letters
from allmende.commons.models import DataRequest, DataRules, RequestState
from allmende.directory.models import Organisation, State
from allmende.notices.actions import follow_organisation
from allmende.people.models import Person
from allmende.suggestions.models import Suggestion
from tests.cast import BERLIN, organisation, source
from tests.conftest import DARK, DESK, PHONE, axe
from tests.duplicates.cast import caretaker, mills, pair, steward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = {"desk": DESK, "phone-dark": PHONE | DARK}


def _asked() -> DataRequest:
    words = {"who": "Hochschule", "purpose": "Wir untersuchen, wie Genossenschaften zusammenarbeiten.", "fields": ["email"]}
    until = timezone.localdate() + timedelta(days=90)
    return actions.ask_for_data(words | {"email": "forschung@example.org", "until": until}, language="de")


def _scene() -> tuple[Person, Person, dict[str, list[str]]]:
    """Something of everything that waits; gives a caretaker, a steward and their addresses."""
    cache.clear()
    call_command("found_rules")
    home = organisation("Haus eG", "Berlin", BERLIN, sector="housing", summary="Ein Haus.", from_source=source())
    draft = organisation("Entwurf eG", "Berlin", BERLIN, state=State.DRAFT)
    found = pair(*mills())
    house, anna = caretaker(), steward("anna", home)
    Suggestion.objects.create(organisation=home, fields={"summary": "Zwei Häuser."}, opened_at=timezone.now())
    asked = actions.confirm_request(_asked())
    rules = DataRules.objects.get()
    follow_organisation(home, by=anna)
    entry = f"/o/{home.slug}/"
    return house, anna, {
        "house": [
            "/mein/", "/pflege/", "/pflege/?kind=ownerless", "/pflege/wer/", "/pflege/hintergrund/", f"/dubletten/{found.pk}/",
            "/dubletten/", f"/o/{draft.slug}/", f"/o/{draft.slug}/sichten/", f"/datennutzung/{asked.uuid}/", "/meldungen/",
            "/datenregeln/vorschlagen/",
        ],
        "anna": [
            "/mein/", "/mein/abos/", entry, f"{entry}bearbeiten/", f"{entry}verlauf/", f"{entry}team/", f"{entry}vorschlaege/",
            f"{entry}ende/", "/datenregeln/", f"/datennutzung/{asked.uuid}/", "/datennutzung/anfragen/", "/zahlen/frische/",
            f"/datenregeln/{rules.version}/",
        ],
    }  # fmt: skip


def _signed_in(page: Any, live_server: Any, who: Person) -> Any:
    client = Client()
    client.force_login(who)
    key = client.cookies["allmende_sitzung"].value
    page.context.add_cookies([{"name": "allmende_sitzung", "value": key, "url": live_server.url}])
    return page


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_where_caretakers_and_stewards_work(open_page: Callable[..., Any], live_server: Any, look: str) -> None:
    house, anna, addresses = _scene()
    found: dict[str, list[str]] = {}
    for who, name in ((house, "house"), (anna, "anna")):
        page = _signed_in(open_page(**LOOKS[look]), live_server, who)
        for address in addresses[name]:
            answer = page.goto(address, wait_until="load")
            assert (answer.status, page.locator("h1").count()) == (200, 1), address
            if violations := axe(page):
                found[f"{name} {address}"] = violations
            if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
                found[f"{name} {address} sideways"] = []
    assert found == {}


def test_who_asks_for_data_confirms_by_the_link_in_a_browser(open_page: Callable[..., Any]) -> None:
    organisation("Haus eG", "Berlin", BERLIN)
    asked = _asked()
    page = open_page()
    page.goto(f"/datennutzung/meine/{letters.key_of(asked)}/")
    with page.expect_navigation():
        page.click("button[value=confirm]")
    assert (page.locator("h1").count(), DataRequest.objects.get().state) == (1, RequestState.OPEN)


def test_the_summary_of_faults_takes_the_focus_without_script(open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/datennutzung/anfragen/")
    with page.expect_navigation():
        page.click("main form .btn")
    page.errors.clear()  # the browser notes the 422
    assert page.title().startswith("Fehler:")
    assert page.locator("#fehler:focus").count() == 1
    assert page.locator("#fehler a[href='#id_wanted']").count() == 0 and page.locator("fieldset#id_wanted legend").count() == 1
    assert Organisation.objects.count() == 0
