"""Questions about entries. Each begins at what the viewer may see, and what comes out leaves out what the viewer may not."""

import re
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db.models import Count, JSONField, Max, Prefetch, QuerySet, Subquery

from allmende.directory import rules
from allmende.directory.access import circle, organisations_visible_to
from allmende.directory.models import Belonging, DataRules, Organisation, Place, Record, Revision, RulesState, State, Term, Visibility
from allmende.people.queries import Viewer
from allmende.places.queries import locate


def whole(organisations: QuerySet[Organisation], most_places: int | None = None) -> QuerySet[Organisation]:
    """With all that a page or an export needs, in a fixed number of queries. `most_places` of each come as `first_places` instead."""
    return (
        organisations.select_related("legal_form", "sector")
        .annotate(confirmed_at=Max("confirmations__at"), ruled=_ruled())
        .prefetch_related(
            Prefetch("places", Place.objects.all()[:most_places], to_attr="first_places") if most_places else "places",
            "terms",
            Prefetch("records", Record.objects.select_related("source").order_by("pk").defer("raw")),
            Prefetch("belongs_to", Belonging.objects.select_related("network").filter(network__state=State.PUBLISHED)),
        )
    )


def _ruled() -> Subquery:
    """The defaults of the data rules in force, beside every row: one statement sees one state of the rules."""
    return Subquery(DataRules.objects.filter(state=RulesState.ADOPTED).values("defaults")[:1], output_field=JSONField())


def rules_in_force() -> DataRules | None:
    """The data rules that hold today; None while the network has not given itself any."""
    return DataRules.objects.filter(state=RulesState.ADOPTED).first()


def shown_to(item: Organisation, seen_from: str = Visibility.PUBLIC) -> Organisation:
    """A copy of the entry without what somebody in this circle may not see: page, map, API, feed and dump all begin here.

    `item` comes from `whole`; a copy can be narrowed again, never widened. An address that is hidden becomes its town.
    The copy remembers its circle in `seen_from`; what is for this circle or a wider one already comes back as it is.
    """
    if rules.covers(seen_from, item.seen_from):
        return item
    ruled: dict[str, str] | None = item.ruled if hasattr(item, "ruled") else getattr(rules_in_force(), "defaults", None)
    without = rules.hidden(seen_from, item.visibility, ruled)
    left = copy(item)
    left._state = copy(item._state)
    left._prefetched_objects_cache = dict(getattr(item, "_prefetched_objects_cache", {}))  # type: ignore[attr-defined]
    left.seen_from = seen_from
    for name, value in _emptied(without):
        setattr(left, name, value)
    if "address" in without:
        _hold_places(left, [_town_of(place) for place in item.places.all()])
    return left


def _hold_places(item: Organisation, held: list[Place]) -> None:
    """These are the entry's places now, as if they had been read."""
    places = Place.objects.none()
    places._result_cache = held
    places._prefetch_done = True  # type: ignore[attr-defined]  # Django's own mark for a list that is read
    item._prefetched_objects_cache["places"] = places  # type: ignore[attr-defined]


_EMPTY: dict[str, dict[str, Any]] = {
    "description": {"description": "", "description_en": ""},
    "website": {"website": ""},
    "email": {"email": ""},
    "phone": {"phone": ""},
    "address": {},
    "founded": {"founded": None},
    "register": {"register": "", "legal_name": ""},
}


def _emptied(without: Iterable[str]) -> Iterable[tuple[str, Any]]:
    return [pair for field in without for pair in _EMPTY[field].items()]


def _town_of(place: Place) -> Place:
    """The same place told no finer than its town."""
    guess = locate("", "", place.town, place.country) if place.town else None
    point = {"lat": guess.lat, "lon": guess.lon, "precision": "town"} if guess else {"lat": None, "lon": None, "precision": ""}
    told = {name: getattr(place, name) for name in ("town", "region", "country", "is_seat", "position")}
    return Place(pk=place.pk, organisation_id=place.organisation_id, **told, **point)


def public_name(item: Organisation) -> str:
    """What an organisation is called where everybody may read it: its registered name only where that is for everybody."""
    own: dict[str, str] = item.visibility
    ruled = None if own.get("register") or not item.legal_name else getattr(rules_in_force(), "defaults", None)
    is_hidden = rules.level("register", own, ruled) != Visibility.PUBLIC
    return item.name if is_hidden or not item.legal_name else item.legal_name


def organisation_as_it_is(viewer: Viewer, slug: str) -> Organisation | None:
    """The entry of that address with every field, for those who may edit it; None for anybody else."""
    found = whole(organisations_visible_to(viewer)).filter(slug=slug).first()
    return found if found and circle(viewer, found) == Visibility.STEWARDS else None


def newest_revision(pk: int) -> int:
    """The number of the entry's newest revision, 0 before the first: what an edit is based on."""
    return Revision.objects.filter(organisation=pk).order_by("-pk").values_list("pk", flat=True).first() or 0


def organisation(viewer: Viewer, slug: str) -> Organisation | None:
    """The entry of that address as this viewer may read it, followed through merges; None if there is none for this viewer."""
    seen: set[str] = set()
    while slug not in seen:  # a circle of merges leads nowhere
        seen.add(slug)
        if found := whole(organisations_visible_to(viewer)).filter(slug=slug).first():
            return shown_to(found, circle(viewer, found))
        slug = Organisation.objects.filter(slug=slug, state=State.MERGED).values_list("merged_into__slug", flat=True).first() or slug
    return None


def called(viewer: Viewer, text: str, *, partly: bool = False) -> list[Organisation]:
    """The published entries somebody means by an address (`/o/slug/`, whole or only the slug) or a name, at most ten.

    One that has this address is meant alone; then those of exactly this name; with `partly` also those that hold it.
    """
    slug = re.split(r"[?#]", text.strip())[0].rstrip("/").rsplit("/", 1)[-1][:100]  # no address is too broken to be asked for
    seen, name = organisations_visible_to(viewer).filter(state=State.PUBLISHED), text.strip()[:200]
    found = list(seen.filter(slug=slug.lower())[:1]) or list(seen.filter(name__iexact=name).order_by("pk")[:10])
    return found or (list(seen.filter(name__icontains=name).order_by("name")[:10]) if partly and name else [])


def organisations(viewer: Viewer, pks: Iterable[int], most_places: int | None = None) -> list[Organisation]:
    """The visible ones of these in the order asked for, as everybody may read them; of their places only the first, if so many are said."""
    by_pk = whole(organisations_visible_to(viewer), most_places).in_bulk(list(pks))
    for item in by_pk.values() if most_places else ():
        _hold_places(item, item.first_places)  # type: ignore[attr-defined]  # Django cannot keep a part of a list as the list
    return [shown_to(by_pk[pk]) for pk in pks if pk in by_pk]


def numbers_of_places(pks: Iterable[int]) -> dict[int, int]:
    """How many places these organisations have; those without any are left out."""
    return dict(Place.objects.filter(organisation__in=list(pks)).order_by().values_list("organisation").annotate(n=Count("pk")))


def terms(tree: str) -> QuerySet[Term]:
    """All words of one tree in their order."""
    return Term.objects.filter(tree=tree).select_related("parent")


def members(viewer: Viewer, network: Organisation) -> QuerySet[Organisation]:
    """The visible members of a network by name."""
    return organisations_visible_to(viewer).filter(belongs_to__network=network).order_by("name")


def branches(viewer: Viewer, head: Organisation) -> QuerySet[Organisation]:
    """The visible branches of an organisation by name: related entries that are not the same."""
    return organisations_visible_to(viewer).filter(branch_of__head=head).order_by("name")
