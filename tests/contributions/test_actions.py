"""Entered, confirmed by somebody else, taken back, years closed; and that no line is ever changed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.contributions import actions, queries
from allmende.contributions.actions import Kind
from allmende.contributions.models import Confirmation, Contribution, Import, RuleChoice, Source
from allmende.contributions.rules import Year
from allmende.ground.models import Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from tests import coops
from tests.contributions.scene import JOINED, Scene, scene

pytestmark = pytest.mark.django_db


def total(of: Scene, **filters: object) -> int:
    """What counts of this year, in thousandths."""
    return queries.sums_by_type(queries.counted(queries.lines_in(of.cooperative, queries.year_of(of.cooperative)))).get(of.hours.pk, 0)


def test_only_the_member_and_offices_enter_for_a_member() -> None:
    of = scene()
    stranger, other = coops.person("stranger"), of.member("other")
    supervisor = coops.office(of.cooperative, "supervisory")
    for by, source in ((stranger, Source.SELF), (other.person, Source.SELF), (stranger, Source.OFFICE), (supervisor, Source.OFFICE)):
        with pytest.raises(NotAllowed):
            of.enter(of.anna, by=by, source=source)
    assert of.enter(of.anna).source == Source.SELF
    assert of.enter(of.anna, by=of.board, source=Source.OFFICE).entered_by == of.board
    assert Contribution.objects.count() == 2


def test_a_line_counts_once_somebody_else_has_confirmed_it() -> None:
    of = scene()
    line = of.enter(of.anna)
    assert total(of) == 0
    for nobody in (of.anna.person, coops.person("stranger"), coops.office(of.cooperative, "supervisory")):
        with pytest.raises(NotAllowed):
            actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=nobody)
    assert actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=of.board) == (1, 0)
    assert actions.decide_contributions(of.cooperative, [line.uuid], "refused", reason="Nein", by=of.second) == (0, 1)
    assert total(of) == 1500
    assert Confirmation.objects.get().by == of.board


def test_nobody_confirms_what_they_entered_or_contributed_themselves() -> None:
    of = scene()
    line = of.enter(of.anna, by=of.board, source=Source.OFFICE)
    boards_own = coops.member(of.cooperative, of.board, person=of.second, joined_on=JOINED)
    own = of.enter(boards_own)
    with pytest.raises(NotAllowed):
        actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=of.board)
    with pytest.raises(NotAllowed):
        actions.decide_contributions(of.cooperative, [line.uuid, own.uuid], "confirmed", by=of.second)
    assert not Confirmation.objects.exists()  # all of a batch or none


def test_a_named_member_confirms_until_the_board_ends_it() -> None:
    of = scene()
    named = of.member("named")
    with pytest.raises(NotAllowed):
        actions.name_confirmer(of.cooperative, named.number, by=named.person)
    one = actions.name_confirmer(of.cooperative, named.number, by=of.board)
    assert actions.name_confirmer(of.cooperative, named.number, by=of.board) == one
    assert actions.decide_contributions(of.cooperative, [of.enter(of.anna).uuid], "confirmed", by=named.person) == (1, 0)
    with pytest.raises(NotAllowed):
        actions.decide_contributions(of.cooperative, [of.enter(named).uuid], "confirmed", by=named.person)
    actions.end_confirmer(one, by=of.board)
    with pytest.raises(NotAllowed):
        actions.decide_contributions(of.cooperative, [of.enter(of.anna).uuid], "confirmed", by=named.person)


def test_who_refuses_says_why_and_the_member_reads_it() -> None:
    of = scene()
    line = of.enter(of.anna)
    with pytest.raises(BadInput):
        actions.decide_contributions(of.cooperative, [line.uuid], "refused", reason="  ", by=of.board)
    actions.decide_contributions(of.cooperative, [line.uuid], "refused", reason="Das war bezahlt.", by=of.board)
    assert total(of) == 0
    assert "Das war bezahlt." in Letter.objects.get(kind="contributions.refused").body
    with pytest.raises(Refused):
        actions.reverse_contribution(line, by=of.anna.person)


def test_the_same_form_twice_enters_once() -> None:
    of, once = scene(), uuid4()
    first = of.enter(of.anna, once=once)
    assert of.enter(of.anna, once=once) == first
    other = of.member("other")
    with pytest.raises(Refused):
        of.enter(other, once=once)
    assert Contribution.objects.count() == 1


def test_members_take_back_what_waits_and_offices_what_counts() -> None:
    of = scene()
    line, counted = of.enter(of.anna), of.confirmed(of.anna, 2000)
    other = of.member("other")
    with pytest.raises(NotAllowed):
        actions.reverse_contribution(line, by=other.person)
    made, is_new = actions.reverse_contribution(line, by=of.anna.person)
    assert (made.amount, made.done_on, is_new) == (-1500, line.done_on, True)
    assert actions.reverse_contribution(line, by=of.anna.person) == (made, False)
    assert actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=of.board) == (0, 1)
    assert total(of) == 2000
    with pytest.raises(Refused):
        actions.reverse_contribution(counted, by=of.anna.person)
    with pytest.raises(BadInput):
        actions.reverse_contribution(counted, by=of.board)
    actions.reverse_contribution(counted, reason="doppelt", by=of.board)
    assert total(of) == 0


@pytest.mark.parametrize(
    ("days", "amount", "kind", "source"),
    [
        (1, 1000, "hours", Source.SELF),  # tomorrow
        (-4000, 1000, "hours", Source.OFFICE),  # before joining
        (-400, 1000, "hours", Source.SELF),  # too long ago for members
        (0, 0, "hours", Source.SELF),
        (0, -1000, "hours", Source.OFFICE),
        (0, 24_001, "hours", Source.SELF),
        (0, 1000, "bought", Source.SELF),  # entered by the office
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(days: int, amount: int, kind: str, source: str) -> None:
    of = scene()
    by = of.anna.person if source == Source.SELF else of.board
    with pytest.raises(BadInput) as refusal:
        of.enter(of.anna, amount, localdate() + timedelta(days=days), type=getattr(of, kind), by=by, source=source)
    assert str(refusal.value).endswith(".")
    assert not Contribution.objects.exists()


def test_a_kind_without_a_second_person_counts_at_once_and_an_ended_one_not_at_all() -> None:
    of = scene()
    quick = actions.add_type(of.cooperative, Kind("Schnell", needs_confirmation=False), unit="hours", by=of.board)
    line = of.enter(of.anna, type=quick)
    assert line.counts_at_once
    actions.change_type(quick, Kind("Schnell", is_open=False), by=of.board)
    quick.refresh_from_db()
    with pytest.raises(BadInput):
        of.enter(of.anna, type=quick)
    with pytest.raises(NotAllowed):
        actions.change_type(quick, Kind("Anders"), by=of.anna.person)


def test_kinds_of_another_cooperative_are_none_here() -> None:
    of, elsewhere = scene(), scene("Anderswo eG")
    with pytest.raises(BadInput):
        of.enter(of.anna, type=elsewhere.hours)
    line = elsewhere.enter(elsewhere.anna)
    with pytest.raises(BadInput):
        actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=of.board)


def test_a_closed_year_stays_as_it_is() -> None:
    of = scene()
    year = Year(date(2025, 1, 1), date(2025, 12, 31))
    old = of.enter(of.anna, 1000, date(2025, 12, 31), by=of.board, source=Source.OFFICE)
    with pytest.raises(Refused, match="1"):
        actions.close_year(of.cooperative, year, by=of.board)  # one still waits
    actions.decide_contributions(of.cooperative, [old.uuid], "confirmed", by=of.second)
    with pytest.raises(NotAllowed):
        actions.close_year(of.cooperative, year, by=of.anna.person)
    with pytest.raises(BadInput):
        actions.close_year(of.cooperative, Year(date(2025, 1, 1), date(2025, 6, 30)), by=of.board)
    with pytest.raises(Refused):
        actions.close_year(of.cooperative, queries.year_of(of.cooperative), by=of.board)
    closed = actions.close_year(of.cooperative, year, by=of.board)
    assert actions.close_year(of.cooperative, year, by=of.board) == closed
    with pytest.raises(BadInput):
        of.enter(of.anna, 1000, date(2025, 12, 31), by=of.board, source=Source.OFFICE)
    with pytest.raises(Refused):
        actions.reverse_contribution(old, reason="falsch", by=of.board)
    with pytest.raises(Refused):
        actions.choose_rules(of.cooperative, _turnover(), {}, valid_from=date(2025, 6, 1), by=of.board)


def _turnover() -> object:
    from allmende.contributions import rulesets

    return rulesets.found("turnover", 1)


def test_the_refund_base_is_recomputable_by_the_choice_of_its_time() -> None:
    of = scene()
    ben = of.member()
    for membership, cents, day in ((of.anna, 10_000_00, date(2025, 3, 1)), (ben, 40_00, date(2025, 4, 1)), (ben, 500_00, date(2026, 1, 2))):
        of.confirmed(membership, cents, day, type=of.bought, by=of.board, source=Source.OFFICE)
    of.enter(ben, 999_00, date(2025, 5, 1), type=of.bought, by=of.board, source=Source.OFFICE)  # waits
    start, end = date(2025, 1, 1), date(2025, 12, 31)
    assert queries.refund_base(of.cooperative, start, end) == {of.anna.pk: 10_000_00, ben.pk: 40_00}
    actions.choose_rules(of.cooperative, _turnover(), {"least": 50_00}, valid_from=date(2025, 12, 1), by=of.board)
    actions.choose_rules(of.cooperative, _turnover(), {"least": 0}, valid_from=date(2026, 1, 1), by=of.board)
    assert queries.refund_base(of.cooperative, start, end) == {of.anna.pk: 10_000_00}
    assert queries.refund_base(of.cooperative, date(2026, 1, 1), date(2026, 12, 31)) == {ben.pk: 500_00}
    with pytest.raises(Refused):
        actions.choose_rules(of.cooperative, _turnover(), {"least": 1}, valid_from=date(2026, 1, 1), by=of.board)
    assert RuleChoice.objects.count() == 2


def test_the_database_refuses_to_change_or_delete_lines() -> None:
    of = scene()
    line = of.confirmed(of.anna)
    for table, change in (
        (Contribution, {"amount": 9}),
        (Contribution, {"done_on": date(2025, 1, 1)}),
        (Confirmation, {"verdict": "refused"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.update(**change)
    with pytest.raises(models.ProtectedError):
        line.delete()


EVENTS = st.lists(st.tuples(st.sampled_from(["enter", "confirm", "refuse", "undo", "reverse"]), st.integers(1, 24_000)), max_size=25)


def test_sums_hold_under_random_histories() -> None:
    of = scene()

    @settings(max_examples=15, deadline=None)
    @given(EVENTS)
    def play(events: list[tuple[str, int]]) -> None:
        with transaction.atomic():
            expected = history(of, events)
            assert total(of) == sum(expected.values())
            transaction.set_rollback(True)

    play()


def history(of: Scene, events: list[tuple[str, int]]) -> dict[int, int]:
    """What counts after these events, some of which the house refuses: amount by line."""
    lines: list[Contribution] = []
    expected: dict[int, int] = {}
    for what, number in events:
        line = lines[number % len(lines)] if lines else None
        try:
            if what == "enter" or line is None:
                lines.append(of.enter(of.anna, number))
            elif what == "confirm":
                if actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=of.board)[0]:
                    expected[line.pk] = line.amount
            elif what == "refuse":
                actions.decide_contributions(of.cooperative, [line.uuid], "refused", reason="Nein", by=of.board)
            elif what == "undo":
                actions.reverse_contribution(line, by=of.anna.person)
            else:
                actions.reverse_contribution(line, reason="falsch", by=of.board)
                expected.pop(line.pk, None)
        except Refused:
            continue
    return expected


def test_files_are_rehearsed_first_and_entered_as_a_whole_once() -> None:
    of = scene()
    content = (
        "Mitgliedsnummer;Art;Menge;Datum;Text\n"
        f"{of.anna.number};Arbeit;1:30;31.03.2025;Übersetzung\n{of.anna.number};einkauf;-12,50;2025-04-01;\n"
    ).encode("cp1252")
    with pytest.raises(NotAllowed):
        actions.rehearse_import(of.cooperative, "mai.csv", content, by=of.anna.person)
    run = actions.rehearse_import(of.cooperative, "mai.csv", content, by=of.board)
    again = actions.rehearse_import(of.cooperative, "mai.csv", content, by=of.board)
    assert [row["fault"] for row in run.rows] == ["", ""]
    assert not Contribution.objects.exists()
    assert actions.enter_import(run, by=of.board) == 2
    assert actions.enter_import(run, by=of.board) == 0
    assert sorted(Contribution.objects.values_list("amount", "text", "source")) == [(-1250, "", "import"), (1500, "Übersetzung", "import")]
    with pytest.raises(Refused):
        actions.enter_import(again, by=of.board)
    with pytest.raises(Refused):
        actions.rehearse_import(of.cooperative, "x", content, by=of.board)
    actions.discard_import(again, by=of.board)
    assert Import.objects.get().rows == []


def test_rows_that_cannot_be_are_named_and_nothing_is_entered() -> None:
    of = scene()
    anna = of.anna.number
    rows = [
        "99;Arbeit;1;01.04.2025", f"{anna};Backen;1;01.04.2025", f"{anna};Arbeit;viel;01.04.2025", f"{anna};Arbeit;1;31.02.2025",
        f"{anna};Arbeit;1;01.04.2024", f"{anna};Arbeit;1;01.04.2025",
    ]  # fmt: skip
    run = actions.rehearse_import(of.cooperative, "x.csv", ("Nr;Art;Menge;Datum\n" + "\n".join(rows)).encode(), by=of.board)
    assert [bool(row["fault"]) for row in run.rows] == [True, True, True, True, True, False]
    with pytest.raises(Refused):
        actions.enter_import(run, by=of.board)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04kaputt", b"\x00\x01\x02", b"Nur;Unsinn\n1;2", b"Nr;Art;Menge;Datum\n"])
def test_files_that_are_none_get_a_sentence(content: bytes) -> None:
    of = scene()
    with pytest.raises(BadInput):
        actions.rehearse_import(of.cooperative, "x.xlsx", content, by=of.board)


def test_an_excel_file_is_read() -> None:
    import io

    from openpyxl import Workbook

    of, book, out = scene(), Workbook(), io.BytesIO()
    book.active.append(["Mitgliedsnummer", "Art", "Stunden", "Datum"])
    book.active.append([of.anna.number, "Arbeit", 2.25, date(2025, 5, 1)])
    book.save(out)
    run = actions.rehearse_import(of.cooperative, "x.xlsx", out.getvalue(), by=of.board)
    assert (run.rows[0]["amount"], run.rows[0]["done_on"], run.rows[0]["fault"]) == (2250, "2025-05-01", "")
