"""Who sees which page, what stands on it, and that nobody learns what another member contributed."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate

from allmende.contributions import actions, queries
from allmende.contributions.models import Contribution, RuleChoice
from allmende.contributions.spread import positions, spread
from allmende.money import queries as money
from allmende.money.models import Booking
from tests import coops
from tests.contributions.scene import Scene, scene

pytestmark = pytest.mark.django_db


def of_whom(of: Scene, person: Any) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def at(of: Scene, tail: str = "beitraege/") -> str:
    return f"/genossenschaft/{of.slug}/{tail}"


def crowd(of: Scene) -> None:
    """Six employees, five partners, two customers; Anna has no group."""
    for number in range(6):
        of.confirmed(of.member(f"e{number}{of.cooperative.pk}", "employees"), 1000 * (number + 1))
    for number in range(5):
        of.confirmed(of.member(f"p{number}{of.cooperative.pk}", "partners"), 500)
    for number in range(2):
        of.confirmed(of.member(f"c{number}{of.cooperative.pk}", "customers"), 7000 + number)


OFFICES = ("beitraege/bestaetigen/", "beitraege/eintragen/", "beitraege/import/", "beitraege/regeln/", "beitraege/regeln/art/",
           "beitraege/regeln/schluessel/", "beitraege/regeln/satz/levels/1/", "beitraege/buch/")  # fmt: skip


def test_the_no_before_the_yes() -> None:
    of = scene()
    crowd(of)
    elsewhere = scene("Anderswo eG")
    member = of.member("member")
    supervisor = coops.office(of.cooperative, "supervisory")
    for nobody in (None, coops.person("stranger"), elsewhere.board, elsewhere.anna.person):
        for tail in ("beitraege/", "beitraege/live/", *OFFICES):
            assert of_whom(of, nobody).get(at(of, tail)).status_code == 404, tail
    assert of_whom(of, None).get(at(of, "ich/beitraege/")).status_code == 302
    for nobody in (coops.person("other"), elsewhere.anna.person, of.board):
        assert of_whom(of, nobody).get(at(of, "ich/beitraege/")).status_code == 404
    for tail in OFFICES:
        assert of_whom(of, member.person).get(at(of, tail)).status_code == 404
        assert of_whom(of, of.board).get(at(of, tail)).status_code == 200, tail
        assert of_whom(of, supervisor).get(at(of, tail)).status_code == (200 if tail.endswith("buch/") else 404)
    for somebody in (member.person, of.board, supervisor):
        for tail in ("beitraege/", "beitraege/live/"):
            assert of_whom(of, somebody).get(at(of, tail)).status_code == 200
    assert of_whom(of, member.person).get(at(of, "ich/beitraege/")).status_code == 200


def test_small_groups_are_shown_together_and_offices_see_each() -> None:
    of = scene()
    crowd(of)
    year = queries.year_of(of.cooperative)
    office, member = (spread(who, of.cooperative, year, of.hours) for who in (of.board, of.anna.person))
    assert [(row.members, row.votes, row.work) for row in office.rows] == [(6, 6, 21_000), (5, 5, 2500), (2, 2, 14_001), (1, 1, 0)]
    # customers and Anna are three: the smallest of the others joins them, so that no difference tells
    assert [(row.members, row.work) for row in member.rows] == [(6, 21_000), (8, 16_501)]
    assert member.total is not None and member.total.work == 37_501
    page = of_whom(of, of.anna.person).get(at(of)).content.decode()
    assert "14,001" not in page and "Employees" in page
    assert not re.search(r"Mitglied\d", page)


def test_means_are_only_shown_where_enough_are_behind_them() -> None:
    of = scene()
    crowd(of)
    first = Contribution.objects.order_by("pk")[0].membership
    alone = Contribution.objects.order_by("-pk")[0].membership
    year = queries.year_of(of.cooperative)
    big, small = (positions(one.person, one, year)[0] for one in (first, alone))
    assert (big.counted, big.group_mean.replace("\u00a0", " ")) == (1000, "3,5 h")
    assert (small.counted, small.group_mean) == (7001, "")
    assert small.all_mean.replace("\u00a0", " ") == "2,7 h"
    actions.set_visibility(of.cooperative, "board", 5, by=of.board)
    hidden = positions(first.person, first, year)[0]
    assert (hidden.counted, hidden.group_mean, hidden.all_mean) == (1000, "", "")


def test_the_board_chooses_who_sees_the_sums() -> None:
    of = scene()
    crowd(of)
    actions.set_visibility(of.cooperative, "public", 5, by=of.board)
    page = of_whom(of, None).get(at(of)).content.decode()
    assert "37,501" in page and 'data-live="latest"></div>' in page
    actions.set_visibility(of.cooperative, "board", 5, by=of.board)
    assert of_whom(of, None).get(at(of)).status_code == 404
    page = of_whom(of, of.anna.person).get(at(of))
    assert page.status_code == 200 and "37,501" not in page.content.decode()
    assert of_whom(of, of.anna.person).get(at(of, "beitraege/live/")).status_code == 204


def test_a_member_never_sees_anothers_line() -> None:
    of = scene()
    crowd(of)
    secret = of.enter(of.member("other"), 3333, text="Geheimnis")
    client = of_whom(of, of.anna.person)
    for tail in ("beitraege/", "beitraege/live/", "ich/beitraege/", ""):
        page = client.get(at(of, tail)).content.decode()
        assert "Geheimnis" not in page and "3,333" not in page and str(secret.uuid) not in page, tail
    assert client.post(at(of, f"ich/beitraege/{secret.uuid}/zuruecknehmen/")).status_code == 404
    for who in (of.anna.person, None):
        assert of_whom(of, who).post(at(of, f"beitraege/buch/{secret.uuid}/"), {"reason": "x"}).status_code == 404


def test_live_answers_only_what_has_changed() -> None:
    of = scene()
    crowd(of)
    client = of_whom(of, of.anna.person)
    first = client.get(at(of, "beitraege/live/"))
    same = client.get(at(of, "beitraege/live/"), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, same.status_code) == (200, 304)
    assert "no-cache" in first["Cache-Control"] and "public" not in first["Cache-Control"]
    of.confirmed(Contribution.objects.first().membership, 12_000)  # type: ignore[union-attr]
    changed = client.get(at(of, "beitraege/live/"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and "49,501" in changed.content.decode()


def test_a_member_enters_takes_back_and_keeps_what_was_typed() -> None:
    of = scene()
    client, page = of_whom(of, of.anna.person), at(of, "ich/beitraege/")
    said = {"type": "arbeit", "amount": "1:30", "done_on": localdate().isoformat(), "text": "<b>Lager</b>", "once": str(uuid4())}
    for _twice in range(2):
        assert client.post(page, said).status_code == 302
    line = Contribution.objects.get()
    assert line.amount == 1500
    assert "&lt;b&gt;Lager" in client.get(page).content.decode()
    wrong = client.post(page, {**said, "amount": "eine Stunde", "once": str(uuid4())})
    assert wrong.status_code == 400 and "eine Stunde" in wrong.content.decode()
    for bad in ({"type": "einkauf"}, {"type": "nichts"}, {"done_on": "2999-01-01"}, {"once": "kein"}, {"amount": "99"}):
        assert client.post(page, {**said, "once": str(uuid4()), **bad}).status_code == 400
    for _twice in range(2):
        assert client.post(at(of, f"ich/beitraege/{line.uuid}/zuruecknehmen/")).status_code == 302
    assert Contribution.objects.count() == 2


def test_the_office_confirms_refuses_and_enters() -> None:
    of = scene()
    lines = [of.enter(of.anna, 1000 + n) for n in range(3)]
    client, page = of_whom(of, of.board), at(of, "beitraege/bestaetigen/")
    assert "Anders, Anna" in client.get(page).content.decode()
    assert client.post(page, {"verdict": "confirmed"}).status_code == 400
    assert client.post(page, {"verdict": "refused", "lines": [lines[2].uuid]}).status_code == 400
    assert client.post(page, {"verdict": "confirmed", "lines": ["kein"]}).status_code == 400
    assert client.post(page, {"verdict": "confirmed", "lines": [lines[0].uuid, lines[1].uuid]}).status_code == 302
    assert client.post(page, {"verdict": "confirmed", "lines": [lines[0].uuid]}).status_code == 302
    assert client.post(page, {"verdict": "refused", "lines": [lines[2].uuid], "reason": "Nein"}).status_code == 302
    said = {"number": of.anna.number, "type": "einkauf", "amount": "12,30", "done_on": localdate().isoformat(), "once": str(uuid4())}
    assert client.post(at(of, "beitraege/eintragen/"), {**said, "number": 4711}).status_code == 400
    assert client.post(at(of, "beitraege/eintragen/"), said).status_code == 302
    assert Contribution.objects.filter(source="office", amount=1230).count() == 1
    assert client.get(at(of, f"beitraege/buch/?nr={of.anna.number}")).content.decode().count("0001") >= 4
    assert client.get(at(of, "beitraege/buch/?nr=abc&jahr=x")).status_code == 200
    assert client.post(at(of, f"beitraege/buch/{lines[0].uuid}/"), {"reason": "doppelt"}).status_code == 302
    assert client.get(at(of, f"beitraege/buch/{lines[0].uuid}/")).status_code == 200


def test_the_board_sets_up_kinds_rules_keys_and_years() -> None:
    of = scene()
    of.confirmed(of.anna, 20_000)
    client, page = of_whom(of, of.board), at(of, "beitraege/regeln/")
    said = {"name": "Kisten", "unit": "own", "entrant": "members", "days_back": "30", "most": "1,5"}
    assert client.post(page + "art/", said).status_code == 400  # the unit lacks its name
    assert client.post(page + "art/", {**said, "unit_name": "Kisten"}).status_code == 302
    assert client.post(page + "art/kisten/", {**said, "is_open": "on", "name": "Gemüsekisten"}).status_code == 302
    rule = {"levels": "10: Danke.", "valid_from": localdate().isoformat()}
    shown = client.post(page + "satz/levels/1/", {**rule, "preview": ""})
    assert "Danke. (1)" in shown.content.decode() and not RuleChoice.objects.exists()
    assert client.post(page + "satz/levels/1/", {**rule, "levels": "Unsinn", "preview": ""}).status_code == 400
    assert client.post(page + "satz/levels/1/", {**rule, "choose": ""}).status_code == 302
    assert "Danke." in of_whom(of, of.anna.person).get(at(of, "ich/beitraege/")).content.decode()
    turnover = {"least": "50,00", "valid_from": localdate().isoformat(), "choose": ""}
    assert client.post(page + "satz/turnover/1/", turnover).status_code == 302
    assert client.post(page, {"what": "visibility", "visibility-openness": "public", "visibility-least_members": "4"}).status_code == 400
    assert client.post(page, {"what": "visibility", "visibility-openness": "public", "visibility-least_members": "6"}).status_code == 302
    assert client.post(page, {"what": "confirmer", "confirmer-number": "4711"}).status_code == 400
    assert client.post(page, {"what": "confirmer", "confirmer-number": str(of.anna.number)}).status_code == 302
    assert client.get(page).status_code == 200
    assert client.post(page + f"bestaetigende/{of.anna.number}/beenden/").status_code == 302
    made = client.post(page + "schluessel/", {"client": "Kasse", "may_post": "on"})
    word = re.search(r"beitrag_[\w-]{43}", made.content.decode())
    assert word and word[0] not in client.get(page).content.decode()
    assert "no-store" in made["Cache-Control"]


def test_a_year_is_closed_on_the_page() -> None:
    from datetime import date

    of = scene()
    of.confirmed(of.anna, 1000, date(2025, 5, 1), by=of.board, source="office")
    client, page = of_whom(of, of.board), at(of, "beitraege/regeln/")
    assert client.post(page, {"what": "year", "year-year": "2025-12-31"}).status_code == 400
    assert client.post(page, {"what": "year", "year-year": "1999-12-31", "year-sure": "on"}).status_code == 400
    assert client.post(page, {"what": "year", "year-year": "2025-12-31", "year-sure": "on"}).status_code == 302
    assert "31.12.2025" in client.get(page).content.decode()


def test_a_file_goes_through_the_pages() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    of = scene()
    client, page = of_whom(of, of.board), at(of, "beitraege/import/")
    file = SimpleUploadedFile("mai.csv", f"Nr;Art;Menge;Datum\n{of.anna.number};Arbeit;1,5;{localdate():%d.%m.%Y}\n".encode())
    rehearsed = client.post(page, {"file": file})
    assert rehearsed.status_code == 302
    assert client.get(rehearsed["Location"]).status_code == 200
    for _twice in range(2):
        assert client.post(rehearsed["Location"], {"enter": ""}).status_code == 302
    assert Contribution.objects.get().amount == 1500
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 400
    for who in (of.anna.person, None):
        assert of_whom(of, who).get(rehearsed["Location"]).status_code == 404


@pytest.mark.parametrize("tail", ["beitraege/", "ich/beitraege/", "beitraege/bestaetigen/", "beitraege/buch/"])
def test_lists_ask_the_same_however_long_they_are(tail: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    of = scene()
    client = of_whom(of, of.anna.person if tail.startswith("ich") else of.board)
    counts = []
    for _more in range(2):
        of.enter(of.anna)
        of.confirmed(of.anna)
        client.get(at(of, tail))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(at(of, tail)).status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
    assert counts[1] < 60


def test_erasing_an_account_keeps_the_ledger_without_the_person() -> None:
    from allmende.contributions import personal

    of = scene()
    line = of.confirmed(of.anna)
    person = of.anna.person
    assert [one["amount"] for one in personal.data(person)] == ["1.5"]  # type: ignore[arg-type]
    assert len(personal.forget(person)) == 1  # type: ignore[arg-type]
    line.refresh_from_db()
    assert (line.entered_by, line.amount) == (None, 1500)


def test_capital_stands_beside_work_by_group() -> None:
    of = scene()
    crowd(of)
    first = Contribution.objects.order_by("pk")[0].membership
    Booking.objects.create(
        cooperative=of.cooperative, kind="payment", debit="bank", credit="capital", member_credit=first, cents=250_00, booked_on=localdate()
    )
    shown = spread(of.board, of.cooperative, queries.year_of(of.cooperative), of.hours)
    assert [row.capital_cents for row in shown.rows] == [250_00, 0, 0, 0]
    assert shown.total is not None and shown.total.capital_cents == money.account_total(of.cooperative, "capital", localdate())
