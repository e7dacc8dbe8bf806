"""The journey of a double entry: an import brings it, the night is not needed to find it, a caretaker merges, regrets and undoes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.directory import actions as directory
from allmende.directory import importers
from allmende.directory.importers.running import Task
from allmende.directory.models import RevisionSet
from allmende.duplicates.models import Pair
from allmende.ground import queue
from allmende.people.queries import service
from tests.conftest import DARK, DESK, PHONE, axe
from tests.duplicates.cast import caretaker

HEAD = "Identifier,Name,Street Address,Postcode,Locality,Country ID,Website,Phone,Primary Activity\n"
LOOKS = {"desk": DESK, "desk-dark": DESK | DARK, "phone": PHONE, "phone-dark": PHONE | DARK}


def bring(folder: Path, source: str, rows: str) -> RevisionSet:
    path = folder / f"{source}.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    task = Task(importers.profile("sea-standard"), path, source=source, licence="CC0-1.0", whole=False)
    return RevisionSet.objects.get(pk=directory.import_drafts(task, by=service("import")).revision_set)


@pytest.fixture
def imports(live_server: Any, tmp_path: Path) -> RevisionSet:
    """Two files with the same mill in them, and what the worker did after."""
    bring(
        tmp_path,
        "erste",
        "1,Alte Mühle eG,Mühlenweg 3,10115,Berlin,DE,https://muehle.example.org,+49 30 123456,\n"
        "2,Bunte Bohne eG,Hafen 1,20457,Hamburg,DE,,,\n",
    )
    second = bring(tmp_path, "zweite", "7,Alte Mühle,Mühlenweg 3,10115,Berlin,DE,https://www.muehle.example.org/,,\n")
    queue.run_all()
    return second


def signed_in(open_page: Callable[..., Any], live_server: Any, **look: Any) -> Any:
    """A page of a caretaker; the way in has a journey of its own."""
    client = Client()
    client.force_login(caretaker())
    page = open_page(**look)
    cookie = client.cookies["allmende_sitzung"].value
    page.context.add_cookies([{"name": "allmende_sitzung", "value": cookie, "url": live_server.url}])
    return page


def test_an_import_brings_a_duplicate_it_is_merged_and_taken_apart_again(
    open_page: Callable[..., Any], live_server: Any, imports: RevisionSet
) -> None:
    page = signed_in(open_page, live_server)
    page.goto(f"/en/dubletten/?import={imports.pk}")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/dubletten/[0-9]+/[?]import="))
    assert page.get_by_role("heading", level=1).inner_text() == "“Alte Mühle eG” and “Alte Mühle”"
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.id") == "vereinen"
    page.keyboard.press("Enter")
    page.get_by_text("is part of “Alte Mühle eG” now").wait_for()
    assert not page.get_by_text("1 pair", exact=True).count()

    page.goto("/en/o/alte-muehle/")
    assert page.url.endswith("/o/alte-muehle-eg/")
    assert page.get_by_text("Mühlenweg 3").count() == 1

    page.goto("/en/dubletten/zusammengefuehrt/")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("are two entries again").wait_for()
    page.goto("/en/o/alte-muehle/")
    assert page.url.endswith("/o/alte-muehle/")
    assert page.get_by_role("heading", level=1).inner_text() == "Alte Mühle"
    assert Pair.objects.get().state == "open"


def test_one_decides_without_script_too(open_page: Callable[..., Any], live_server: Any, imports: RevisionSet) -> None:
    page = signed_in(open_page, live_server, java_script_enabled=False)
    page.goto("/en/dubletten/")
    page.get_by_role("link", name="Alte Mühle").first.click()
    page.get_by_role("button", name="Different").click()
    assert page.get_by_text("Noted:").is_visible()
    assert page.get_by_text("No pair waits.").is_visible()
    page.goto("/en/dubletten/?state=different")
    assert page.get_by_role("link", name="Alte Mühle").count() == 1


def test_keys_can_be_switched_off(open_page: Callable[..., Any], live_server: Any, imports: RevisionSet) -> None:
    page = signed_in(open_page, live_server)
    page.goto("/en/dubletten/")
    page.get_by_role("button", name="Keys off").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-row]')") is False
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-row]')") is False
    page.get_by_role("button", name="Keys off").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-row]')") is True


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_pages_of_duplicates(open_page: Callable[..., Any], live_server: Any, imports: RevisionSet, look: str) -> None:
    page = signed_in(open_page, live_server, **LOOKS[look])
    found = Pair.objects.get()
    for address in ("/dubletten/", f"/dubletten/{found.pk}/", "/dubletten/zusammengefuehrt/", "/dubletten/?state=same"):
        page.goto(address)
        assert (address, axe(page)) == (address, [])
        assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"), address
