"""For whom something is that an organisation puts up: everybody, the network, or organisations it has chosen.

A model takes part by three columns: `organisation` (who put it up), `audience` and `chosen` (many organisations). Whoever belongs to the
organisation itself always sees its things; drafts and hidden things are a matter of their own rooms.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.access import KEEPERS, is_of_the_network, stewarded_by
from allmende.directory.models import Organisation, Role, State
from allmende.people.queries import Viewer, is_person


class Audience(models.TextChoices):
    """Who sees it."""

    PUBLIC = "public", _("Everybody")
    NETWORK = "network", _("Signed-in people of the network")
    CHOSEN = "chosen", _("Only organisations we choose")


def seen_by(viewer: Viewer, chosen: type[models.Model], column: str) -> Q:
    """Which rows this viewer is meant to see, as a filter for a model with `organisation` and `audience`.

    `chosen` is the table between the rows and the organisations chosen (`Listing.chosen.through`), `column` its column for the rows.
    """
    # Not a join: a database that begins with the organisations sorts all their things before it shows the newest.
    on_the_map = Q(Exists(Organisation.objects.filter(pk=OuterRef("organisation"), state=State.PUBLISHED)))
    public = Q(audience=Audience.PUBLIC) & on_the_map
    if not is_person(viewer):
        return public
    mine = stewarded_by(viewer, (*KEEPERS, Role.MEMBER)).values("pk")
    invited = chosen._default_manager.filter(**{column: OuterRef("pk"), "organisation__in": mine})
    seen = public | Q(organisation__in=mine) | (Q(Exists(invited), audience=Audience.CHOSEN) & on_the_map)
    if is_of_the_network(viewer):
        seen |= Q(audience=Audience.NETWORK) & on_the_map
    return seen
