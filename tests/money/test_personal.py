"""What a person hears of their accounts when they ask, and what stays after the account is gone."""

import pytest
from django.utils.timezone import localdate

from allmende.money import actions, queries
from allmende.money.models import Booking, Request
from allmende.people import personal
from tests import coops

pytestmark = pytest.mark.django_db


def test_a_person_gets_their_own_lines_and_the_books_stay() -> None:
    """§ 257 HGB: books outlive accounts."""
    of = coops.cooperative()
    coops.statute(of, entry_fee_cents=5_00)
    board, anna = coops.office(of), coops.person("anna")
    member, other = coops.member(of, board, person=anna), coops.member(of, board)
    for request in Request.objects.filter(kind="shares"):
        actions.receive(request, 250_00, booked_on=localdate(), by=board)
    rows = personal.AREAS["member-account"].rows(anna)
    assert [(row["kind"], row["amount"]) for row in rows] == [("fee", "5.00"), ("payment", "250.00")]
    codes = {row["code"] for row in personal.AREAS["member-requests"].rows(anna)}
    assert codes == set(Request.objects.filter(membership=member).values_list("code", flat=True))
    assert any("257" in one.why for one in personal.kept(anna))
    assert personal.AREAS["member-account"].rows(coops.person("fremd")) == []
    anna.delete()
    assert queries.capital(member) == queries.capital(other) == 250_00
    assert Booking.objects.count() == 4
