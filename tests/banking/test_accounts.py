"""Mandates and accounts of members: who may name them, what members are told, what is forgotten when."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.banking import actions, personal, queries
from allmende.banking.models import Mandate, PayoutAccount
from allmende.constitution.rules import add_months
from allmende.ground.models import Entry, Letter
from allmende.ground.refusals import BadInput, NotAllowed
from tests import coops
from tests.banking.scene import ANNA, BEN, OTHER, mandate, scene

pytestmark = pytest.mark.django_db


def test_a_new_mandate_replaces_the_one_before_and_the_same_account_changes_nothing() -> None:
    of = scene()
    first = mandate(of, of.anna)
    assert mandate(of, of.anna) == first
    second = mandate(of, of.anna, BEN)
    first.refresh_from_db()
    assert (first.ending, queries.mandate_of(of.anna), second.sequence) == ("replaced", second, "FRST")
    assert first.reference != second.reference and second.bic == "BELADEBEXXX"
    assert Letter.objects.filter(kind="banking.mandate_given").count() == 2


def test_only_the_member_and_the_offices_name_accounts() -> None:
    of = scene()
    stranger, ben, supervisory = coops.person("fremd"), of.ben.person, coops.office(of.cooperative, "supervisory")
    for who in (stranger, ben, supervisory):
        with pytest.raises(NotAllowed):
            actions.give_mandate(of.anna, ANNA, "A", "", localdate(), who)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            actions.set_payout_iban(of.anna, ANNA, "A", who)  # type: ignore[arg-type]
    for kind in ("administration", "bookkeeping"):
        assert actions.set_payout_iban(of.anna, ANNA, "A", coops.office(of.cooperative, kind))


def test_a_wrong_iban_or_a_signature_of_tomorrow_is_refused() -> None:
    of = scene()
    with pytest.raises(BadInput):
        actions.give_mandate(of.anna, ANNA[:-1], "A", "", localdate(), of.board)
    with pytest.raises(BadInput):
        actions.give_mandate(of.anna, ANNA, "A", "", localdate() + timedelta(days=1), of.board)
    with pytest.raises(BadInput):
        actions.give_mandate(of.anna, ANNA, " ", "", localdate(), of.board)
    assert not Mandate.objects.exists()


def test_taking_back_twice_is_once_and_the_member_hears_of_it() -> None:
    of = scene()
    given = mandate(of, of.anna)
    actions.revoke_mandate(given, by=of.board)
    actions.revoke_mandate(given, by=of.board)
    given.refresh_from_db()
    assert given.ending == "office" and queries.mandate_of(of.anna) is None
    assert Letter.objects.filter(kind="banking.mandate_revoked").count() == 1


def test_another_account_for_payouts_is_told_to_the_member_masked() -> None:
    of = scene()
    actions.set_payout_iban(of.anna, OTHER, "Anna", by=of.board)
    actions.set_payout_iban(of.anna, ANNA, "Anna", by=of.board)
    actions.set_payout_iban(of.anna, ANNA, "Anna", by=of.board)
    assert PayoutAccount.objects.get().iban == ANNA
    told = Letter.objects.filter(kind="banking.payout_account_set")
    assert told.count() == 2 and all(ANNA not in one.body and OTHER not in one.body for one in told)


def test_the_trail_holds_no_account() -> None:
    of = scene()
    mandate(of, of.anna)
    actions.set_payout_iban(of.anna, OTHER, "Anna", by=of.board)
    assert not [one for one in Entry.objects.filter(verb__startswith="banking") if ANNA in str(one.facts) or OTHER in str(one.facts)]


def test_mandates_end_after_36_months_and_are_erased_14_months_after_their_end() -> None:
    of = scene()
    given = mandate(of, of.anna)
    Mandate.objects.update(signed_on=add_months(localdate(), -36) - timedelta(days=1))
    assert actions.end_expired(localdate()) == 1
    given.refresh_from_db()
    assert given.ending == "expired"
    assert actions.erase_mandates(add_months(localdate(), 13)) == 0
    Mandate.objects.update(revoked_at=timezone.now() - timedelta(days=460))
    assert actions.erase_mandates(localdate()) == 1
    given.refresh_from_db()
    assert (given.iban, given.holder, given.text_shown) == ("", "", "")
    assert given.reference and given.erased_at


def test_one_gets_and_keeps_what_the_law_wants_and_the_rest_goes() -> None:
    of = scene()
    mandate(of, of.anna)
    actions.set_payout_iban(of.anna, ANNA, "Anna", by=of.board)
    person = of.anna.person
    assert person
    assert [row["iban"] for row in personal.mandates(person)] == [ANNA]
    assert [row["iban"] for row in personal.payout_accounts(person)] == [ANNA]
    assert len(personal.kept(person)) == 1
    personal.forget(person)
    assert not PayoutAccount.objects.exists()
    assert Mandate.objects.get().revoked_at is not None
