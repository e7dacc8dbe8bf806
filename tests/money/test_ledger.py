"""The money ledger under random histories, under a thousand events, and when the power goes between two writes."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import Refused
from allmende.members import actions as members
from allmende.members.models import Membership
from allmende.money import actions, queries, statements
from allmende.money.actions import Charging, Line
from allmende.money.models import MEMBER_ACCOUNTS, Account, Booking, BookingKind, Payable, Request
from allmende.people.models import Person
from tests import coops

pytestmark = pytest.mark.django_db
TODAY = localdate()
Event = tuple[str, int, int, int]
DOING = ("enter", "more", "pay", "pay", "give", "end", "back", "owe", "undo", "out", "reverse", "fee", "withdraw", "profit", "loss")
EVENTS = st.lists(
    st.tuples(st.sampled_from(DOING), st.integers(0, 50), st.integers(0, 50), st.integers(-1, 400_00)), min_size=15, max_size=40
)


class World:
    """A cooperative in which anything may be tried."""

    def __init__(self) -> None:
        self.of: Cooperative = coops.cooperative()
        coops.statute(self.of, share_cents=100_00, paid_in_cents=33_33, instalment_cents=33_33, entry_fee_cents=5_00, max_shares=9)
        self.board: Person = coops.office(self.of)
        self.members: list[Membership] = []

    def one(self, at: int) -> Membership:
        """One of the members as the database has it."""
        return Membership.objects.get(pk=self.members[at % len(self.members)].pk)

    def play(self, event: Event) -> bool:
        """Try it in a transaction of its own; says whether the house let it happen."""
        what, first, second, number = event
        try:
            with transaction.atomic():
                if what == "enter" or not self.members:
                    found = coops.member(self.of, self.board, shares=number % 3 + 1, joined_on=TODAY - timedelta(days=first))
                    self.members.append(found)
                else:
                    DO[what](self, self.one(first), self.one(second), number)
        except Refused:
            return False
        return True


def _pick(found: Any, number: int) -> Any:
    rows = list(found.order_by("pk"))
    return rows[number % len(rows)] if rows else None


def _pay(world: World, one: Membership, _two: Membership, cents: int) -> None:
    if request := queries.open_requests(world.of).filter(membership=one).first():
        actions.receive(request, min(cents, request.left), booked_on=TODAY, by=world.board)  # type: ignore[attr-defined]


def _end(world: World, one: Membership, _two: Membership, days: int) -> None:
    members.end_membership(one, ends_on=TODAY + timedelta(days=days % 500), reason="notice", declared_on=TODAY, by=world.board)


def _owe(world: World, one: Membership, _two: Membership, cents: int) -> None:
    if one.ends_on is None:  # capital is settled only where something was given up: here a share, yesterday
        members.cancel_shares(one, 1, declared_on=TODAY, last_day=TODAY - timedelta(days=1), by=world.board)
    line = Line(BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, cents, TODAY, one)
    actions.owe(one, "settlement", [line], due_on=TODAY, by=world.board)


def _undo(world: World, _one: Membership, _two: Membership, number: int) -> None:
    if owed := _pick(Payable.objects.filter(membership__cooperative=world.of), number):
        actions.take_back_owed(owed, by=world.board)


def _out(world: World, _one: Membership, _two: Membership, cents: int) -> None:
    if owed := _pick(queries.open_payables(world.of), cents):
        actions.pay_out(owed, min(cents, owed.left), booked_on=TODAY, by=world.board)


def _reverse(world: World, _one: Membership, _two: Membership, number: int) -> None:
    if booking := _pick(Booking.objects.filter(cooperative=world.of), number):
        actions.reverse_booking(booking, by=world.board)


def _withdraw(world: World, _one: Membership, _two: Membership, number: int) -> None:
    if request := _pick(Request.objects.filter(membership__cooperative=world.of), number):
        actions.withdraw_by_hand(request, by=world.board)


def _profit(world: World, one: Membership, _two: Membership, cents: int) -> None:
    actions.book(world.of, [Line(BookingKind.PROFIT, Account.SURPLUS, Account.CAPITAL, cents, TODAY, one)], by=world.board)


def _loss(world: World, one: Membership, _two: Membership, cents: int) -> None:
    actions.book(world.of, [Line(BookingKind.LOSS, Account.CAPITAL, Account.SURPLUS, cents, TODAY, one)], by=world.board)


def _fee(world: World, _one: Membership, _two: Membership, number: int) -> None:
    charging = Charging(f"Beitrag {number % 3}", number, TODAY)
    actions.charge(world.of, charging, seen=actions.to_be_asked(world.of, charging).count(), by=world.board)


def _more(world: World, one: Membership, _two: Membership, number: int) -> None:
    members.subscribe_shares(one, number % 3 + 1, declared_on=TODAY, effective_on=TODAY, by=world.board)


def _give(world: World, one: Membership, two: Membership, number: int) -> None:
    members.transfer_shares(one, two, number % 3 + 1, declared_on=TODAY, effective_on=TODAY + timedelta(days=number % 2), by=world.board)


def _back(world: World, one: Membership, _two: Membership, _number: int) -> None:
    members.take_end_back(one, by=world.board)


DO: dict[str, Callable[[World, Membership, Membership, int], None]] = {
    "more": _more, "pay": _pay, "give": _give, "end": _end, "back": _back, "owe": _owe, "undo": _undo, "out": _out, "reverse": _reverse,
    "fee": _fee, "withdraw": _withdraw, "profit": _profit, "loss": _loss,
}  # fmt: skip


def check(world: World) -> None:
    """Invariant 2 of the domain: everything sums to zero, no account of a member is below zero on any day, sums are those of the parts."""
    far = date(2099, 1, 1)
    rows = {row.account: row for row in statements.trial_balance(world.of, far)}
    assert sum(row.balance for row in rows.values()) == 0
    assert sum(row.debits for row in rows.values()) == sum(row.credits for row in rows.values())
    days = {day for (day,) in Booking.objects.filter(cooperative=world.of).values_list("booked_on")} | {far}
    for account in MEMBER_ACCOUNTS:
        assert sum(queries.balances(world.of, account, far).values()) == rows[account].balance
        if account != Account.RECEIVABLE:
            for day in days:
                assert min(queries.balances(world.of, account, day).values(), default=0) >= 0
    assert queries.open_sum(world.of) == sum(one.left for one in queries.open_requests(world.of))  # type: ignore[attr-defined]
    assert queries.owed_sum(world.of) == sum(one.left for one in queries.open_payables(world.of))  # type: ignore[attr-defined]
    for one in queries.requests_with_paid(Request.objects.filter(membership__cooperative=world.of)):
        assert 0 <= one.paid <= one.cents  # type: ignore[attr-defined]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=EVENTS)
def test_whatever_happens_the_books_balance(events: list[Event]) -> None:
    with transaction.atomic():
        world = World()
        for event in events:
            world.play(event)
        check(world)
        transaction.set_rollback(True)


def test_after_a_thousand_events_the_books_balance() -> None:
    rng = random.Random(22)
    world = World()
    for _number in range(12):
        world.play(("enter", rng.randrange(50), 0, rng.randrange(3)))
    done = sum(world.play((rng.choice(DOING[1:]), rng.randrange(50), rng.randrange(50), rng.randrange(-1, 120_00))) for _ in range(1_000))
    check(world)
    assert done > 250
    assert Booking.objects.filter(cooperative=world.of).count() > 150


def test_a_reversal_restores_every_balance_of_before() -> None:
    world = World()
    world.play(("enter", 1, 0, 2))
    before = [(row.account, row.balance) for row in statements.trial_balance(world.of, TODAY)]
    made = actions.receive(queries.open_requests(world.of).earliest("pk"), 33_33, booked_on=TODAY, by=world.board)
    assert [(row.account, row.balance) for row in statements.trial_balance(world.of, TODAY)] != before
    actions.reverse_booking(made, by=world.board)
    assert [(row.account, row.balance) for row in statements.trial_balance(world.of, TODAY)] == before


# ------------------------------------------------------------------------------------------------------- the power goes


class PowerCut(Exception):
    """Somebody pulled the plug."""


def state(world: World) -> tuple[Any, ...]:
    """All that was written, for comparison."""
    shares = [(one.pk, queries.capital(one), one.ends_on, one.share_entries.count()) for one in Membership.objects.order_by("pk")]
    requests = list(Request.objects.order_by("pk").values_list("pk", "withdrawn_at", "cents"))
    return shares, requests, Booking.objects.count(), Payable.objects.values_list("pk", "withdrawn_at").count()


STORIES: dict[str, Callable[[World], Any]] = {
    "join": lambda world: coops.member(world.of, world.board, shares=2),
    "pay": lambda world: _pay(world, world.one(0), world.one(0), 33_33),
    "give": lambda world: _give(world, world.one(0), world.one(1), 0),
    "give all": lambda world: _give(world, world.one(0), world.one(1), 1),
    "leave": lambda world: _end(world, world.one(0), world.one(0), 20),
    "owe": lambda world: _owe(world, world.one(0), world.one(0), 10_00),
    "fee": lambda world: _fee(world, world.one(0), world.one(0), 10_00),
    "reverse": lambda world: _reverse(world, world.one(0), world.one(0), Booking.objects.filter(kind="payment").count() - 1),
}


@pytest.mark.parametrize("story", STORIES)
def test_whenever_the_power_goes_all_of_it_is_written_or_nothing(story: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before every single write of the story, one after another; at last it runs through."""
    world = World()
    for _number in range(2):
        coops_member = coops.member(world.of, world.board, shares=2)
        world.members.append(coops_member)
    for cents in (20_00, 46_66):
        _pay(world, world.one(0), world.one(0), cents)
    before, writes = state(world), 0
    original, record = Model.save_base, trail.record

    for at in range(200):
        calls = [0]

        def tick(limit: int = at, counted: list[int] = calls) -> None:
            counted[0] += 1
            if counted[0] > limit:
                raise PowerCut

        def saving(self: Model, *args: Any, _tick: Callable[[], None] = tick, **options: Any) -> None:
            _tick()
            original(self, *args, **options)

        def recording(verb: str, _tick: Callable[[], None] = tick, **options: Any) -> Any:
            _tick()
            return record(verb, **options)

        monkeypatch.setattr(Model, "save_base", saving)
        monkeypatch.setattr(trail, "record", recording)
        try:
            with transaction.atomic():
                STORIES[story](world)
            break
        except PowerCut:
            monkeypatch.setattr(Model, "save_base", original)
            assert state(world) == before
            writes += 1
        finally:
            monkeypatch.setattr(Model, "save_base", original)
            monkeypatch.setattr(trail, "record", record)
    assert writes >= 2
    assert state(world) != before
    check(world)
