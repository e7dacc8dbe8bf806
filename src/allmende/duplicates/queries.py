"""Questions about pairs and merges. Each begins at what the viewer may see; what is told of an entry is what the viewer may read of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from allmende.directory import queries as directory
from allmende.directory.access import caretaken_by, circle, may_caretake, organisations_visible_to, stewarded_by
from allmende.directory.models import Organisation, Place, RevisionSet, Role, State, Stewardship, Term, Tree, Visibility
from allmende.duplicates import lookup
from allmende.duplicates.access import LIVE, in_care_of, merges_visible_to, pairs_visible_to
from allmende.duplicates.models import WAITING, Merge, Pair, PairState
from allmende.duplicates.portraits import Portrait, Site
from allmende.duplicates.reasons import Reason
from allmende.duplicates.scoring import Verdict, compare
from allmende.people.queries import GUEST, Viewer

SHORTEST_NAME = 3
LARGEST = 2**63 - 1  # what a number of a row can be
ORDER = ("-score", "pk")


@dataclass(frozen=True)
class Row:
    """A pair as it stands in the work list."""

    pair: Pair
    one: Organisation
    other: Organisation
    judgement: str
    reasons: list[Reason]


# ---------------------------------------------------------------------------------------------------------- the work list


def pairs(viewer: Viewer, wanted: Mapping[str, Any]) -> QuerySet[Pair]:
    """The viewer's pairs under these filters (`forms.FilterForm`), the most likely first.

    Without a state those that wait; pairs with an archived entry wait for nobody.
    """
    found = pairs_visible_to(viewer)
    state = wanted.get("state") or ""
    if state in {"", PairState.OPEN, PairState.ASKED}:
        found = found.filter(state__in=[state] if state else WAITING, one__state__in=LIVE, other__state__in=LIVE)
    else:
        found = found.filter(state=state)
    for name, field in (("judgement", "judgement"), ("source", "found_by"), ("import", "found_in")):
        if wanted.get(name):
            found = found.filter(**{field: wanted[name]})
    return _about(found, _of_area(wanted)).order_by(*ORDER)


def _of_area(wanted: Mapping[str, Any]) -> QuerySet[Organisation] | None:
    """The entries of the country, region and sector asked for; None for all."""
    entries = Organisation.objects.all()
    if wanted.get("country"):
        there = Place.objects.filter(organisation=OuterRef("pk"), country=wanted["country"])
        entries = entries.filter(Exists(there.filter(region=wanted["region"]) if wanted.get("region") else there))
    if sector := wanted.get("sector"):
        of_sector = Q(sector__key=sector) | Q(sector__parent__key=sector) | Q(terms__key=sector, terms__tree=Tree.SECTOR)
        entries = entries.filter(pk__in=Organisation.objects.filter(of_sector).values("pk"))
    return entries if wanted.get("country") or wanted.get("sector") else None


def _about(found: QuerySet[Pair], entries: QuerySet[Organisation] | None) -> QuerySet[Pair]:
    return found if entries is None else found.filter(Q(one__in=entries.values("pk")) | Q(other__in=entries.values("pk")))


def rows(viewer: Viewer, found: Iterable[Pair]) -> list[Row]:
    """These pairs with what the viewer may read of both entries. A fixed number of queries, however many pairs."""
    listed = list(found)
    pks = {pk for pair in listed for pk in (pair.one_id, pair.other_id)}
    inside = pks if may_caretake(viewer) else set(in_care_of(viewer).filter(pk__in=pks).values_list("pk", flat=True))
    held = directory.whole(Organisation.objects.all()).in_bulk(pks)
    told = {pk: one if pk in inside else directory.shown_to(one) for pk, one in held.items()}
    return [_row(pair, told[pair.one_id], told[pair.other_id], {pair.one_id, pair.other_id} <= inside) for pair in listed]


def _row(pair: Pair, one: Organisation, other: Organisation, sees_all: bool) -> Row:
    said = verdict(pair, one, other, sees_all=sees_all)
    return Row(pair, one, other, str(said.judgement), list(said.reasons))


def verdict(pair: Pair, one: Organisation, other: Organisation, *, sees_all: bool) -> Verdict:
    """What the comparison says to this viewer. Who does not see all fields of both gets one of the fields they see."""
    if not sees_all:
        return compare(lookup.portrait_of(one), lookup.portrait_of(other))
    if not pair.reasons:  # nobody compared them: a person reported the pair or decided at once
        return compare(lookup.portrait_of(one), lookup.portrait_of(other))
    return Verdict(pair.judgement, pair.score, 0.0, tuple(Reason.from_json(kept) for kept in pair.reasons))  # type: ignore[arg-type]


def pair(viewer: Viewer, pk: int) -> Pair | None:
    """The pair of this number, if the viewer may see it."""
    return pairs_visible_to(viewer).select_related("one", "other").filter(pk=pk).first() if pk <= LARGEST else None


def merge_of(viewer: Viewer, pk: int) -> Merge | None:
    """The newest merge of the pair of this number that still holds, if the viewer may see it."""
    return merges_visible_to(viewer).filter(pair=pk, undone_at=None).first() if pk <= LARGEST else None


def sides(viewer: Viewer, found: Pair) -> tuple[Organisation, Organisation]:
    """Both entries of a pair, as the viewer may read them."""
    held = directory.whole(organisations_visible_to(viewer)).in_bulk([found.one_id, found.other_id])
    one, other = (directory.shown_to(held[pk], circle(viewer, held[pk])) for pk in (found.one_id, found.other_id))
    return one, other


def next_pair(viewer: Viewer, wanted: Mapping[str, Any], after: Pair) -> int | None:
    """The pair that comes after this one in the work list under the same filters; at the end the first one again."""
    every = pairs(viewer, wanted).exclude(pk=after.pk)
    later = every.filter(Q(score__lt=after.score) | Q(score=after.score, pk__gt=after.pk))
    return later.values_list("pk", flat=True).first() or every.values_list("pk", flat=True).first()


def pairs_waiting(viewer: Viewer) -> QuerySet[Pair]:
    """What waits for this viewer's decision or answer, with the moment `since` it does: for desks and overviews."""
    waiting = pairs(viewer, {})
    if not may_caretake(viewer):
        cared = caretaken_by(viewer).values("pk")
        owned = stewarded_by(viewer, (Role.OWNER,)).values("pk")
        asked = Q(state=PairState.ASKED) & (Q(one__in=owned) | Q(other__in=owned)) & ~Q(answers__organisation__in=owned)
        both = Q(one__in=owned, other__in=owned)
        waiting = waiting.filter(Q(one__in=cared) | Q(other__in=cared) | asked | both)
    return waiting.annotate(since=Coalesce("asked_at", "found_at"))


