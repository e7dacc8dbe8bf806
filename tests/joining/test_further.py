"""Further shares: § 15b GenG."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.ground.refusals import NotAllowed, Refused
from allmende.joining import actions, declaration, queries
from allmende.joining.models import Application, Closed
from allmende.members import queries as members
from allmende.members.models import Membership
from allmende.money.actions import Line, book
from allmende.money.models import Account, BookingKind
from allmende.people.models import Person
from tests import coops
from tests.joining.conftest import renewed, signed_in

PAGE = "/genossenschaft/gartenwerk-eg/ich/anteile/"


@pytest.fixture
def member(werk: Cooperative, board: Person) -> Membership:
    return coops.member(werk, board, person=coops.person("otto"), shares=2)


def pay(member: Membership, cents: int) -> None:
    book(member.cooperative, [Line(BookingKind.PAYMENT, Account.BANK, Account.CAPITAL, cents, date(2026, 1, 1), member)], by=None)


def declared(member: Membership, shares: int = 1, by: Person | None = None) -> Application:
    room = queries.room_for_further(member)
    who = members.particulars_of(member).spoken
    text = declaration.further(member.cooperative, room.statute, who, member.number, room.held, shares)
    return actions.declare_further(member, shares, text_shown=text, ticked=("payment", "liability"), by=by or member.person)  # type: ignore[arg-type]


def test_section_15b_earlier_shares_except_the_last_are_paid_first(member: Membership) -> None:
    pay(member, 249_99)
    with pytest.raises(Refused, match="15b"):
        declared(member)
    pay(member, 1)
    assert declared(member).text_shown.split("\n\n")[1] == (
        "Das Mitglied erklärt unbedingt seine Beteiligung mit einem weiteren Geschäftsanteil zu 250,00\u00a0€, zusammen 250,00\u00a0€ "
        "(§ 15b Absatz 1 GenG). Bisher hält es 2, danach 3."
    )


def test_only_the_member_declares(member: Membership, board: Person) -> None:
    pay(member, 500_00)
    for somebody in (board, coops.person("fremd")):
        with pytest.raises(NotAllowed):
            declared(member, by=somebody)


def test_one_declaration_waits_at_a_time_and_is_admitted_once(member: Membership, board: Person) -> None:
    pay(member, 500_00)
    one = declared(member, 2)
    assert declared(member, 2) == one
    assert actions.admit(one, admitted_on=localdate(), by=board) == member
    with pytest.raises(Refused):
        actions.admit(one, admitted_on=localdate(), by=board)
    assert members.register_on(member.cooperative, localdate()).get().shares == 4


def test_what_was_possible_when_declared_is_checked_again_when_admitted(member: Membership, board: Person) -> None:
    pay(member, 500_00)
    one = declared(member, 2)
    renewed(member.cooperative, max_shares=3)
    with pytest.raises(Refused):
        actions.admit(one, admitted_on=localdate(), by=board)
    assert members.register_on(member.cooperative, localdate()).get().shares == 2


def test_refusing_further_shares_leaves_the_member(member: Membership, board: Person) -> None:
    pay(member, 500_00)
    actions.refuse(declared(member), "conditions", by=board)
    assert not Application.objects.exists()
    assert Closed.objects.get().is_further
    assert Membership.objects.count() == 1


def test_the_page_is_the_members_alone(member: Membership, board: Person) -> None:
    assert signed_in(board).get(PAGE).status_code == 404
    assert signed_in(coops.person("fremd")).get(PAGE).status_code == 404
    assert "250\u00a0€" in signed_in(member.person).get(PAGE).content.decode()  # type: ignore[arg-type]


def test_a_member_declares_on_the_page(member: Membership) -> None:
    pay(member, 500_00)
    client = signed_in(member.person)  # type: ignore[arg-type]
    form = client.get(PAGE + "?anteile=1").context["form"]
    sent = {"seen": form.initial["seen"], "shown_at": form.stamp(), "duty_payment": "on", "information": "on"}
    assert client.post(PAGE + "?anteile=1", {**sent, "duty_payment": ""}).status_code == 200
    assert not Application.objects.exists()
    assert client.post(PAGE + "?anteile=1", sent).status_code == 302
    assert Application.objects.get().further == member
    assert client.post(PAGE + "?anteile=1", sent).status_code == 200
    assert Application.objects.count() == 1
    for said in ("0", "-1", "1.5", "99999999999999999999", "<b>", "3"):
        assert client.get(PAGE, {"anteile": said}).status_code == 200


def test_who_leaves_takes_no_further_shares(member: Membership, board: Person) -> None:
    pay(member, 500_00)
    Membership.objects.filter(pk=member.pk).update(ends_on=date(2100, 12, 31), end_reason="notice")
    member.refresh_from_db()
    with pytest.raises(Refused):
        declared(member)
