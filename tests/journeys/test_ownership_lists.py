"""Lists that come in and go out, in a browser: a thousand members taken over, the auditor's folder opened against the register."""

import csv
import io
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from allmende.ground import queue
from allmende.members.models import Inspection, Membership
from allmende.money.models import Booking
from allmende.people.models import Person
from tests import coops
from tests.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/genossenschaft/gartenwerk-eg/"
MEMBERS = 1_000
SHARES = sum(1 + number % 4 for number in range(1, MEMBERS + 1))
HEADING = ["Nr", "Nachname", "Vorname", "Straße", "PLZ", "Ort", "E-Mail", "Eintritt", "Anteile", "Guthaben"]


def a_list() -> bytes:
    """A thousand invented members with one to four shares of 250 euros, all paid in, as Excel saves it in Germany."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(HEADING)
    for number in range(1, MEMBERS + 1):
        shares = 1 + number % 4
        who = [f"Probe{number}", "Änne", f"Quittenweg {number}", "07743", "Jena", f"probe{number}@lists.example"]
        rows.writerow([number, *who, f"{1 + number % 28:02d}.03.{2001 + number % 20}", shares, f"{shares * 250},00"])
    return text.getvalue().encode("cp1252")


def press(page: Any, button: str) -> None:
    """Press the button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).first.click()


def said(number: int) -> re.Pattern[str]:
    """A number as a German page writes it, whatever stands between the thousands."""
    whole = f"{number:,}".split(",")
    return re.compile(r"(?<!\d)" + r"\D?".join(whole) + r"(?!\d)")


def test_a_thousand_members_come_in_within_a_minute(open_page: Callable[..., Any], sign_in: Callable[..., None]) -> None:
    of = coops.cooperative()
    coops.statute(of)
    page = open_page()
    sign_in(page, coops.office(of))
    began = time.monotonic()
    page.goto(f"{AT}uebernahme/")
    page.set_input_files("[name=file]", {"name": "mitglieder.csv", "mimeType": "text/csv", "buffer": a_list()})
    press(page, "form[enctype] .btn")
    press(page, "main form .btn")  # what the columns hold was guessed
    page.fill("[name=opening_on]", "2025-12-31")
    press(page, "main form .btn")
    _sums_are_right(page)
    page.check("[name=sums_are_right]")
    press(page, "form[action$='/starten/'] .btn")
    queue.run_all()
    page.reload()
    _sums_are_right(page)
    page.locator("main a[href$='/mitglieder/']").last.click()
    expect(page.locator("main .lead")).to_contain_text(said(MEMBERS))
    seconds = time.monotonic() - began
    print(f"{MEMBERS} members in {seconds:.1f} s")
    assert (Membership.objects.count(), sum(Booking.objects.values_list("cents", flat=True))) == (MEMBERS, SHARES * 250_00)
    assert seconds < 60


def _sums_are_right(page: Any) -> None:
    told = page.locator("main dl.facts").first
    for number in (MEMBERS, SHARES, SHARES * 250):
        expect(told).to_contain_text(said(number))


def three() -> Person:
    """A cooperative whose members hold one, two and three shares; gives its board."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    for shares, name in enumerate(("Ahorn", "Birke", "Eibe"), 1):
        coops.member(of, board, shares=shares, joined_on=date(2024, 2, shares), family_name=name)
    return board


def test_the_auditors_folder_holds_the_list_of_the_page(
    open_page: Callable[..., Any], sign_in: Callable[..., None], tmp_path: Path
) -> None:
    page = open_page(**PHONE)
    sign_in(page, three())
    page.goto(f"{AT}pruefung/?on=2025-12-31")
    assert page.locator("main tbody .state.ok").count() == page.locator("main tbody tr").count() > 0
    page.fill("form[method=post] [name=on]", "2025-12-31")
    page.fill("[name=since]", "2025-01-01")
    page.fill("[name=purpose]", "Prüfung 2025")
    with page.expect_download() as download:
        page.locator("form[method=post] .btn").last.click()
    assert download.value.suggested_filename.endswith("gartenwerk-eg-2025-12-31.zip")
    download.value.save_as(tmp_path / "mappe.zip")
    with ZipFile(tmp_path / "mappe.zip") as archive:
        assert archive.testzip() is None
        listed = archive.read(archive.namelist()[1]).decode("utf-8-sig")
    page.goto(f"{AT}mitglieder/?on=2025-12-31")
    shown = [(row.locator("td").first.inner_text(), row.locator(".num").inner_text()) for row in page.locator("main tbody tr").all()]
    assert [(row[0].zfill(4), row[10]) for row in list(csv.reader(io.StringIO(listed), delimiter=";"))[1:]] == shown
    assert [shares for _number, shares in shown] == ["1", "2", "3"]
    assert list(Inspection.objects.filter(what="audit").values_list("purpose", "rows")) == [("Prüfung 2025", 3)]