def regions_of_pairs(viewer: Viewer) -> dict[str, list[str]]:
    """The countries in which pairs wait, with their regions: what one can filter by."""
    waiting, found = pairs(viewer, {}).order_by(), dict[str, set[str]]()
    for side in ("one", "other"):  # one question for each side: both at once would read all places
        there = Place.objects.filter(organisation__in=waiting.values(side)).exclude(country="").order_by()
        for country, region in there.values_list("country", "region").distinct():
            found.setdefault(country, set()).update({region} - {""})
    return {country: sorted(regions) for country, regions in found.items()}


def sectors() -> QuerySet[Term]:
    """The main sectors."""
    return directory.terms(Tree.SECTOR).filter(parent=None)


# ------------------------------------------------------------------------------------------------------------- merges


def merges(viewer: Viewer) -> QuerySet[Merge]:
    """What was merged in the viewer's care, the newest first."""
    return merges_visible_to(viewer).select_related("winner", "loser", "by", "undone_by")


def merge(viewer: Viewer, pk: int) -> Merge | None:
    """The merge of this number, if the viewer may see it."""
    return merges(viewer).filter(pk=pk).first() if pk <= LARGEST else None


def history(found: Pair) -> QuerySet[Merge]:
    """What was done with this pair before: merges and their undoing."""
    return found.merges.select_related("winner", "loser", "by", "undone_by")


def stewards(*entries: Organisation) -> dict[int, int]:
    """How many people look after each of these."""
    found = dict.fromkeys((entry.pk for entry in entries), 0)
    for pk in (
        Stewardship.objects.filter(organisation__in=found, until=None).exclude(role=Role.MEMBER).values_list("organisation", flat=True)
    ):
        found[pk] += 1
    return found


# ------------------------------------------------------------------------------------------------ entries and imports


def pairs_of(viewer: Viewer, entry: Organisation) -> list[tuple[Pair, Organisation]]:
    """The pairs of an entry that wait, with the other entry; for its page."""
    mine = pairs(viewer, {}).filter(Q(one=entry.pk) | Q(other=entry.pk)).select_related("one", "other")
    return [(found, found.other if found.one_id == entry.pk else found.one) for found in mine[:5]]


def found_in(viewer: Viewer, revision_set: RevisionSet) -> int:
    """How many pairs of an import wait."""
    return pairs(viewer, {"import": revision_set.pk}).count()


def oldest_at(viewer: Viewer) -> datetime | None:
    """Since when the oldest pair waits for this viewer."""
    return pairs_waiting(viewer).aggregate(oldest=Min(Coalesce("asked_at", "found_at")))["oldest"]  # type: ignore[no-any-return]


# ----------------------------------------------------------------------------------------------------- while typing


@dataclass(frozen=True)
class LookAlike:
    """A published entry that may be the one somebody is about to enter."""

    name: str
    url: str
    town: str
    judgement: str
    reasons: list[str]


def look_alikes(*, name: str, town: str = "", postcode: str = "", country: str = "", website: str = "", limit: int = 5) -> list[LookAlike]:
    """Published entries that may be the same as what somebody types, with what everybody may see of them."""
    if len(name.strip()) < SHORTEST_NAME:
        return []
    sites = (Site(postcode=postcode, town=town, country=country),) if town or postcode else ()
    found = lookup.candidates(Portrait(name=name, sites=sites, website=website), limit=limit, public=True)
    held = directory.whole(organisations_visible_to(GUEST).filter(state=State.PUBLISHED)).in_bulk([one.organisation_id for one in found])
    return [
        _look_alike(directory.shown_to(held[pk], Visibility.PUBLIC), one.verdict) for one in found if (pk := one.organisation_id) in held
    ]


def _look_alike(entry: Organisation, said: Verdict) -> LookAlike:
    town = next((place.town for place in entry.places.all() if place.town), "")
    url = reverse("directory:organisation", args=[entry.slug])
    return LookAlike(entry.name, url, town, str(said.judgement), [str(reason) for reason in said.reasons])
