"""What somebody with an office, or none, tries in order to get more of it."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from allmende.constitution import actions
from allmende.constitution.actions.offices import Giving
from allmende.constitution.models import Office, OfficeKind
from allmende.ground.refusals import NotAllowed, Refused
from tests import coops

pytestmark = pytest.mark.django_db


def test_nobody_but_the_board_makes_an_office_last_longer() -> None:
    of = coops.cooperative()
    coops.office(of)
    tomorrow = localdate() + timedelta(days=1)
    clerk = coops.office(of, OfficeKind.BOOKKEEPING, until=tomorrow)
    held = Office.objects.get(person=clerk)
    with pytest.raises(NotAllowed):
        actions.end_office(held, tomorrow + timedelta(days=3_000), by=clerk)
    held.refresh_from_db()
    assert held.until == tomorrow
    assert actions.end_office(held, localdate(), by=clerk).until == localdate()  # earlier is laying it down


def test_par_9_an_account_joined_to_an_office_later_belongs_to_a_member_too() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    for _number in range(3):
        coops.member(of, board)
    stranger = coops.person("fremd")
    named = actions.give_office(of, Giving(OfficeKind.BOARD, "Fremd", date(2025, 1, 1)), by=board)
    with pytest.raises(Refused, match="9"):
        actions.link_account(named, stranger.email, by=board)
    named.refresh_from_db()
    assert named.person is None
