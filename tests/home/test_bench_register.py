"""The bench of the register measures a lawful one. Nothing is timed here."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from allmende.auditing.checks import examine
from allmende.home.measuring import members
from allmende.members.models import Membership, Particulars, ShareEntry, ShareKind
from allmende.money.models import Account, Booking
from allmende.money.queries import lowest_from

pytestmark = pytest.mark.django_db


def test_two_hundred_invented_members_make_a_lawful_register() -> None:
    house = members.founded("Messwerk eG")
    members.fill(house, 200)
    today = localdate()
    for day in (today, today - timedelta(days=400), today - timedelta(days=2_000)):
        assert [check for check in examine(house.cooperative, day) if not check.holds] == []
    assert Membership.objects.filter(cooperative=house.cooperative).count() == 200
    assert Membership.objects.exclude(ends_on=None).count() > 5
    assert Particulars.objects.count() > 200
    assert ShareEntry.objects.filter(kind=ShareKind.TRANSFER_OUT).exists()
    assert Booking.objects.exclude(payable=None).exists()
    assert min(lowest_from(one, Account.CAPITAL, one.joined_on) for one in Membership.objects.all()) >= 0


def test_two_runs_invent_the_same() -> None:
    drawn = []
    for name in ("Messwerk eins eG", "Messwerk zwei eG"):
        house = members.founded(name)
        members.fill(house, 40)
        entries = ShareEntry.objects.filter(membership__cooperative=house.cooperative).order_by("membership__number", "pk")
        drawn.append(list(entries.values_list("membership__number", "kind", "quantity", "effective_on")))
    assert drawn[0] == drawn[1]
