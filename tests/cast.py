"""The cast everyone knows: a few organisations and how to make more. Used by all tests of the rooms."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from allmende.directory.models import Confirmation, Organisation, Place, Record, Source, Term
from allmende.ground import trail
from allmende.ground.text import slug

BERLIN, HAMBURG, WIEN = (52.52, 13.405), (53.5511, 9.9937), (48.2082, 16.3738)


def term(tree: str, key: str, de: str = "", en: str = "", **more: Any) -> Term:
    """A word of the taxonomy, made on first use."""
    return Term.objects.get_or_create(tree=tree, key=key, defaults={"name_de": de or key, "name_en": en or de or key, **more})[0]


def source(key: str = "beispiel", licence: str = "CC0-1.0", **more: Any) -> Source:
    """A source of entries."""
    return Source.objects.get_or_create(key=key, defaults={"name": key.capitalize(), "licence": licence, **more})[0]


def organisation(
    name: str,
    town: str = "",
    at: tuple[float, float] | None = None,
    *,
    sector: str = "",
    terms: tuple[tuple[str, str], ...] = (),
    confirmed: timedelta | datetime | None = None,
    from_source: Source | None = None,
    country: str = "DE",
    **fields: Any,
) -> Organisation:
    """An entry with at most one place; the map learns of it as it does in life, through the trail."""
    item = Organisation.objects.create(
        name=name, slug=fields.pop("slug", slug(name)), sector=term("sector", sector) if sector else None, **fields
    )
    if sector:
        item.terms.add(term("sector", sector))
    for tree, key in terms:
        item.terms.add(term(tree, key))
    if town or at:
        lat, lon = at or (None, None)
        Place.objects.create(organisation=item, town=town, country=country, lat=lat, lon=lon, precision="exact" if at else "", is_seat=True)
    if confirmed is not None:
        moment = timezone.now() - confirmed if isinstance(confirmed, timedelta) else confirmed
        Confirmation.objects.create(organisation=item, at=moment)
    if from_source:
        now = timezone.now()
        Record.objects.create(
            source=from_source,
            remote_id=item.slug,
            organisation=item,
            licence=from_source.licence,
            digest="",
            retrieved_at=now,
            seen_at=now,
        )
    changed(item)
    return item


def changed(*items: Organisation) -> None:
    """Say in the trail that these have changed."""
    trail.record("directory.organisations_changed", organisations=[item.pk for item in items])
