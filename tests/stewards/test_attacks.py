"""Ways in for somebody who does not belong there, tried and closed."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from allmende.directory.models import Stewardship
from allmende.ground.delivery import message
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import BadInput, NotAllowed
from allmende.people import personal
from allmende.people.actions import forget_unconfirmed
from allmende.people.models import Person
from allmende.stewards import actions, rules
from allmende.stewards.models import Invitation
from tests.people.ways import person
from tests.stewards.cast import coop, keeper, role

pytestmark = pytest.mark.django_db


def test_whoever_enters_an_organisation_themselves_vouches_only_after_a_while() -> None:
    item, anna, home = coop(), person(), coop("Ausgedacht eG")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    actions.grant(home, uwe := person("uwe@example.org"), role="owner", proof="founded")
    actions.grant(home, ida := person("ida@example.org"), role="editor", proof="invited")
    for who in (uwe, ida):
        with pytest.raises(NotAllowed):
            actions.vouch_for(claim, home, "ja", by=who)
    Stewardship.objects.filter(proof="founded").update(since=timezone.now() - timedelta(days=rules.VOUCH_AFTER_DAYS + 1))
    actions.vouch_for(claim, home, "ja", by=uwe)
    assert claim.vouches.count() == 1


def test_two_who_look_after_the_same_entries_are_one_voice() -> None:
    item, anna, first, second, third = coop(), person(), coop("Erste eG"), coop("Zweite eG"), coop("Dritte eG")
    claim = actions.open_claim(item, by=anna, proof="vouched", message="ich")
    uwe, helper, other = keeper(first, "uwe"), keeper(second, "helferin", "editor"), keeper(third, "anders")
    actions.grant(second, uwe, role="owner", proof="granted")
    actions.grant(first, other, role="editor", proof="granted")
    actions.vouch_for(claim, first, "ja", by=uwe)
    for who, home in ((helper, second), (other, third)):
        with pytest.raises(NotAllowed):
            actions.vouch_for(claim, home, "ja", by=who)
    assert role(item, anna) == ""


@pytest.mark.parametrize("domain", [
    "yahoo.gr", "hotmail.co.uk", "outlook.at", "gmx.li", "posteo.at", "virgilio.it", "poczta.onet.pl", "live.at", "servus.at", "icloud.com",
])  # fmt: skip
def test_mailbox_houses_of_all_countries_prove_nothing(domain: str) -> None:
    item = coop(email=f"laden@{domain}", website="")
    with pytest.raises(BadInput):
        actions.open_claim(item, by=person(), proof="domain", address=f"dieb@{domain}")


@pytest.mark.parametrize("domain", ["outlook-hof.de", "hof.outlook.coop", "gmx.kooperative", "yandex-haus.de"])
def test_names_that_only_begin_alike_stay_their_own(domain: str) -> None:
    assert rules.is_own(domain)


def test_who_signs_up_with_a_foreign_address_cannot_end_what_came_to_it() -> None:
    item = coop()
    actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    thief = Person.objects.create_user("ida@example.org")
    EmailAddress.objects.create(user=thief, email="ida@example.org", verified=False, primary=True)
    assert not list(personal.AREAS["letters"].rows(thief))
    Person.objects.filter(pk=thief.pk).update(joined_at=timezone.now() - timedelta(days=30))
    assert forget_unconfirmed(timezone.now()) == 1
    assert Invitation.objects.get().state == "open" and len(letters_to("ida@example.org")) == 1


def test_the_domain_with_ss_is_not_the_one_with_sz() -> None:
    item, anna = coop(website="https://hofladen-groß.de", email=""), person()
    with pytest.raises(BadInput):
        actions.open_claim(item, by=anna, proof="domain", address="anna@hofladen-gross.de")
    actions.open_claim(item, by=anna, proof="domain", address="anna@hofladen-groß.de")
    assert message(letters_to("anna@hofladen-groß.de")[0]).to == ["anna@xn--hofladen-gro-w9a.de"]


@pytest.mark.parametrize("address", [
    "x@hofladen.example.evil.org", "x@sub.hofladen.example", "x@evil.org@hofladen.example.evil.org", "x@hofladen。example.evil.org",
    "x@hofladen.example, y@evil.org", "x@hofladen.example\nBcc: y@evil.org", "x@evil.org\x00@hofladen.example", "x@hоfladen.example",
])  # fmt: skip
def test_no_address_elsewhere_proves_anything(address: str) -> None:
    item, anna = coop(), person()
    with pytest.raises((BadInput, ValueError)):
        actions.open_claim(item, by=anna, proof="domain", address=address)
    assert not letters_to("y@evil.org")
