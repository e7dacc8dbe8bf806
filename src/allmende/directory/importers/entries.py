"""Entries in the shape of a draft: what is in the tables now, and how changes are written back, a thousand at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from allmende.directory import taxonomy
from allmende.directory.importers.base import BLANK, PLACE_BLANK, TERM_LISTS
from allmende.directory.importers.merging import PlaceChange, key
from allmende.directory.models import Organisation, Place, State, Term, Tree
from allmende.ground.bulk import delete, insert, update

CHUNK = 500  # ids in one question
LONGEST_CHAIN = 100  # merges one after the other; what is longer is a circle
FIELD_OF_TREE = {tree: field for field, tree in TERM_LISTS.items()}
COLUMNS = tuple(name for name in BLANK if name not in TERM_LISTS and name not in {"legal_form", "sector"})
Through = Organisation.terms.through


@dataclass(slots=True)
class Entry:
    """An organisation with its terms and places, as `data` of a draft says them."""

    organisation: Organisation
    data: dict[str, Any]
    places: list[Place] = field(default_factory=list)

    def places_said(self) -> list[dict[str, Any]]:
        """The places in the shape of a draft."""
        return [said(place) for place in self.places]


def standing(pks: Iterable[int]) -> dict[int, int]:
    """For each entry the one that stands for it: itself, or what it was merged into, along the chain."""
    found = {pk: pk for pk in pks}
    for _step in range(LONGEST_CHAIN):
        ends, into = sorted(set(found.values())), {}
        for start in range(0, len(ends), CHUNK):
            merged = Organisation.objects.filter(pk__in=ends[start : start + CHUNK], state=State.MERGED)
            into.update(dict(merged.values_list("pk", "merged_into_id")))
        if not into:
            break
        found = {pk: into.get(end, end) for pk, end in found.items()}
    return found


def said(place: Place) -> dict[str, Any]:
    """A place in the shape of a draft."""
    return {name: getattr(place, name) for name in PLACE_BLANK}


def load(pks: Iterable[int]) -> dict[int, Entry]:
    """The entries of these organisations, locked until the transaction ends."""
    wanted = sorted(set(pks))
    found: dict[int, Entry] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for organisation in Organisation.objects.select_for_update(of=("self",)).select_related("legal_form", "sector").filter(pk__in=part):
            found[organisation.pk] = Entry(organisation, _data(organisation))
        for link in Through.objects.filter(organisation__in=part).values_list("organisation_id", "term__tree", "term__key"):
            _add_term(found[link[0]].data, link[1], link[2])
        for place in Place.objects.filter(organisation__in=part).order_by("position", "pk"):
            found[place.organisation_id].places.append(place)
    for entry in found.values():
        for name in TERM_LISTS:
            entry.data[name].sort()
    return found


def _data(organisation: Organisation) -> dict[str, Any]:
    data = {name: getattr(organisation, name) for name in COLUMNS}
    terms: dict[str, list[Any]] = {name: [] for name in TERM_LISTS}
    form, sector = organisation.legal_form, organisation.sector
    return {**data, **terms, "legal_form": form.key if form else "", "sector": sector.key if sector else ""}


def _add_term(data: dict[str, Any], tree: str, term_key: str) -> None:
    if name := FIELD_OF_TREE.get(tree):
        data[name].append(int(term_key) if tree == Tree.SDG else term_key)


def columns(data: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an organisation for these fields of a draft; lists of terms are written by `set_terms`."""
    found = {name: value for name, value in data.items() if name not in TERM_LISTS and name not in {"legal_form", "sector"}}
    for name in ("legal_form", "sector"):
        if name in data:
            found[f"{name}_id"] = taxonomy.by_key(name, data[name]).pk if data[name] else None
    return found


def terms(data: dict[str, Any]) -> list[Term]:
    """The terms named in the lists of a draft."""
    return [taxonomy.by_key(tree, str(one)) for name, tree in TERM_LISTS.items() for one in data.get(name, ())]


def change_organisations(changed: Sequence[tuple[Entry, dict[str, Any]]]) -> None:
    """Write these fields of these entries, and only these."""
    groups: dict[tuple[str, ...], list[Organisation]] = defaultdict(list)
    now = timezone.now()
    for entry, fields in changed:
        values = columns(fields)
        for name, value in values.items():
            setattr(entry.organisation, name, value)
        entry.organisation.changed_at = now
        groups[(*sorted(values), "changed_at")].append(entry.organisation)
    for names, organisations in groups.items():
        update(organisations, names)
    _set_terms(changed)


def _set_terms(changed: Sequence[tuple[Entry, dict[str, Any]]]) -> None:
    more: list[Any] = []
    less: list[tuple[int, int]] = []
    for entry, fields in changed:
        for name in TERM_LISTS.keys() & fields.keys():
            before, after = set(entry.data[name]), set(fields[name])
            tree = TERM_LISTS[name]
            pk = entry.organisation.pk
            less += [(pk, taxonomy.by_key(tree, str(one)).pk) for one in before - after]
            more += [Through(organisation_id=pk, term_id=taxonomy.by_key(tree, str(one)).pk) for one in after - before]
    delete(Through, ("organisation_id", "term_id"), less)
    Through.objects.bulk_create(more, ignore_conflicts=True)


def change_places(changed: Sequence[tuple[Entry, Sequence[PlaceChange]]]) -> None:
    """Add, replace and remove places; a place that is replaced keeps its number and whether it is the seat."""
    new: list[Place] = []
    other: list[Place] = []
    gone: list[int] = []
    for entry, changes in changed:
        here: dict[tuple[Any, ...], list[Place]] = defaultdict(list)
        for place in entry.places:
            here[key(said(place))].append(place)
        position = 1 + max((place.position for place in entry.places), default=-1)
        has_seat = any(place.is_seat for place in entry.places)
        for before, after in changes:
            old = here[key(before)].pop() if before and here[key(before)] else None
            if old and after:
                other.append(_replace(old, after))
            elif old:
                gone.append(old.pk)
            elif after:
                new.append(
                    Place(organisation=entry.organisation, position=position, **{**after, "is_seat": after["is_seat"] and not has_seat})
                )
                has_seat = has_seat or after["is_seat"]
                position += 1
    for start in range(0, len(gone), CHUNK):
        Place.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
    update(other, [name for name in PLACE_BLANK if name != "is_seat"])
    insert(new)


def put_places(entry: Entry, wanted: Sequence[dict[str, Any]]) -> None:
    """Make these the places of an entry, in this order; what is as it was keeps its number, so that links to it stay."""
    here: dict[tuple[Any, ...], list[Place]] = defaultdict(list)
    for place in entry.places:
        here[key(said(place))].append(place)
    kept = [here[key(one)].pop(0) if here[key(one)] else None for one in wanted]
    spare = [place for places in here.values() for place in places]
    Place.objects.filter(organisation=entry.organisation).update(is_seat=False)  # two at once are forbidden, even for a moment
    for position, (one, old) in enumerate(zip(wanted, kept, strict=True)):
        place = old or (spare.pop(0) if spare else Place(organisation=entry.organisation))
        for name, value in {**PLACE_BLANK, **one}.items():
            setattr(place, name, value)
        place.position = position
        place.save()
    Place.objects.filter(pk__in=[place.pk for place in spare]).delete()


def _replace(place: Place, after: dict[str, Any]) -> Place:
    for name in PLACE_BLANK:
        if name != "is_seat":
            setattr(place, name, after[name])
    return place
