"""The auditor's folder: opened again and worked out anew from its ledgers; who may take it, and that it is written down."""

import csv
import io
from collections import Counter
from datetime import date
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client

from allmende.auditing import checks
from allmende.ground.ledger import name_of
from allmende.members import actions
from allmende.members.models import Inspection, ShareEntry
from allmende.money.actions import Line, book
from allmende.money.models import Account, BookingKind
from tests import coops

pytestmark = pytest.mark.django_db
ON = date(2025, 12, 31)


@pytest.fixture
def coop() -> Any:
    """A cooperative with three members: one gave a share away, one leaves at the end of 2025."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    one, two, three = (
        coops.member(of, board, shares=3, joined_on=date(2024, 2, 1), family_name=name) for name in ("=Ahorn", "Birke", "Eibe")
    )
    lines = [Line(BookingKind.OPENING, Account.OPENING, Account.CAPITAL, 750_00, date(2024, 3, 1), member) for member in (one, two, three)]
    book(of, lines, by=board)
    actions.transfer_shares(one, two, 1, declared_on=date(2025, 3, 1), effective_on=date(2025, 4, 1), by=board)
    actions.end_membership(three, ends_on=ON, reason="notice", declared_on=date(2025, 9, 1), by=board)
    return of, board


def taken(of: Any, who: Any, on: date = ON) -> dict[str, bytes]:
    client = Client()
    client.force_login(who)
    answer: Any = client.post(
        f"/genossenschaft/{of.organisation.slug}/pruefung/", {"on": on.isoformat(), "since": "2025-01-01", "purpose": "Prüfung 2025"}
    )
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: archive.read(name) for name in archive.namelist()}


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))[1:]


def test_the_list_is_worked_out_anew_from_the_ledgers_of_the_folder(coop: Any) -> None:
    """§ 53 GenG: the auditor can count after the house; the list is the one of § 30."""
    of, board = coop
    files = list(taken(of, board).values())
    cover, listed, changes, shares, capital, bookings = files[:6]
    assert cover.startswith(b"%PDF-1.7")
    held: Counter[str] = Counter()
    for row in lines(shares):
        held[row[1]] += int(row[3])
    assert {row[0].zfill(4): int(row[10]) for row in lines(listed)} == dict(held) == {"0001": 2, "0002": 4, "0003": 3}
    paid: Counter[str] = Counter()
    for row in lines(bookings):
        paid[row[6]] += round(float(row[7]) * 100)
        paid[row[4]] -= round(float(row[7]) * 100) if row[4] else 0
    assert {row[0]: round(float(row[1]) * 100) for row in lines(capital)} == {key: cents for key, cents in paid.items() if key}
    assert [row[0] for row in lines(changes)] == ["0003"]
    assert "'=Ahorn" in listed.decode("utf-8-sig")  # no spreadsheet takes a name for a formula


def test_every_sum_is_right(coop: Any) -> None:
    of, board = coop
    files = taken(of, board)
    said = dict(reversed(line.split("  ", 1)) for line in files.pop("SHA256SUMS").decode().splitlines())  # type: ignore[arg-type, misc]
    assert said == {name: sha256(data).hexdigest() for name, data in files.items()}


def test_taking_it_is_written_down(coop: Any) -> None:
    """§ 31 GenG, Art. 5 and 30 GDPR: who took the whole register away, and what for."""
    of, board = coop
    taken(of, board)
    assert Inspection.objects.filter(what="audit").values_list("person", "rows", "purpose").get() == (board.pk, 3, "Prüfung 2025")


def test_who_may(coop: Any) -> None:
    of, _board = coop
    address = f"/genossenschaft/{of.organisation.slug}/pruefung/"
    auditor, stranger = coops.office(of, "audit"), coops.person("stranger")
    for who, status in ((None, 302), (stranger, 404), (auditor, 200)):
        client = Client()
        if who:
            client.force_login(who)
        assert client.get(address).status_code == status
        assert client.get(f"{address}?on=2025-02-30").status_code == status
    client.force_login(auditor)
    refused = client.post(address, {"on": "2999-01-01", "since": "2999-02-01", "purpose": ""})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"on", "since", "purpose"})


def test_whole_books_hold_and_a_line_written_past_the_house_is_found(coop: Any) -> None:
    of, _board = coop
    assert [one.name for one in checks.examine(of, ON) if not one.holds] == []
    entry = ShareEntry.objects.filter(kind="transfer_in").get()
    table = ShareEntry._meta.db_table
    with connection.cursor() as cursor:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name_of(table)}{on_table}")
        cursor.execute(f"UPDATE {table} SET quantity = 7 WHERE id = %s", [entry.pk])
    assert len([one for one in checks.examine(of, ON) if not one.holds]) == 1
