"""Questions about what people follow and what is to be told."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from allmende.atlas import forms
from allmende.atlas import queries as atlas
from allmende.atlas.rules import Filters
from allmende.ground.refusals import Refused
from allmende.notices import access, rules
from allmende.notices.models import Follow, Frequency, Happening, Item
from allmende.people.models import Person
from allmende.people.queries import Viewer

FEED_LENGTH = 50


def follows(viewer: Viewer) -> list[Follow]:
    """What this person follows, each with its name and address."""
    return list(access.follows_visible_to(viewer).select_related("organisation"))


def is_shown(follow: Follow) -> bool:
    """Whether the followed entry may be named to its follower today: it may have left the map since. Knows what `access` noted."""
    return bool(getattr(follow, "is_seen", False))


def filters_of(query: str) -> Filters | None:
    """The search behind an address of the map; None where a word of it is not known any more."""
    try:
        return forms.parse(QueryDict(query))
    except Refused:
        return None


def canonical(query: str) -> str:
    """The one way to write this search; order and page do not matter. Raises BadInput for what is no search."""
    return forms.to_query(forms.parse(QueryDict(query), also=("page", "view")).but(sort=""))


def words_of(query: str) -> str:
    """A search in words: `Branche: Energie, Land: Deutschland`."""
    filters = filters_of(query)
    if filters is None:
        return query
    return ", ".join(f"{label}: {value}" for label, value, _rest in forms.describe(filters)) or _("everything on the map")


def is_followed(viewer: Viewer, organisation_id: int) -> Follow | None:
    """One's own follow of this entry."""
    return access.follows_visible_to(viewer).filter(organisation=organisation_id).first()


def found_by(follow: Follow, organisations: Iterable[int]) -> set[int]:
    """Which of these entries belong to what is followed."""
    asked = set(organisations)
    if follow.organisation_id:
        return asked & {follow.organisation_id}
    filters = filters_of(follow.query)
    return atlas.matching_among(filters, asked) if filters else set()


def to_match(limit: int) -> QuerySet[Happening]:
    """What nobody has been matched with yet, the oldest first."""
    return Happening.objects.filter(matched_at=None).order_by("pk")[:limit]


def wanted(follow: Follow, happening: Happening) -> bool:
    """Whether this follow wants to hear this: nothing from before it began, and of a search only what comes and changes."""
    return happening.at >= follow.since and (bool(follow.organisation_id) or happening.news in rules.TOLD_OF_SEARCHES)


def to_tell(person: Person) -> QuerySet[Item]:
    """What this person has not been told yet, by what they still follow with mail."""
    mail = Q(follow__isnull=False) & ~Q(follow__frequency=Frequency.PAUSED)
    return Item.objects.filter(mail, person=person, sent_at=None).select_related("happening__organisation", "follow").order_by("pk")


def news(person: Person) -> list[Item]:
    """The newest items of somebody's own feed, of entries that everybody can see."""
    found = Item.objects.filter(person=person, happening__organisation__in=access.tellable())
    return list(found.select_related("happening__organisation")[:FEED_LENGTH])
