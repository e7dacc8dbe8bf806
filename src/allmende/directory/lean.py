"""What guests may read of many entries at once, without making an object of every row: for the index of the map, 500 at a time.

The same rules as `export.organisation(shown_to(item))`, which stays the one to read; tests hold both against each other, key by key.
Left out is what no index needs (phone numbers, languages, attributions ...).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from allmende.directory.export import ROUNDING
from allmende.directory.models import Tree
from allmende.directory.rules import hidden, strictest
from allmende.places.queries import locate

Facts = dict[str, Any]
Row = tuple[Any, ...]

# Where the terms of each tree stand in an export.
LISTS = {
    Tree.SECTOR: "sectors",
    Tree.ACTIVITY: "activities",
    Tree.COOPERATION: "cooperation",
    Tree.SDG: "sdgs",
    Tree.LEGAL_FORM: "",
    Tree.EXCHANGE: "",
}

_ORGANISATIONS = """
    SELECT o.id, o.uuid, o.slug, o.name, o.legal_name, o.kind, f.key, s.key, o.summary, o.summary_en, o.description, o.description_en,
           o.keywords, o.founded, o.licence, o.visibility, o.is_demo, {changed_at},
           (SELECT MAX(c.at) FROM directory_confirmation c WHERE c.organisation_id = o.id)
    FROM directory_organisation o
    LEFT JOIN directory_term f ON f.id = o.legal_form_id LEFT JOIN directory_term s ON s.id = o.sector_id
    WHERE o.state = 'published' AND o.id {pks} ORDER BY o.id"""
_PLACES = """
    SELECT organisation_id, postcode, town, region, country, lat, lon, is_seat FROM directory_place
    WHERE organisation_id {pks} ORDER BY organisation_id, is_seat DESC, position, id"""
_TERMS = """
    SELECT l.organisation_id, t.tree, t.key FROM directory_organisation_terms l JOIN directory_term t ON t.id = l.term_id
    WHERE l.organisation_id {pks}"""
_RECORDS = """
    SELECT r.organisation_id, s.key, r.licence FROM directory_record r JOIN directory_source s ON s.id = r.source_id
    WHERE r.organisation_id {pks} ORDER BY r.id"""
_NETWORKS = """
    SELECT b.member_id, n.slug FROM directory_belonging b JOIN directory_organisation n ON n.id = b.network_id
    WHERE n.state = 'published' AND b.member_id {pks}"""
_RULES = "SELECT defaults FROM directory_datarules WHERE state = 'adopted'"


def facts(pks: Iterable[int]) -> list[Facts]:
    """These entries as guests may read them, in the order of their numbers; those guests may not see are left out.

    Keys as in `export.organisation`, and `pk`; `confirmed_at` and `changed_at` are moments, `sources` only their keys.
    Six statements, however many there are.
    """
    asked = sorted(set(pks))
    ruled = ruled_today()
    places, terms, records, networks = (_by_entry(statement, asked) for statement in (_PLACES, _TERMS, _RECORDS, _NETWORKS))
    reader = Reader()
    return [
        told_of(row, ruled, reader, places.get(row[0], ()), terms.get(row[0], ()), records.get(row[0], ()), networks.get(row[0], ()))
        for row in _rows(_ORGANISATIONS, asked)
    ]


class Reader:
    """How this database hands over what SQLite keeps as text."""

    def __init__(self) -> None:
        is_text = connection.vendor == "sqlite"
        self.moment: Callable[[Any], datetime | None] = _moment if is_text else lambda value: value
        self.uuid: Callable[[Any], str] = _uuid if is_text else str


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _uuid(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _json(text: "str | list[Any] | dict[str, Any]") -> Any:
    """Django's own cursors give JSON as text on both databases."""
    if not isinstance(text, str):
        return text
    return [] if text == "[]" else {} if text == "{}" else json.loads(text)


def _rows(statement: str, pks: Sequence[int]) -> list[Row]:
    """The rows of these entries; the numbers go along as one value, however many there are."""
    is_sqlite = connection.vendor == "sqlite"
    among = "IN (SELECT value FROM json_each(%s))" if is_sqlite else "= ANY(%s)"
    changed_at = "o.changed_at || ''" if is_sqlite else "o.changed_at"  # as text: Django's converter of the column is slow
    with connection.cursor() as cursor:
        cursor.execute(statement.format(pks=among, changed_at=changed_at), [json.dumps(pks) if is_sqlite else list(pks)])
        rows: list[Row] = cursor.fetchall()
    return rows


def _by_entry(statement: str, pks: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in _rows(statement, pks):
        found[row[0]].append(row)
    return found


def ruled_today() -> dict[str, str] | None:
    """The defaults of the data rules in force."""
    with connection.cursor() as cursor:
        cursor.execute(_RULES)
        row = cursor.fetchone()
    return dict(_json(row[0])) if row else None


def told_of(
    row: Row,
    ruled: dict[str, str] | None,
    reader: Reader,
    places: Sequence[Row],
    terms: Sequence[Row],
    records: Sequence[Row],
    networks: Sequence[Row],
) -> Facts:
    """One entry from rows in the shape of the statements above; `ruled` are the data rules in force."""
    (pk, uuid, slug, name, legal_name, kind, form, sector, summary, summary_en, description, description_en,
     keywords, founded, licence, visibility, is_demo, changed, confirmed) = row  # fmt: skip
    without = hidden("public", _json(visibility), ruled)
    told = _told_as_town if "address" in without else _told
    keys: dict[str, list[str]] = {"sectors": [], "activities": [], "cooperation": [], "sdgs": [], "": []}
    for _pk, tree, key in terms:
        keys[LISTS[tree]].append(key)
    return {
        "pk": pk,
        "id": reader.uuid(uuid),
        "slug": slug,
        "name": name,
        "legal_name": "" if "register" in without else legal_name,
        "kind": kind,
        "legal_form": form or "",
        "sector": sector or "",
        "sectors": sorted(keys["sectors"]),
        "activities": sorted(keys["activities"]),
        "cooperation": sorted(keys["cooperation"]),
        "sdgs": sorted(map(int, keys["sdgs"])),
        "summary": summary,
        "summary_en": summary_en,
        "description": "" if "description" in without else description,
        "description_en": "" if "description" in without else description_en,
        "keywords": _json(keywords),
        "founded": None if "founded" in without else founded,
        "places": [told(place) for place in places],
        "networks": sorted(slug for _pk, slug in networks),
        "licence": strictest([record[2] for record in records], licence) if records else licence,
        "sources": [record[1] for record in records],
        "confirmed_at": reader.moment(confirmed),
        "changed_at": reader.moment(changed),
        "is_demo": bool(is_demo),
    }


def _told(place: Row) -> Facts:
    _pk, postcode, town, region, country, lat, lon, is_seat = place
    return {
        "postcode": postcode,
        "town": town,
        "region": region,
        "country": country,
        "lat": None if lat is None else round(lat, ROUNDING),
        "lon": None if lon is None else round(lon, ROUNDING),
        "is_seat": bool(is_seat),
    }


def _told_as_town(place: Row) -> Facts:
    """The same place told no finer than its town, as `queries.shown_to` does it."""
    pk, _postcode, town, region, country, _lat, _lon, is_seat = place
    guess = locate("", "", town, country) if town else None
    return _told((pk, "", town, region, country, guess.lat if guess else None, guess.lon if guess else None, is_seat))
