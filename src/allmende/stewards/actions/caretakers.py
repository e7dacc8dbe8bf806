"""Who takes care of the house, or of a region or sector of it: named and ended by caretakers of the house, or by the operator."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.directory.models import Caretaking, Place, Term, Tree
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.people.queries import by_email
from allmende.stewards import access, letters, rules


class Named(NamedTuple):
    """Who now takes care of what; without an area of the whole house."""

    person: Person
    area: Caretaking | None


@transaction.atomic
def name_caretaker(person_email: str, country: str = "", region: str = "", sector: Term | None = None, *, by: Person) -> Named:
    """Let somebody take care of a country, a region of it, a sector, or a sector there; of the whole house where nothing is named.

    The person must have an account. Naming the same twice is naming once.
    """
    require(access.may_name_caretakers(by), _("Only caretakers of the whole house can name others."), NotAllowed)
    country, region = country.strip().upper(), clean(region)
    person = _account(person_email)
    if not (country or region or sector):
        return Named(_of_the_house(person, by), None)
    require(country or not region, _("Please name the country of the region, too."), BadInput)
    require(sector is None or sector.tree == Tree.SECTOR, _("Please choose a sector."), BadInput)
    require(rules.is_country(country), _("A country has two letters, for example DE."), BadInput)
    known = not region or Place.objects.filter(country=country, region=region).exists()
    require(known, _("No entry lies in a region with this name. Please write it as the entries do."), BadInput)
    area, is_new = Caretaking.objects.get_or_create(person=person, country=country, region=region, sector=sector)
    if is_new:
        facts = {"caretaking": area.pk, "country": country, "region": region, "sector": sector.pk if sector else None}
        trail.record("stewards.caretaker_named", by=by, about=person, **facts)
        letters.caretaker_named(person, area)
    return Named(person, area)


def _account(email: str) -> Person:
    person = by_email(email.strip())
    fits = person is not None and person.is_active and not person.is_service
    require(fits, _("No account has this address. The person signs up first, then you can name them."), BadInput)
    assert person is not None  # noqa: S101 - said for mypy, required above
    return Person.objects.select_for_update().get(pk=person.pk)


def _of_the_house(person: Person, by: Person) -> Person:
    if not person.is_caretaker:
        person.is_caretaker = True
        person.save(update_fields=["is_caretaker"])
        trail.record("stewards.caretaker_named", by=by, about=person, house=True)
        letters.caretaker_named(person, None)
    return person


@transaction.atomic
def end_caretaking(area: Caretaking, *, by: Person) -> None:
    """Let somebody no longer take care of an area. One may also end one's own."""
    may = access.may_name_caretakers(by) or area.person_id == by.pk
    require(may, _("Only caretakers of the whole house can end this."), NotAllowed)
    found = Caretaking.objects.select_for_update(of=("self",)).filter(pk=area.pk).select_related("person", "sector").first()
    if found is None:  # ended already, a form sent twice
        return
    facts = {"caretaking": found.pk, "country": found.country, "region": found.region, "sector": found.sector_id}
    found.delete()
    trail.record("stewards.caretaking_ended", by=by, about=found.person, **facts)
    letters.caretaking_ended(found.person, found)


@transaction.atomic
def end_caretaking_of_the_house(person: Person, *, by: Person) -> Person:
    """Let somebody no longer take care of the whole house. The last one can only be ended by the operator at the machine."""
    require(access.may_name_caretakers(by), _("Only caretakers of the whole house can end this."), NotAllowed)
    # All rows are locked, so that two who end each other cannot both succeed.
    everybody = {one.pk: one for one in Person.objects.select_for_update().filter(is_caretaker=True).order_by("pk")}
    if person.pk not in everybody:  # ended already, a form sent twice
        return person
    person = everybody[person.pk]
    others = [one for one in everybody.values() if one.is_active and one.pk != person.pk]
    require(others or by.is_service, _("This is the last caretaker of the house. Name somebody else first."))
    person.is_caretaker = False
    person.save(update_fields=["is_caretaker"])
    trail.record("stewards.caretaking_ended", by=by, about=person, house=True)
    letters.caretaking_ended(person, None)
    return person
