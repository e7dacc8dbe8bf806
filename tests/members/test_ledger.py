"""The share ledger under random histories: sums, limits, as-of dates, both lines of a transfer; and that nothing is ever changed."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, models, transaction

from allmende.ground.refusals import Refused
from allmende.members import actions, queries, rules
from allmende.members.models import Membership, ShareEntry
from tests import coops

pytestmark = pytest.mark.django_db
START = date(2024, 1, 1)
KINDS = ["enter", "more", "more", "fewer", "give", "end", "back", "reverse"]
EVENTS = 1_000
MEMBERS = 40


def play(event: tuple[str, int, int, int, int], of: object, board: object, known: list[Membership]) -> None:
    """One event of a history; the house may refuse it."""
    what, one, two, number, days = event
    day = START + timedelta(days=days)
    if what == "enter" or not known:
        known.append(coops.member(of, board, shares=number, joined_on=day))  # type: ignore[arg-type]
        return
    member, other = known[one % len(known)], known[two % len(known)]
    member.refresh_from_db()
    if what == "more":
        actions.subscribe_shares(member, number, declared_on=day, effective_on=day, by=board)  # type: ignore[arg-type]
    elif what == "fewer":
        actions.cancel_shares(member, number, declared_on=day, last_day=day, by=board)  # type: ignore[arg-type]
    elif what == "give":
        actions.transfer_shares(member, other, number, declared_on=day, effective_on=day, by=board)  # type: ignore[arg-type]
    elif what == "end":
        actions.end_membership(member, ends_on=day, reason="notice", declared_on=day, by=board)  # type: ignore[arg-type]
    elif what == "back":
        actions.take_end_back(member, by=board)  # type: ignore[arg-type]
    elif entry := member.share_entries.order_by("pk").last():
        actions.reverse_entry(entry, by=board)  # type: ignore[arg-type]


def test_at_every_date_shares_are_between_nothing_and_the_most_and_an_active_member_holds_one() -> None:
    """A thousand events as they come: refused or entered whole, the invariants hold after all of them."""
    luck = Random(20261122)
    of = coops.cooperative()
    coops.statute(of, max_shares=9)
    board, known, refused = coops.office(of), [], 0  # type: ignore[var-annotated]
    for _ in range(EVENTS):
        what = luck.choice(KINDS) if len(known) < MEMBERS else luck.choice(KINDS[1:])
        event = (what, luck.randrange(MEMBERS), luck.randrange(MEMBERS), luck.randint(-1, 7), luck.randint(1, 900))
        try:
            play(event, of, board, known)
        except Refused:
            refused += 1
    assert 0 < refused < EVENTS
    check(known)


def check(known: list[Membership]) -> None:
    """Invariants 1 and 2 of the domain, on every day on which something changes, the day before and the day after."""
    days: set[date] = set()
    for member in Membership.objects.filter(pk__in=[one.pk for one in known]):
        lines = queries.share_lines(member)
        mine = {since + timedelta(days=step) for since, _quantity in lines for step in (-1, 0, 1)} | {date(2035, 1, 1)}
        for day in mine:
            held = rules.held_on(lines, day)
            assert 0 <= held <= 9
            assert (held >= 1) == rules.is_active(member.joined_on, member.ends_on, day)
        days |= set(list(mine)[:2])
    for day in days:
        on_the_day = {one.pk: one.shares for one in queries.register_on(known[0].cooperative, day)}  # type: ignore[attr-defined]
        held_then = {one.pk: rules.held_on(queries.share_lines(one), day) for one in known[:5]}
        assert {pk: held for pk, held in held_then.items() if held} == {
            one.pk: on_the_day[one.pk] for one in known[:5] if one.pk in on_the_day
        }
    given = ShareEntry.objects.filter(kind__in=("transfer_in", "transfer_out")).aggregate(sum=models.Sum("quantity"))["sum"]
    assert not given


@pytest.mark.parametrize("column", ["quantity", "effective_on", "membership_id", "kind"])
def test_the_database_refuses_to_change_a_line(column: str) -> None:
    """Invariant 2 of the domain, § 30 GenG: a trigger of the database, whoever writes."""
    of = coops.cooperative()
    coops.statute(of)
    member = coops.member(of, coops.office(of))
    changed = {"quantity": 2, "effective_on": START, "membership_id": member.pk, "kind": "opening"}[column]
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareEntry.objects.filter(membership=member).update(**{column: changed})
    with pytest.raises(models.ProtectedError):
        ShareEntry.objects.filter(membership=member).delete()


def test_who_leaves_on_the_last_of_december_is_a_member_all_that_day() -> None:
    """§ 30 GenG and invariant 3: still listed and voting on 31 December, gone on 1 January."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    member = coops.member(of, board, shares=2)
    actions.end_membership(member, ends_on=date(2026, 12, 31), reason="notice", declared_on=date(2026, 9, 30), by=board)
    assert [one.shares for one in queries.register_on(of, date(2026, 12, 31))] == [2]  # type: ignore[attr-defined]
    assert not queries.register_on(of, date(2027, 1, 1)).exists()
