"""Lists made to break the reading of them; and taking a list back when it is too late for that."""

from contextlib import suppress

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from allmende.banking.actions import give_mandate, set_payout_iban
from allmende.ground.refusals import BadInput, Refused
from allmende.intake import actions, tables
from allmende.members.actions import note_member_look
from allmende.members.models import Membership, ShareEntry
from allmende.money import actions as money
from allmende.money.models import Booking, Reminder, Request
from tests.intake.test_actions import LIST, _entered, scene  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "data",
    [b"x" * 140_000 + b";b\n1;2\n", b'sep="\nNachname;Anteile\n3;4\n', b'"' * 150_001 + b"\n1;2\n", b"sep=\t\n", b"sep=\\\na\\b\n1\\2\n"],
)
def test_a_list_out_of_measure_is_read_or_refused_with_a_sentence(data: bytes) -> None:
    with suppress(BadInput):
        assert tables.read(data).rows


def test_a_list_is_not_taken_back_once_somebody_has_relied_on_it(scene) -> None:  # noqa: F811
    cooperative, board = scene
    found = _entered(cooperative, board)
    members = {one.number: one for one in Membership.objects.all()}
    lines = set(Booking.objects.values_list("pk", flat=True)), set(ShareEntry.objects.values_list("pk", flat=True))

    def is_refused() -> bool:
        with pytest.raises(Refused):
            actions.undo(found, by=board)
        left = set(Booking.objects.values_list("pk", flat=True)), set(ShareEntry.objects.values_list("pk", flat=True))
        return lines[0] <= left[0] and lines[1] <= left[1] and Membership.objects.count() == 3

    with transaction.atomic():  # a bank account on paper
        set_payout_iban(members[12], "DE02100500000054540402", "B", board)
        assert is_refused()
        transaction.set_rollback(True)
    with transaction.atomic():  # a mandate on paper
        give_mandate(members[12], "DE02100500000054540402", "B", "…", localdate(), board)
        assert is_refused()
        transaction.set_rollback(True)
    with transaction.atomic():  # an opening balance reversed
        money.reverse_by_hand(Booking.objects.filter(kind="opening").first(), text="falsch", by=board)
        assert is_refused()
        transaction.set_rollback(True)
    with transaction.atomic():  # a page that was looked at
        note_member_look(members[3], by=board)
        assert is_refused()
        transaction.set_rollback(True)
    assert actions.undo(found, by=board) == 3


def test_a_list_is_not_taken_back_once_a_member_was_reminded(scene) -> None:  # noqa: F811
    cooperative, board = scene
    found = _entered(cooperative, board, LIST.replace("750,00", "250,00"), ask_rest=True, due_on=localdate())
    asked = Request.objects.get()
    Reminder.objects.create(request=asked, level=1, sent_on=localdate())
    with pytest.raises(Refused):
        actions.undo(found, by=board)
    assert Reminder.objects.exists() and Membership.objects.count() == 3
