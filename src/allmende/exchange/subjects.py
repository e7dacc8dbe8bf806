"""Offers and needs can be discussed, have files and be reported."""

from django.utils.translation import gettext_lazy as _

from allmende.exchange import access, actions
from allmende.exchange.models import Listing
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.people.subjects import Subject, register


def _may_discuss(viewer: Viewer, listing: Listing) -> bool:
    """Whoever is signed in and sees it."""
    return isinstance(viewer, Person) and access.listings_visible_to(viewer).filter(pk=listing.pk).exists()


register(
    Subject(
        Listing,
        label=_("Offer or need"),
        visible_to=access.listings_visible_to,
        url=Listing.get_absolute_url,
        may_discuss=_may_discuss,
        may_attach=access.may_change,
        may_moderate=access.may_moderate,
        people=access.keepers_of,
        hide=actions.hide_listing,
        unhide=actions.unhide_listing,
    )
)
