"""What offers and needs know of a person: those in their own name."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.exchange.models import Listing, State
from allmende.ground import trail
from allmende.people.models import Person
from allmende.people.personal import announces, forgets, knows

announces("exchange", label=_("Offers and needs"))


@knows("exchange", label=_("Offers and needs in your own name"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per listing, drafts too."""
    found = Listing.objects.filter(person=person).select_related("organisation", "category").order_by("pk")
    return [
        {
            "direction": one.direction,
            "state": one.state,
            "name_shown": one.person_name,
            "organisation": one.organisation.name,
            "title": one.title,
            "text": one.text,
            "category": one.category.key,
            "keywords": ", ".join(one.tags),
            "place": one.town,
            "terms": one.terms,
            "note": one.terms_note,
            "audience": one.audience,
            "until": one.until.isoformat(),
            "created_at": one.created_at.isoformat(),
        }
        for one in found
    ]


@forgets("exchange", order=40)
def forget(person: Person) -> None:
    """Those in their own name go; what they wrote for an organisation is the organisation's and stays, without their name."""
    for listing in Listing.objects.filter(person=person).order_by("pk"):
        if listing.state == State.OPEN:
            listing.state = State.CLOSED
            trail.record("exchange.listing_closed", about=listing, listing=listing.pk, state=State.CLOSED)
        listing.delete()
