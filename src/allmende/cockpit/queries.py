"""What a cooperative shows at one glance: to everybody, to its members, to those who hold an office."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.ballots.access import ballots_visible_to
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.constitution.queries import statute_on
from allmende.electorates.access import takes_part
from allmende.ground.text import fold
from allmende.members import access as members
from allmende.members import queries as register
from allmende.members.models import Membership
from allmende.members.queries import Totals
from allmende.money import queries as money
from allmende.money.models import Account
from allmende.people.queries import Viewer
from allmende.proposals.access import proposals_visible_to
from allmende.resolutions.access import resolutions_visible_to


@dataclass(frozen=True)
class Glance:
    """The overview as this viewer may see it: None is not for them."""

    statute: Statute | None
    own: Membership | None
    totals: Totals | None
    capital_cents: int | None
    is_office: bool


def cooperatives(viewer: Viewer, q: str = "") -> QuerySet[Cooperative]:
    """All that run their membership here and the viewer may see, by name; `q` looks into names."""
    found = constitution.cooperatives_visible_to(viewer).annotate(
        has_statute=Exists(Statute.objects.filter(cooperative=OuterRef("pk"), state=StatuteState.ADOPTED))
    )
    for word in fold(q).split()[:5]:
        found = found.filter(Q(organisation__name__icontains=word) | Q(organisation__slug__icontains=word))
    return found.order_by("organisation__name", "pk")


def glance(viewer: Viewer, cooperative: Cooperative, today: date) -> Glance:
    """Numbers of the register are for members and offices; the statute is for everybody."""
    is_office = constitution.may_read(viewer, cooperative)
    counts = is_office or members.is_member(viewer, cooperative)
    return Glance(
        statute=statute_on(cooperative, today),
        own=members.own_in(viewer, cooperative),
        totals=register.totals_on(cooperative, today) if counts else None,
        capital_cents=money.account_total(cooperative, Account.CAPITAL, today) if counts else None,
        is_office=is_office,
    )


def first_page_about_deciding(viewer: Viewer, cooperative: Cooperative) -> str:
    """The name of the page by which this viewer enters what is decided here; empty where there is nothing for them."""
    if takes_part(viewer, cooperative):
        return "proposals:proposals"
    public = (
        ("proposals:proposals", proposals_visible_to), ("ballots:ballots", ballots_visible_to),
        ("resolutions:resolutions", resolutions_visible_to),
    )  # fmt: skip
    return next((page for page, visible_to in public if visible_to(viewer).filter(cooperative=cooperative).exists()), "")
