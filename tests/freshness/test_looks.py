"""The pages in a browser: from the letter to the confirmation without JavaScript, free of faults axe can find."""

from datetime import date
from typing import Any

import pytest

from allmende.directory.models import Confirmation
from allmende.freshness.models import Gone, Snapshot
from tests.conftest import DESK, NO_SCRIPT, PHONE, axe
from tests.freshness.ways import DAY, asked, kept, letters, link

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_letter_to_the_confirmation(open_page: Any) -> None:
    item = kept(website="https://muehle.example/", summary="Mahlt seit 1902, was die Mitglieder ernten.")
    asked(item)
    address = next(line for line in letters()[0].body.splitlines() if "/stimmt/" in line)
    page = open_page(**PHONE, **NO_SCRIPT)
    page.goto("/stimmt/" + address.split("/stimmt/")[1])
    page.get_by_role("main").get_by_role("button").click()
    assert Confirmation.objects.filter(organisation=item, how="letter").count() == 1
    assert page.get_by_role("main").get_by_role("button").count() == 0
    page.get_by_role("main").get_by_role("link").first.click()
    assert page.url.endswith(f"/o/{item.slug}/")


def test_the_pages_of_a_letter_are_free_of_faults(open_page: Any) -> None:
    item = kept(website="https://muehle.example/")
    asked(item)
    page = open_page()
    for address in (link(item), link(item) + "ende/", link(item)[:-4] + "xx/"):
        page.goto(address)
        page.errors.clear()  # the browser notes the 404 of the last one
        assert axe(page) == []
    page.goto(link(item) + "ende/")
    page.get_by_label("Jahr").or_(page.get_by_label("year")).fill("2024")
    page.get_by_role("main").get_by_role("button").click()
    assert Gone.objects.get().year == 2024


@pytest.mark.parametrize("look", [DESK, PHONE])
def test_the_age_of_the_map_is_free_of_faults(open_page: Any, look: Any) -> None:
    for n, days in enumerate((1, 100, 200, 500)):
        kept(f"Haus {n} eG", confirmed=days * DAY, sector="housing")
    for month in range(1, 10):
        counts = {"three": month, "six": 10 - month, "twelve": 1, "older": 1, "never": 2}
        Snapshot.objects.create(day=date(2026, month, 28), total=14, kept=4, asked=2, answered=1, **counts)
    page = open_page(**look)
    page.goto("/zahlen/frische/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
