"""Results of years: who may, what the preview refuses, what is booked, and taking it back."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from allmende.contributions.models import Contribution, ContributionType
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.money import queries as money
from allmende.money.actions import Line, book
from allmende.money.models import Account, Booking, BookingKind
from allmende.surplus import actions, queries
from allmende.surplus.models import Year, YearState
from tests import coops

pytestmark = pytest.mark.django_db
END = date(2025, 12, 31)


@pytest.fixture
def coop() -> Any:
    """A cooperative with a board and three members with 500, 300 and 200 euros since 2024."""
    of = coops.cooperative()
    coops.statute(of, has_refund=True, interest_permille=30, reserve_permille=100, share_cents=100_00)
    board = coops.office(of)
    members = [coops.member(of, board, shares=5, joined_on=date(2024, 1, 1)) for _ in range(3)]
    lines = [
        Line(BookingKind.OPENING, Account.OPENING, Account.CAPITAL, cents, date(2024, 6, 1), member)
        for cents, member in zip((500_00, 300_00, 200_00), members, strict=True)
    ]
    book(of, lines, by=board)
    return of, board, members


def prepared(of: Any, board: Any, **values: Any) -> Year:
    return actions.prepare_year(of, END, {"result": 200_00, "to_legal_reserve": 20_00, **values}, by=board)


def test_a_profit_is_previewed_booked_and_adds_up(coop: Any) -> None:
    """§ 19 GenG: 100 by 500/300/200 is 50/30/20; the first has full shares and is paid out, the others are credited."""
    of, board, members = coop
    year = prepared(of, board, distributed=100_00)
    assert [(row.distributed.cents, row.credited) for row in queries.preview(year).rows] == [(50_00, 0), (30_00, 30_00), (20_00, 20_00)]
    actions.book_year(year, "GV 2026/3", date(2026, 5, 20), by=board)
    assert [money.capital(one) for one in members] == [500_00, 330_00, 220_00]
    assert money.balance(members[0], Account.PAYABLE) == 50_00
    (owed,) = money.open_payables(of)
    assert (owed.membership, owed.cents, owed.due_on) == (members[0], 50_00, date(2026, 6, 20))
    year.refresh_from_db()
    assert [queries.part_of(year, one) for one in members] == [50_00, 30_00, 20_00]


def test_twice_is_refused_and_taken_back_is_as_before(coop: Any) -> None:
    of, board, members = coop
    year = prepared(of, board, distributed=100_00)
    actions.book_year(year, "GV 2026/3", date(2026, 5, 20), by=board)
    with pytest.raises(Refused):
        actions.book_year(year, "GV 2026/3", date(2026, 5, 20), by=board)
    with pytest.raises(Refused):
        prepared(of, board, distributed=1)
    actions.reverse_year(year, by=board)
    assert [money.capital(one) for one in members] == [500_00, 300_00, 200_00]
    assert not money.open_payables(of).exists()
    assert Year.objects.get().state == YearState.REVERSED
    assert prepared(of, board).state == YearState.DRAFT


def test_what_was_paid_out_is_not_taken_back(coop: Any) -> None:
    from allmende.money.actions import pay_out

    of, board, _members = coop
    year = actions.book_year(prepared(of, board, distributed=100_00), "GV 3", date(2026, 5, 20), by=board)
    pay_out(money.open_payables(of).get(), 50_00, booked_on=date(2026, 6, 1), by=board)
    with pytest.raises(Refused):
        actions.reverse_year(year, by=board)


def test_a_loss_is_borne_by_capital(coop: Any) -> None:
    of, board, members = coop
    year = actions.prepare_year(of, END, {"result": -100_00, "borne": 100_00}, by=board)
    actions.book_year(year, "GV 3", date(2026, 5, 20), by=board)
    assert [money.capital(one) for one in members] == [450_00, 270_00, 180_00]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"distributed": 190_00}, "zu viel"),
        ({"to_legal_reserve": 19_00}, "20,00"),
        ({"interest_permille": 31}, "30"),
        ({"distributed": 10_00, "loss_carried": 1}, "früherer Jahre"),
        ({"refund": 1}, "bestätigten Umsatz"),
        ({"result": -100_00, "to_legal_reserve": 0, "borne": 100_01}, "Verlust"),
        ({"result": -2000_00, "to_legal_reserve": 0, "borne": 1000_01}, "Verlust"),
    ],
)
def test_the_preview_says_what_law_and_statute_do_not_allow(coop: Any, values: dict[str, int], word: str) -> None:
    """§§ 19, 20, 21a GenG, § 22 KStG."""
    of, board, _members = coop
    year = prepared(of, board, **values)
    (fault,) = queries.preview(year).faults
    assert word in fault
    with pytest.raises(Refused):
        actions.book_year(year, "GV 3", date(2026, 5, 20), by=board)
    assert Booking.objects.filter(reference=year.reference).count() == 0


def test_a_refund_goes_by_confirmed_business(coop: Any) -> None:
    """§ 22 KStG: 2.5 percent of 10,000 euros are 250."""
    of, board, members = coop
    kind = ContributionType.objects.create(
        cooperative=of, key="turnover", name="Umsatz", unit="turnover", needs_confirmation=False, counts_for_refund=True
    )
    for member, cents in zip(members, (10_000_00, 590_000_00, 0), strict=True):
        if cents:
            Contribution.objects.create(
                cooperative=of, membership=member, type=kind, amount=cents, done_on=date(2025, 6, 1), source="office", counts_at_once=True
            )
    year = actions.prepare_year(
        of, END, {"result": 5_000_00, "to_legal_reserve": 500_00, "refund": 15_000_00, "total_turnover": 800_000_00}, by=board
    )
    preview = queries.preview(year)
    assert (preview.refund_base, preview.refund_cap, preview.faults) == (600_000_00, 15_000_00, [])
    assert [row.refund.cents for row in preview.rows] == [250_00, 14_750_00]  # type: ignore[union-attr]
    actions.book_year(year, "GV 3", date(2026, 5, 20), by=board)
    assert money.open_payables(of).aggregate(sum=Sum("cents"))["sum"] == 15_000_00


def test_only_the_board_books_and_strangers_see_nothing(coop: Any) -> None:
    of, board, members = coop
    year = prepared(of, board, distributed=100_00)
    keeper, stranger = coops.office(of, "bookkeeping"), coops.person("stranger")
    with pytest.raises(NotAllowed):
        actions.book_year(year, "GV 3", date(2026, 5, 20), by=keeper)
    with pytest.raises(NotAllowed):
        prepared(of, stranger)
    with pytest.raises(BadInput):
        actions.book_year(year, " ", date(2026, 5, 20), by=board)
    base = f"/genossenschaft/{of.organisation.slug}/ueberschuss/"
    for who, status in ((None, 302), (stranger, 404), (keeper, 200), (board, 200)):
        client = Client()
        if who:
            client.force_login(who)
        assert client.get(base).status_code == status
        assert client.get(f"{base}{year.uuid}/").status_code == status
    members[0].person = stranger
    members[0].save()
    client = Client()
    client.force_login(stranger)
    assert client.get(base).status_code == 200
    assert client.get(f"{base}{year.uuid}/").status_code == 404  # a preview is not for members


def test_the_way_through_the_pages(coop: Any) -> None:
    of, board, _members = coop
    client = Client()
    client.force_login(board)
    base = f"/genossenschaft/{of.organisation.slug}/ueberschuss/"
    wrong = client.post(f"{base}neu/", {"ends_on": END.isoformat(), "result": "1.000,5x"})
    assert "result" in wrong.context["form"].errors
    assert "aria-invalid" in wrong.content.decode()
    made = client.post(
        f"{base}neu/", {"ends_on": END.isoformat(), "result": "200,00", "to_legal_reserve": "20", "distributed": "100"}, follow=True
    )
    page = made.content.decode()
    assert "50" in page and "buchen/" in page
    year = Year.objects.get()
    refused = client.post(f"{base}{year.uuid}/buchen/", {"resolution": "GV 3", "resolved_on": "2025-01-01"})
    assert refused.status_code == 409
    booked = client.post(f"{base}{year.uuid}/buchen/", {"resolution": "GV 3", "resolved_on": "2026-05-20"}, follow=True)
    assert "GV 3" in booked.content.decode()
    client.post(f"{base}{year.uuid}/zuruecknehmen/")
    year.refresh_from_db()
    assert year.state == YearState.REVERSED
