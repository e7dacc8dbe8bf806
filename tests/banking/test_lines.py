"""Lines of the bank account: taken over once, booked, split, ignored, undone; and never a cent lost."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.banking import actions, queries, suggestions, tables
from allmende.banking.models import Line, Part, Statement, Upload
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.money import queries as money
from allmende.money.models import BankAccount, Booking, Payable
from tests import coops
from tests.banking.scene import ANNA, BEN, OTHER, camt, entry, imported, scene

pytestmark = pytest.mark.django_db


def test_the_same_file_twice_and_overlapping_files_change_nothing_twice() -> None:
    of = scene()
    one, two, three = (entry(number * 100, f"t{number}", ref=f"R{number}") for number in (1, 2, 3))
    assert len(imported(of, one, two)) == 2
    assert len(imported(of, one, two)) == 2
    assert len(imported(of, two, three)) == 3
    assert [(one.lines_read, one.lines_known) for one in Statement.objects.order_by("pk")] == [(2, 0), (2, 2), (2, 1)]


def test_the_same_lines_as_table_are_known_from_the_statement() -> None:
    of = scene()
    day = localdate() - timedelta(days=1)
    imported(of, entry(250_00, "M1 danke", ref="R1"))
    data = (
        "Buchungstag;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;Verwendungszweck;Betrag\n"
        f"{day:%d.%m.%Y};Anna Mueller;{ANNA};M1 dan ke;250,00\n"
        f"{day:%d.%m.%Y};Anna Mueller;{ANNA};anders;250,00\n"
    ).encode()
    upload = actions.take_file(of.cooperative, "umsaetze.csv", data, by=of.board)
    assert isinstance(upload, Upload)
    account = BankAccount.objects.get(cooperative=of.cooperative)
    made = actions.import_table(upload, tables.guess(tables.read(data)), account, by=of.board)
    assert (made.lines_read, made.lines_known) == (2, 1)
    new = Line.objects.get(statement=made)
    assert new.twin is not None  # the same day, sum and account with other words: people decide
    assert not Upload.objects.exists()
    with pytest.raises(Refused):
        actions.import_table(upload, {}, account, by=of.board)


def test_a_statement_of_another_account_is_refused_and_nothing_is_kept() -> None:
    of = scene()
    with pytest.raises(BadInput):
        actions.take_file(of.cooperative, "x.xml", camt(entry(1_00), iban=OTHER), by=of.board)
    data = f"Auftragskonto;Buchungstag;Betrag\n{OTHER};20.11.2026;1,00\n".encode()
    upload = actions.take_file(of.cooperative, "x.csv", data, by=of.board)
    with pytest.raises(BadInput):
        actions.import_table(upload, tables.guess(tables.read(data)), BankAccount.objects.get(), by=of.board)  # type: ignore[arg-type]
    assert not Line.objects.exists()


def test_only_those_who_book_take_files_over_and_book() -> None:
    of = scene()
    (line,) = imported(of, entry(250_00, of.request(of.anna).code))
    for who in (
        coops.person("fremd"),
        of.anna.person,
        coops.office(of.cooperative, "supervisory"),
        coops.office(of.cooperative, "administration"),
    ):
        with pytest.raises(NotAllowed):
            actions.take_file(of.cooperative, "x.xml", camt(), by=who)
        with pytest.raises(NotAllowed):
            actions.book_line(line, [(of.request(of.anna), 250_00)], by=who)
    assert actions.book_line(line, [(of.request(of.anna), 250_00)], by=coops.office(of.cooperative, "bookkeeping"))


def test_certain_lines_are_booked_together_and_a_second_click_changes_nothing() -> None:
    of = scene()
    anna, ben = of.request(of.anna), of.request(of.ben)
    lines = imported(of, entry(250_00, anna.code, ref="1"), entry(100_00, f"fuer {ben.code}", ref="2"), entry(7_00, "sonst", ref="3"))
    assert actions.book_certain(of.cooperative, lines, by=of.board) == 2
    assert actions.book_certain(of.cooperative, lines, by=of.board) == 0
    assert (money.capital(of.anna), money.capital(of.ben)) == (250_00, 100_00)
    assert [line.cents for line in queries.lines_of(of.cooperative)] == [7_00]


def test_two_payments_of_the_same_request_book_only_what_is_asked_for() -> None:
    of = scene()
    code = of.request(of.anna).code
    lines = imported(of, entry(250_00, code, ref="1"), entry(250_00, code, ref="2"))
    assert actions.book_certain(of.cooperative, lines, by=of.board) == 1
    assert money.capital(of.anna) == 250_00


def test_an_overpayment_stays_open_and_can_be_owed_back_and_undone() -> None:
    of = scene()
    request = of.request(of.anna)
    (line,) = imported(of, entry(300_00, request.code))
    (proposal,) = suggestions.suggestions_for(of.cooperative, [line])[line.pk]
    assert (proposal.is_certain, proposal.rest) == (False, 50_00)
    actions.book_line(line, [(request, 250_00)], by=of.board)
    assert queries.rest_of(line) == 50_00
    actions.owe_rest(line, of.anna, by=of.board)
    assert queries.rest_of(line) == 0
    (owed,) = money.open_payables(of.cooperative)
    assert (owed.membership, owed.left, money.balance(of.anna, "payable")) == (of.anna, 50_00, 50_00)  # type: ignore[attr-defined]
    assert actions.undo_line(line, by=of.board) == 2
    assert (queries.rest_of(line), money.capital(of.anna), money.balance(of.anna, "payable")) == (300_00, 0, 0)
    assert not money.open_payables(of.cooperative).exists()
    assert Payable.objects.get().withdrawn_at is not None


def test_one_payment_is_split_and_more_than_it_has_is_refused_without_a_half() -> None:
    of = scene()
    (line,) = imported(of, entry(300_00, "fuer zwei"))
    with pytest.raises(Refused):
        actions.book_line(line, [(of.request(of.anna), 250_00), (of.request(of.ben), 51_00)], by=of.board)
    assert not Part.objects.exists() and not Booking.objects.exists()
    actions.book_line(line, [(of.request(of.anna), 250_00), (of.request(of.ben), 50_00)], by=of.board)
    with pytest.raises(Refused):
        actions.book_line(line, [(of.request(of.ben), 1)], by=of.board)
    assert [part.cents for part in queries.live_parts(line)] == [250_00, 50_00]


def test_a_request_of_another_cooperative_is_refused() -> None:
    of, other = scene(), coops.cooperative("Anderswo eG")
    coops.statute(other)
    member = coops.member(other, coops.office(other))
    (line,) = imported(of, entry(250_00, "x"))
    with pytest.raises(BadInput):
        actions.book_line(line, [(member.requests.get(), 250_00)], by=of.board)


def test_ignoring_needs_a_reason_and_can_be_taken_back() -> None:
    of = scene()
    (line,) = imported(of, entry(-4_90, "Entgelt"))
    with pytest.raises(BadInput):
        actions.ignore_line(line, "  ", by=of.board)
    actions.ignore_line(line, "Kontoführung", by=of.board)
    assert not queries.lines_of(of.cooperative).exists()
    assert [one.ignored_reason for one in queries.lines_of(of.cooperative, "ignored")] == ["Kontoführung"]
    with pytest.raises(Refused):
        actions.ignore_line(line, "noch einmal", by=of.board)
    actions.heed_line(line, by=of.board)
    assert queries.lines_of(of.cooperative).count() == 1


def test_a_booking_reversed_in_the_books_opens_the_line_again() -> None:
    from allmende.money.actions import reverse_booking

    of = scene()
    (line,) = imported(of, entry(250_00, "x"))
    (part,) = actions.book_line(line, [(of.request(of.anna), 250_00)], by=of.board)
    assert part.booking
    reverse_booking(part.booking, by=of.board)
    line.refresh_from_db()
    assert queries.is_open(line)


def test_suggestions_know_accounts_names_and_numbers() -> None:
    of = scene()
    lines = imported(
        of,
        entry(250_00, "Anteil", name="MUELLER, ANNA", iban=OTHER, ref="1"),
        entry(250_00, "Mitglied 2", name="X", iban=OTHER, ref="2"),
        entry(250_00, "", name="Y", iban=BEN, ref="3"),
    )
    actions.set_payout_iban(of.ben, BEN, "Ben", by=of.ben.person)  # type: ignore[arg-type]
    found = suggestions.suggestions_for(of.cooperative, lines)
    assert [(found[line.pk][0].parts[0].number, found[line.pk][0].reasons) for line in lines] == [
        (1, ("name", "amount")),
        (2, ("number", "amount")),
        (2, ("account", "amount")),
    ]
    actions.book_line(lines[0], [(of.request(of.anna), 1_00)], by=of.board)  # from now on the account is known
    again = suggestions.suggestions_for(of.cooperative, [lines[1]])[lines[1].pk]
    assert {one.parts[0].number for one in again} == {1, 2}


@pytest.mark.parametrize("number", [1, 3])
def test_suggestions_ask_the_same_number_of_questions_for_any_number_of_lines(number: int, django_assert_max_num_queries: object) -> None:
    of = scene()
    codes = [of.request(of.anna).code, of.request(of.ben).code, "nichts"]
    imported(of, *(entry(250_00, codes[at], ref=str(at)) for at in range(number)))
    lines = list(queries.lines_of(of.cooperative))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        suggestions.suggestions_for(of.cooperative, lines)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), sums=st.lists(st.integers(1, 400_00), min_size=1, max_size=4))
def test_of_every_line_booked_and_open_make_its_sum_whatever_is_done(seed: int, sums: list[int]) -> None:
    with transaction.atomic():
        of, chance = scene(), random.Random(seed)
        lines = imported(of, *(entry(cents, f"t{at}", ref=str(at)) for at, cents in enumerate(sums)))
        for _step in range(14):
            line, request = chance.choice(lines), chance.choice([of.request(of.anna), of.request(of.ben)])
            what = chance.choice(["book", "book", "undo", "ignore", "heed", "owe"])
            try:
                if what == "book":
                    actions.book_line(line, [(request, chance.randint(1, 260_00))], by=of.board)
                elif what == "owe":
                    actions.owe_rest(line, of.anna, by=of.board)
                elif what == "ignore":
                    actions.ignore_line(line, "x", by=of.board)
                else:
                    (actions.undo_line if what == "undo" else actions.heed_line)(line, by=of.board)
            except Refused:
                pass
        for line in queries.with_rest(Line.objects.all()):
            assert line.booked + line.rest == abs(line.cents) and line.rest >= 0  # type: ignore[attr-defined]
        total = sum(line.booked for line in queries.with_rest(Line.objects.all()))  # type: ignore[attr-defined]
        assert -money.account_total(of.cooperative, "bank", localdate()) == total
        transaction.set_rollback(True)


def test_uploads_nobody_finished_are_forgotten_after_a_day() -> None:
    of = scene()
    actions.take_file(of.cooperative, "x.csv", b"Datum;Betrag\n20.11.2026;1,00\n", by=of.board)
    assert actions.forget_uploads() == 0
    Upload.objects.update(uploaded_at=Upload.objects.get().uploaded_at - timedelta(days=2))
    assert actions.forget_uploads() == 1
