"""What the world may read of an entry: one dict with stable names. Page, map, API, feed, dump and import all speak it."""

from typing import Any

from allmende.directory.models import Organisation, Place, Record, Tree, Visibility
from allmende.directory.queries import shown_to
from allmende.directory.rules import strictest

ROUNDING = 6  # decimals of a degree: about 10 cm


def place(item: Place) -> dict[str, Any]:
    """A place with its point and the precision of the point (`exact`, `postcode`, `town`, `country` or empty)."""
    return {
        "label": item.label,
        "street": item.street,
        "postcode": item.postcode,
        "town": item.town,
        "region": item.region,
        "country": item.country,
        "lat": None if item.lat is None else round(item.lat, ROUNDING),
        "lon": None if item.lon is None else round(item.lon, ROUNDING),
        "precision": item.precision,
        "is_seat": item.is_seat,
    }


def record(item: Record) -> dict[str, Any]:
    """Where the entry, or a part of it, came from."""
    return {
        "source": item.source.key,
        "name": item.source.name,
        "remote_id": item.remote_id,
        "licence": item.licence,
        "attribution": item.source.attribution,
        "url": item.url or item.source.url,
        "retrieved_on": item.retrieved_at.date().isoformat(),
        "gone": item.gone_at is not None,
    }


def organisation(item: Organisation, base: str = "", seen_from: str = Visibility.PUBLIC) -> dict[str, Any]:
    """An entry as somebody in this circle may read it, guests by default. `item` must come from `queries.whole`.

    `base` is the site's address. Lists of terms hold keys of the taxonomy. What is not for this circle is empty.
    """
    item = shown_to(item, seen_from)
    keys: dict[str, list[str]] = {tree: [] for tree in Tree.values}
    for term in item.terms.all():
        keys[term.tree].append(term.key)
    records = list(item.records.all())
    confirmed = getattr(item, "confirmed_at", None)
    return {
        "id": str(item.uuid),
        "slug": item.slug,
        "url": f"{base}/o/{item.slug}/",
        "name": item.name,
        "legal_name": item.legal_name,
        "kind": item.kind,
        "legal_form": item.legal_form.key if item.legal_form else "",
        "sector": item.sector.key if item.sector else "",
        "sectors": sorted(keys[Tree.SECTOR]),
        "activities": sorted(keys[Tree.ACTIVITY]),
        "cooperation": sorted(keys[Tree.COOPERATION]),
        "sdgs": sorted(int(key) for key in keys[Tree.SDG]),
        "summary": item.summary,
        "summary_en": item.summary_en,
        "description": item.description,
        "description_en": item.description_en,
        "keywords": list(item.keywords),
        "languages": list(item.languages),
        "founded": item.founded,
        "ended": item.ended,
        "website": item.website,
        "email": item.email,
        "phone": item.phone,
        "register": item.register,
        "same_as": list(item.same_as),
        "places": [place(one) for one in item.places.all()],
        "networks": sorted(belonging.network.slug for belonging in item.belongs_to.all()),
        "licence": strictest([one.licence for one in records], item.licence),
        "sources": [record(one) for one in records],
        "confirmed_on": confirmed.date().isoformat() if confirmed else None,
        "changed_at": item.changed_at.isoformat(timespec="seconds"),
        "is_demo": item.is_demo,
    }
