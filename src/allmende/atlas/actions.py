"""Keeping the index true: what the directory shows to guests is what the index holds, nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from allmende.atlas import fulltext, vocabulary
from allmende.atlas.models import Entry, Point, Tag, Word
from allmende.atlas.rules import project, unit
from allmende.directory import export, queries
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Organisation, Term
from allmende.directory.rules import is_share_alike
from allmende.ground.bulk import insert
from allmende.ground.text import fold, spellings, stemmed
from allmende.people.queries import GUEST
from allmende.places.queries import country_name

BATCH = 500


@transaction.atomic
def index(pks: Iterable[int]) -> int:
    """Bring these organisations up to date in the index; the ones guests may not see leave it. Returns how many are in."""
    asked = sorted(set(pks))
    shown = 0
    terms = Terms()
    for batch in _batches(asked):
        _forget(batch)
        shown += _write(queries.whole(organisations_visible_to(GUEST)).filter(pk__in=batch), terms)
    _grow()
    return shown


@transaction.atomic
def rebuild() -> int:
    """Empty the index and build it again from the directory. Readers see the old one until it is done."""
    for model in (Tag, Point, Entry, Word):
        model.objects.all()._raw_delete(using=connection.alias)
    fulltext.clear()
    shown, terms = 0, Terms()
    pks = Organisation.objects.order_by("pk").values_list("pk", flat=True)
    for batch in _batches(list(pks)):
        shown += _write(queries.whole(organisations_visible_to(GUEST)).filter(pk__in=batch), terms)
    _grow()
    vocabulary.forget()
    return shown


def verify() -> list[str]:
    """Sentences about what differs between the index and the directory; empty when all is well."""
    source = dict(organisations_visible_to(GUEST).values_list("pk", "changed_at"))
    indexed = dict(Entry.objects.values_list("pk", "changed_at"))
    expected, held = set(source), set(indexed)
    return [
        *(f"missing in the index: {pk}" for pk in sorted(expected - held)),
        *(f"not public any more: {pk}" for pk in sorted(held - expected)),
        *(f"stale: {pk}" for pk in sorted(expected & held) if source[pk] != indexed[pk]),
    ]


class Terms:
    """Names, synonyms and ancestors of the taxonomy, read once per run."""

    def __init__(self) -> None:
        self._terms = {(term.tree, term.key): term for term in Term.objects.all()}
        self._by_pk = {term.pk: term for term in self._terms.values()}
        self._texts: dict[tuple[int, ...], tuple[str, dict[str, str]]] = {}

    def line(self, tree: str, key: str) -> Iterator[Term]:
        """The term and its ancestors, nearest first."""
        term = self._terms.get((tree, key))
        while term is not None:
            yield term
            term = self._by_pk.get(term.parent_id) if term.parent_id else None

    def text(self, lines: Iterable[Term]) -> tuple[str, dict[str, str]]:
        """Stems and spellings of all names and synonyms of these terms; many entries share the same ones."""
        found = dict.fromkeys(lines)
        key = tuple(term.pk for term in found)
        if key not in self._texts:
            text = " ".join(" ".join((term.name_de, term.name_en, *term.synonyms)) for term in found)
            self._texts[key] = stemmed(text), spellings(text)
        return self._texts[key]


def _batches(pks: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(pks), BATCH):
        yield tuple(pks[start : start + BATCH])


def _forget(pks: Sequence[int]) -> None:
    for model in (Tag, Point):
        model.objects.filter(entry_id__in=pks)._raw_delete(using=connection.alias)
    Entry.objects.filter(pk__in=pks)._raw_delete(using=connection.alias)
    gone = Counter(word for words in fulltext.delete(pks) for word in words.split())
    _count({word: (word, -n) for word, n in gone.items()})


def _write(organisations: Iterable[Organisation], terms: Terms) -> int:
    entries: list[Entry] = []
    points: list[Point] = []
    tags: list[Tag] = []
    texts: list[fulltext.Text] = []
    added: dict[str, tuple[str, int]] = {}
    for whole in organisations:
        item = queries.shown_to(whole)  # fields that are not public must not even be found
        data = export.organisation(item)
        entries.append(_entry(item, data))
        points += _points(item)
        tags += [Tag(entry_id=item.pk, kind=kind, key=key) for kind, key in sorted(_tags(data, terms))]
        text, shown = _text(item.pk, data, terms)
        texts.append(text)
        for word, spelling in shown.items():
            known = added.get(word, (spelling, 0))
            added[word] = (known[0], known[1] + 1)
    for rows in (entries, points, tags):  # type: Sequence[Model]
        insert(rows)
    fulltext.write(texts)
    _count(added)
    return len(entries)


def _entry(item: Organisation, data: dict[str, Any]) -> Entry:
    place: dict[str, Any] = next(iter(data["places"]), {"town": "", "region": "", "country": ""})
    confirmed: datetime | None = getattr(item, "confirmed_at", None)
    return Entry(
        organisation_id=item.pk,
        uuid=item.uuid,
        slug=item.slug,
        name=item.name,
        sort_name=fold(item.name)[:200],
        summary=item.summary,
        summary_en=item.summary_en,
        kind=item.kind,
        legal_form=data["legal_form"],
        sector=data["sector"],
        town=place["town"],
        region=place["region"],
        country=place["country"],
        licence=data["licence"],
        share_alike=is_share_alike(str(data["licence"])),
        founded=item.founded,
        confirmed_at=confirmed,
        changed_at=item.changed_at,
        has_place=any(one["lat"] is not None for one in data["places"]),
        is_demo=item.is_demo,
    )


def _points(item: Organisation) -> Iterator[Point]:
    for place in item.places.all():
        if place.lat is None or place.lon is None:
            continue
        x, y = project(place.lat, place.lon)
        ux, uy, uz = unit(place.lat, place.lon)
        yield Point(
            entry_id=item.pk, place_id=place.pk, x=x, y=y, lat=place.lat, lon=place.lon,
            ux=ux, uy=uy, uz=uz, precision=place.precision, is_seat=place.is_seat,
        )  # fmt: skip


_TREES = (("sectors", "sector"), ("activities", "activity"), ("cooperation", "cooperation"), ("sdgs", "sdg"))


def _lines(data: dict[str, Any], terms: Terms) -> Iterator[Term]:
    for name, tree in _TREES:
        for key in data[name]:
            yield from terms.line(tree, str(key))
    for name, tree in (("sector", "sector"), ("legal_form", "legal_form")):
        yield from terms.line(tree, str(data[name]))


def _tags(data: dict[str, Any], terms: Terms) -> set[tuple[str, str]]:
    tags = {(term.tree, term.key) for term in _lines(data, terms)}
    tags |= {("country", place["country"]) for place in data["places"] if place["country"]}
    tags |= {("region", f"{place['country']}:{place['region']}"[:100]) for place in data["places"] if place["region"]}
    tags |= {("source", source["source"]) for source in data["sources"]}
    tags |= {("network", slug) for slug in data["networks"]}
    return tags


def _text(pk: int, data: dict[str, Any], terms: Terms) -> tuple[fulltext.Text, dict[str, str]]:
    """The entry's text for the index, and its words as they are written."""
    name = f"{data['name']} {data['legal_name']}"
    where = {
        part
        for place in data["places"]
        for part in (
            place["town"],
            place["postcode"],
            place["region"],
            country_name(place["country"], "de"),
            country_name(place["country"], "en"),
        )
    }
    place = " ".join(sorted(where))
    about, about_words = terms.text(_lines(data, terms))
    body = " ".join(str(data[key]) for key in ("summary", "summary_en", "description", "description_en"))
    body = " ".join((body, *data["keywords"]))
    shown = about_words | {word[:80]: written[:80] for part in (name, place, body) for word, written in spellings(part).items()}
    text = fulltext.Text(pk, stemmed(name), stemmed(place), about, stemmed(body), " ".join(shown))
    return text, shown


def _count(changes: dict[str, tuple[str, int]]) -> None:
    """Add to the vocabulary's counts, in one order always, so that two writers never wait for each other in a circle."""
    if not changes:
        return
    rows = [(word, shown, n) for word, (shown, n) in sorted(changes.items())]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO atlas_word (word, shown, entries) VALUES (%s, %s, %s) "
            "ON CONFLICT (word) DO UPDATE SET entries = atlas_word.entries + excluded.entries",
            rows,
        )


def _grow() -> None:
    """One step on: caches and ETags go by this number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO atlas_version (id, number, changed_at) VALUES (1, 1, %s) "
            "ON CONFLICT (id) DO UPDATE SET number = atlas_version.number + 1, changed_at = excluded.changed_at",
            [connection.ops.adapt_datetimefield_value(timezone.now())],
        )
