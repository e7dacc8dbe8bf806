"""The demo network: real organisations described from public knowledge, and six invented ones that show what real ones cannot.

Nobody has confirmed anything about the real ones here, so they carry no confirmation. The invented ones say so in name and summary
and were confirmed at different times, so that every level of freshness can be seen.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.directory import export, taxonomy
from allmende.directory.models import (
    Belonging,
    Confirmation,
    Kind,
    Organisation,
    Place,
    Record,
    Revision,
    RevisionSet,
    Source,
    Term,
    Tree,
)
from allmende.ground import trail
from allmende.people.queries import service
from allmende.places.queries import locate

FOLDER = Path(__file__).parent
LICENCE = "CC0-1.0"

Row = dict[str, Any]


@transaction.atomic
def load() -> int:
    """Write the entries of the demo network that are not there yet and return how many they were.

    What was loaded once is never overwritten, for somebody may have corrected it since; an address already taken stays with its owner.
    """
    taxonomy.ensure()
    now = timezone.now()
    source = _source()
    taken = {*Organisation.objects.values_list("slug", flat=True), *source.records.values_list("remote_id", flat=True)}
    rows = [(row, is_demo) for row, is_demo in _rows() if row["slug"] not in taken]
    if not rows:
        return 0
    by = service("demo")
    revision_set = RevisionSet.objects.create(by=by, source=source, reason="Demo-Netzwerk geladen", report={"new": len(rows)})
    entries = [(row, _organisation(row, is_demo)) for row, is_demo in rows]
    Organisation.objects.bulk_create([entry for _row, entry in entries])
    _write_parts(entries, revision_set)
    Record.objects.bulk_create([_record(row, entry, source, now) for row, entry in entries])
    Confirmation.objects.bulk_create([one for row, entry in entries for one in _confirmations(row, entry, now)])
    _join([entry for row, entry in entries if row.get("in_network")])
    trail.record("directory.organisations_changed", by=by, about=revision_set, organisations=[entry.pk for _row, entry in entries])
    return len(rows)


def _write_parts(entries: list[tuple[Row, Organisation]], revision_set: RevisionSet) -> None:
    """Places, terms, and the revision that remembers all of it."""
    places = {entry.pk: list(_places(row, entry)) for row, entry in entries}
    terms = {entry.pk: _terms(row) for row, entry in entries}
    through = Organisation.terms.through
    Place.objects.bulk_create([place for listed in places.values() for place in listed])
    through.objects.bulk_create([through(organisation_id=pk, term_id=term.pk) for pk, listed in terms.items() for term in listed])
    revisions = [(entry, _remembered(entry, terms[entry.pk], places[entry.pk])) for _row, entry in entries]
    Revision.objects.bulk_create([Revision(organisation=entry, set=revision_set, after=after) for entry, after in revisions])


def _rows() -> Iterator[tuple[Row, bool]]:
    """Every entry of the files and whether it is invented; the network first."""
    real, invented = _read("organisations.json"), _read("invented.json")
    network = {**real["network"], **invented["network"], "kind": Kind.NETWORK, "sector": "network", "online_only": True}
    yield {**network, "description_de": network.get("note", "")}, True
    yield from ((row, False) for row in real["organisations"])
    yield from ((row, True) for row in invented["organisations"])


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


def network_slug() -> str:
    """The address of the demo network."""
    slug: str = _read("organisations.json")["network"]["slug"]
    return slug


def _source() -> Source:
    source, _created = Source.objects.get_or_create(
        key="demo", defaults={"name": "Netzwerk Plattformgenossenschaften (Demo)", "licence": LICENCE, "is_demo": True}
    )
    return source


def _organisation(row: Row, is_demo: bool) -> Organisation:
    return Organisation(
        slug=row["slug"],
        name=row["name"],
        legal_name=row.get("legal_name") or "",
        kind=Kind(row["kind"]),
        summary=row["summary_de"],
        summary_en=row.get("summary_en") or "",
        description=row.get("description_de") or "",
        description_en=row.get("description_en") or "",
        keywords=row.get("activities") or [],
        languages=row.get("languages") or [],
        founded=row.get("founded"),
        website=row.get("website") or "",
        same_as=[f"https://www.wikidata.org/entity/{row['wikidata']}"] if row.get("wikidata") else [],
        licence=LICENCE,
        legal_form=taxonomy.by_key(Tree.LEGAL_FORM, row["legal_form"]) if row.get("legal_form") else None,
        sector=taxonomy.by_key(Tree.SECTOR, row["sector"]),
        is_demo=is_demo,
    )


def _terms(row: Row) -> list[Term]:
    """The words the row names by key, and the activities that the taxonomy knows."""
    terms = [taxonomy.by_key(Tree.SECTOR, key) for key in (row["sector"], *row.get("sectors_more", ()))]
    terms += [taxonomy.by_key(Tree.COOPERATION, key) for key in row.get("cooperation", ())]
    terms += [taxonomy.by_key(Tree.SDG, str(number)) for number in row.get("sdgs", ())]
    terms += taxonomy.matches(Tree.ACTIVITY, (*row.get("activities", ()), *row.get("activities_en", ())))
    return list({term.pk: term for term in terms}.values())


def _places(row: Row, organisation: Organisation) -> Iterator[Place]:
    """Its places with the best point our own data give; none for what lives online only."""
    if row.get("online_only"):
        return
    seat = {name: row.get(name) for name in ("street", "postcode", "town", "region", "country")} | {"is_seat": True}
    listed = row.get("places") or ([seat] if row.get("town") or row.get("country") else [])
    for position, place in enumerate(listed):
        if place.get("is_seat"):
            place = {**seat, **{name: value for name, value in place.items() if value is not None}}
        yield _place(place, position, organisation)


def _place(row: Row, position: int, organisation: Organisation) -> Place:
    text = {name: row.get(name) or "" for name in ("label", "street", "postcode", "town", "region", "country")}
    guess = locate(text["street"], text["postcode"], text["town"], text["country"])
    point = {"lat": guess.lat, "lon": guess.lon, "precision": guess.precision} if guess else {}
    text["region"] = text["region"] or (guess.region if guess else "")
    return Place(organisation=organisation, position=position, is_seat=bool(row.get("is_seat")), **text, **point)


def _record(row: Row, organisation: Organisation, source: Source, now: datetime) -> Record:
    canonical = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Record(
        source=source,
        remote_id=row["slug"],
        organisation=organisation,
        licence=LICENCE,
        raw=row,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        retrieved_at=now,
        seen_at=now,
    )


_REMEMBERED = (
    "name legal_name kind summary summary_en description description_en keywords languages founded website same_as is_demo".split()
)
_LISTS = {Tree.SECTOR: "sectors", Tree.ACTIVITY: "activities", Tree.COOPERATION: "cooperation", Tree.SDG: "sdgs"}


def _remembered(entry: Organisation, terms: list[Term], places: list[Place]) -> Row:
    """The fields that say something, under the names of the public export."""
    fields: Row = {name: getattr(entry, name) for name in _REMEMBERED}
    fields |= {"sector": entry.sector.key if entry.sector else "", "legal_form": entry.legal_form.key if entry.legal_form else ""}
    for tree, name in _LISTS.items():
        keys = sorted(term.key for term in terms if term.tree == tree)
        fields[name] = sorted(map(int, keys)) if tree == Tree.SDG else keys
    return {name: value for name, value in fields.items() if value} | {"places": [export.place(place) for place in places]}


def _confirmations(row: Row, organisation: Organisation, now: datetime) -> Iterator[Confirmation]:
    """Only invented entries name an age."""
    days = row.get("confirmed_days_ago")
    if days is not None:
        yield Confirmation(organisation=organisation, by=service("demo"), at=now - timedelta(days=days))


def _join(members: list[Organisation]) -> None:
    network = Organisation.objects.filter(slug=network_slug()).first()
    if network:
        Belonging.objects.bulk_create([Belonging(network=network, member=member) for member in members if member.pk != network.pk])
