"""Fees by size: declared, counted, charged once a year, taken back."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from allmende.constitution.models import OfficeKind
from allmende.ground.models import Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.members.actions import Named
from allmende.members.models import Party
from allmende.money import actions as money
from allmende.money.models import Request
from allmende.networks import actions, queries
from allmende.networks.models import Fee, FeeScheme
from allmende.networks.rules import Step
from tests import coops

pytestmark = pytest.mark.django_db
STEPS = [Step(9, 120_00), Step(49, 250_00), Step(None, 600_00)]
YEAR = localdate().year


@pytest.fixture
def scene():
    made = coops.cooperative("Bund eG")
    coops.statute(made)
    board = coops.office(made)
    return made, board


def _firm(of, board, name: str, **fields: object):
    return coops.member(of, board, named=Named(party=Party.LEGAL, firm=name, email=f"{name.lower()}@firm.example"), **fields)


def _scheme(of, board, **fields: object) -> FeeScheme:
    said = {"measure": "employees", "is_pro_rata": True, **fields}
    return actions.save_scheme(of, said.pop("from_year", YEAR - 1), STEPS, by=board, **said)  # type: ignore[arg-type]


def _size(one, figure: int, board) -> None:
    actions.declare_size(one, figure, measure="employees", declared_on=localdate(), by=board)


def test_a_year_is_charged_by_size_once(scene) -> None:
    bund, board = scene
    _scheme(bund, board)
    small, large, silent = (_firm(bund, board, name) for name in ("Klein", "Gross", "Still"))
    coops.member(bund, board)  # a person pays no fee by size
    _size(small, 9, board)
    _size(large, 50, board)
    before = Letter.objects.count()
    rows = {row.name: (row.figure, row.cents, row.is_new) for row in queries.fee_rows(bund, YEAR)}
    assert rows == {"Klein": (9, 120_00, True), "Gross": (50, 600_00, True), "Still": (None, 0, False)}
    assert actions.charge_year(bund, YEAR, due_on=localdate(), by=board) == 2
    assert actions.charge_year(bund, YEAR, due_on=localdate(), by=board) == 0
    found = Request.objects.filter(kind="fee").values_list("membership__number", "cents").order_by("membership__number")
    assert list(found) == [(small.number, 120_00), (large.number, 600_00)]
    assert Letter.objects.count() == before + 2
    _size(silent, 10, board)
    assert actions.charge_year(bund, YEAR, due_on=localdate(), by=board) == 1
    assert actions.charge_year(bund, YEAR - 1, due_on=localdate(), by=board) == 3


def test_the_year_of_joining_counts_by_months_where_it_is_wanted(scene) -> None:
    bund, board = scene
    _scheme(bund, board, from_year=2024)
    one = _firm(bund, board, "Neu", joined_on=date(2025, 3, 15))
    _size(one, 20, board)
    assert [(row.months, row.cents) for row in queries.fee_rows(bund, 2025)] == [(10, 208_33)]
    assert queries.fee_rows(bund, 2024) == []
    _scheme(bund, board, from_year=2024, is_pro_rata=False)
    assert [(row.months, row.cents) for row in queries.fee_rows(bund, 2025)] == [(12, 250_00)]


def test_a_version_that_was_charged_by_stays(scene) -> None:
    bund, board = scene
    made = _scheme(bund, board)
    _size(_firm(bund, board, "Klein"), 1, board)
    actions.charge_year(bund, YEAR, due_on=localdate(), by=board)
    with pytest.raises(Refused):
        _scheme(bund, board)
    with pytest.raises(Refused):
        actions.drop_scheme(made, by=board)
    later = _scheme(bund, board, from_year=YEAR + 1)
    assert queries.scheme_for(bund, YEAR) == made
    assert queries.scheme_for(bund, YEAR + 1) == later
    actions.drop_scheme(later, by=board)
    assert FeeScheme.objects.count() == 1


def test_a_fee_is_taken_back_and_charged_anew_unless_paid(scene) -> None:
    bund, board = scene
    _scheme(bund, board)
    one = _firm(bund, board, "Klein")
    _size(one, 60, board)
    actions.charge_year(bund, YEAR, due_on=localdate(), by=board)
    actions.take_back_fee(Fee.objects.get(), by=board)
    assert Request.objects.get(kind="fee").withdrawn_at
    actions.declare_size(one, 5, measure="employees", declared_on=localdate(), evidence="Zahlendreher", by=board)
    assert actions.charge_year(bund, YEAR, due_on=localdate(), by=board) == 1
    fee = Fee.objects.get()
    assert (fee.figure, fee.cents) == (5, 120_00)
    money.receive(fee.request, 20_00, booked_on=localdate(), by=board)
    with pytest.raises(Refused):
        actions.take_back_fee(fee, by=board)


def test_who_may_not_is_told_so(scene) -> None:
    bund, board = scene
    _scheme(bund, board)
    one = _firm(bund, board, "Klein", person=coops.person("kasse"))
    supervisor, stranger = coops.office(bund, OfficeKind.SUPERVISORY), coops.person("fremd")
    for by in (supervisor, stranger, one.person):
        with pytest.raises(NotAllowed):
            _scheme(bund, by)
        with pytest.raises(NotAllowed):
            actions.charge_year(bund, YEAR, due_on=localdate(), by=by)
    for by in (supervisor, stranger):
        with pytest.raises(NotAllowed):
            _size(one, 5, by)
    _size(one, 5, one.person)


@pytest.mark.parametrize("change", [{"from_year": 1999}, {"measure": "haare"}])
def test_fees_that_make_no_sense_are_refused(scene, change: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        _scheme(*scene, **change)


def test_years_and_days_that_make_no_sense_are_refused(scene) -> None:
    bund, board = scene
    _scheme(bund, board)
    one = _firm(bund, board, "Klein")
    for year, due in ((YEAR + 2, localdate()), (YEAR, date(2020, 1, 1)), (1999, localdate())):
        with pytest.raises(BadInput):
            actions.charge_year(bund, year, due_on=due, by=board)
    with pytest.raises(BadInput):
        actions.declare_size(one, -1, measure="employees", declared_on=localdate(), by=board)
    with pytest.raises(BadInput):
        actions.declare_size(one, 5, measure="employees", declared_on=date(2100, 1, 1), by=board)


def test_the_preview_asks_a_handful_of_questions(scene, django_assert_num_queries) -> None:
    bund, board = scene
    _scheme(bund, board)
    _size(_firm(bund, board, "Eins"), 1, board)
    with django_assert_num_queries(6):
        assert len(queries.fee_rows(bund, YEAR)) == 1
    for name in ("Zwei", "Drei"):
        _size(_firm(bund, board, name), 1, board)
    with django_assert_num_queries(6):
        assert len(queries.fee_rows(bund, YEAR)) == 3
