"""Offers and needs for the tests of this room."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from allmende.directory.models import Organisation, Role, Stewardship, Term
from allmende.exchange.models import Listing
from allmende.ground import trail
from allmende.people.models import Person


def category(key: str) -> Term:
    return Term.objects.get_or_create(tree="exchange", key=key, defaults={"name_de": key.capitalize(), "name_en": key.capitalize()})[0]


def listing(organisation: Organisation, direction: str, title: str, **fields: Any) -> Listing:
    """An open listing; matching learns of it as it does in life, through the trail."""
    key = fields.pop("category", "bikes")
    now = timezone.now()
    made = Listing.objects.create(
        organisation=organisation,
        direction=direction,
        title=title,
        category=category(key),
        **{"terms": "gift", "state": "open", "until": now.date() + timedelta(days=30), "opened_at": now, "is_remote": True, **fields},
    )
    changed(made)
    return made


def changed(made: Listing) -> None:
    trail.record("exchange.listing_changed", about=made, listing=made.pk, state=made.state)


def keeper(organisation: Organisation, address: str, role: Role = Role.OWNER) -> Person:
    """Somebody who looks after the entry."""
    person = Person.objects.filter(email=address).first() or Person.objects.create_user(address, name=address.split("@")[0])
    Stewardship.objects.create(organisation=organisation, person=person, role=role, proof="granted", since=timezone.now())
    return person
