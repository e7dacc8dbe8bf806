"""An entry as people read it: what its page says, in the reader's language. Built from the public export, so nothing else can be on it."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info

from allmende.directory import export, jsonld, queries
from allmende.directory.models import Kind, Kinship, Organisation, Place, Precision, Record, State, Term, Tree, Visibility
from allmende.directory.rules import Freshness, freshness
from allmende.ground.text import shorten
from allmende.people.queries import GUEST
from allmende.places.queries import country_name

SHOWN_PLACES = 8  # more are folded away
SHOWN_MEMBERS = 100
META_DESCRIPTION = 160  # characters search engines show
FRESH_CLASS = {Freshness.NEVER: "none", Freshness.OLDER: "old"}


class Text(NamedTuple):
    """A text and, where it is not in the language of the page, its own language."""

    text: str
    language: str


class Link(NamedTuple):
    """A word and where it leads."""

    name: str
    url: str


@dataclass(frozen=True)
class Spot:
    """A place with the ways to find it."""

    label: str
    lines: list[str]
    is_seat: bool
    imprecise: str
    geo: str
    osm: str


@dataclass(frozen=True)
class Origin:
    """Where something on the page came from."""

    name: str
    url: str
    licence: str
    licence_url: str
    attribution: str
    retrieved_at: Any
    is_gone: bool


def context(item: Organisation, base: str, seen_from: str = Visibility.PUBLIC) -> dict[str, Any]:
    """All the template needs. `item` comes from `queries.organisation`, `base` is the site's address, `seen_from` the viewer's circle."""
    data = export.organisation(item, base, seen_from)
    level = freshness(item.confirmed_at, timezone.now())  # type: ignore[attr-defined]  # annotated by queries.whole
    summary = _own_words(item.summary, item.summary_en)
    spots = [_spot(place) for place in item.places.all()]
    return {
        "area": "map",
        "item": item,
        "data": data,
        "base": base,
        "canonical": base + reverse("directory:organisation", args=[item.slug]),
        "search": search_address(),
        "summary": summary,
        "description": _own_words(item.description, item.description_en),
        "meta_description": shorten(" ".join((summary.text or _where(item)).split()), META_DESCRIPTION),
        "fresh": f"fresh-{level.value}",
        "fresh_class": FRESH_CLASS.get(level, ""),
        "spots": spots[:SHOWN_PLACES],
        "more_spots": spots[SHOWN_PLACES:],
        "has_map": item.state == State.PUBLISHED and any(place["lat"] is not None for place in data["places"]),  # whose picture all may see
        "origins": [_origin(record) for record in item.records.all()],
        "is_published": item.state == State.PUBLISHED,
        "state": item.get_state_display(),
        "licence_url": jsonld.licence_url(data["licence"]),
        **_facts(item),
        **_networks(item),
        **_kin(item),
    }


def search_address() -> str:
    """The map's public address in the reader's language. The room upstairs is not known here, but a public address is a promise."""
    return "/en/karte/" if get_language() == "en" else "/karte/"


def _own_words(german: str, english: str) -> Text:
    """The text in the reader's language where there is one, otherwise the other with its language named."""
    first, second = ((english, "en"), (german, "de")) if get_language() == "en" else ((german, "de"), (english, "en"))
    return Text(first[0], "") if first[0] else Text(second[0], second[1] if second[0] else "")


def _where(item: Organisation) -> str:
    """What can be said of an entry without a summary: name, kind, town."""
    town = next((place.town for place in item.places.all() if place.town), "")
    return ", ".join(part for part in (item.name, item.get_kind_display(), town) if part)


def _facts(item: Organisation) -> dict[str, Any]:
    by_tree: dict[str, list[Term]] = {tree: [] for tree in Tree.values}
    for term in item.terms.all():
        by_tree[term.tree].append(term)
    sectors = [*([item.sector] if item.sector else []), *(term for term in by_tree[Tree.SECTOR] if term != item.sector)]
    seat = next((place for place in item.places.all() if place.is_seat), None)
    return {
        "legal_form": _by_filter([item.legal_form] if item.legal_form else []),
        "seat": ", ".join(part for part in (seat.town, country(seat.country)) if part) if seat else "",
        "sectors": _by_filter(sectors),
        "cooperation": _by_filter(by_tree[Tree.COOPERATION]),
        "activities": _by_filter(by_tree[Tree.ACTIVITY]),
        "goals": [(term.key, *_by_filter([term])[0]) for term in by_tree[Tree.SDG]],
        "languages": [language_name(code) for code in item.languages],
        "keywords": [Link(word, f"{search_address()}?{urlencode({'q': word})}") for word in item.keywords],
        "website": _website(item.website),
        "elsewhere": [link for link in (_website(address) for address in item.same_as) if link],
    }


def _by_filter(terms: list[Term]) -> list[Link]:
    """Each word leads to everything else of its kind on the map."""
    return [Link(term.name, f"{search_address()}?{urlencode({term.tree: term.key})}") for term in terms]


def language_name(code: str) -> str:
    """`Deutsch` for `de`; what is no known code stays as it was written."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code


def country(code: str) -> str:
    """The country's name in the reader's language."""
    return country_name(code, get_language() or "de") if code else ""


def _website(address: str) -> Link | None:
    """The host as the word, for that is what one wants to know before following; other schemes than the web's are no links."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    return Link(host.removeprefix("www."), address) if parts.scheme in {"http", "https"} and host else None


def _spot(place: Place) -> Spot:
    town = f"{place.postcode} {place.town}".strip()
    region = place.region if place.region != place.town else ""
    land = ", ".join(part for part in (region, country(place.country)) if part)
    lines = [part for part in (place.street, town, land) if part]
    findable = place.lat is not None and place.precision != Precision.COUNTRY
    at = f"{place.lat:.5f},{place.lon:.5f}" if findable else ""
    lat, _comma, lon = at.partition(",")
    zoom = 17 if place.precision == Precision.EXACT else 12
    return Spot(
        label=place.label,
        lines=lines,
        is_seat=place.is_seat,
        imprecise=place.get_precision_display() if place.precision not in {"", Precision.EXACT} else "",
        geo=f"geo:{at}" if findable else "",
        osm=f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map={zoom}/{lat}/{lon}" if findable else "",
    )


def _origin(record: Record) -> Origin:
    link = _website(record.url or record.source.url)
    return Origin(
        name=record.source.name,
        url=link.url if link else "",
        licence=record.licence,
        licence_url=jsonld.licence_url(record.licence),
        attribution=record.source.attribution,
        retrieved_at=record.retrieved_at,
        is_gone=record.gone_at is not None,
    )


def _networks(item: Organisation) -> dict[str, Any]:
    """What it belongs to and, for a network, who belongs to it: the first hundred, the rest is on the map."""
    found = queries.members(GUEST, item)
    members = list(found.select_related("sector").prefetch_related("places")[: SHOWN_MEMBERS + 1])
    return {
        "networks": sorted((belonging.network for belonging in item.belongs_to.all()), key=lambda one: one.name),
        "is_network": item.kind == Kind.NETWORK or bool(members),
        "members": [_member(one) for one in members[:SHOWN_MEMBERS]],
        "member_count": len(members) if len(members) <= SHOWN_MEMBERS else found.count(),
        "members_url": f"{search_address()}?{urlencode({'network': item.slug})}",
    }


def _kin(item: Organisation) -> dict[str, Any]:
    """The organisation this one is a branch of, and its own branches: related, yet entries of their own."""
    head = Kinship.objects.filter(branch=item, head__state=State.PUBLISHED).select_related("head").first()
    found = queries.branches(GUEST, item)
    branches = list(found[: SHOWN_MEMBERS + 1])
    count = len(branches) if len(branches) <= SHOWN_MEMBERS else found.count()
    return {"head": head.head if head else None, "branches": branches[:SHOWN_MEMBERS], "branch_count": count}


def _member(item: Organisation) -> dict[str, Any]:
    town = next((place.town for place in item.places.all() if place.town), "")
    return {
        "url": reverse("directory:organisation", args=[item.slug]),
        "name": item.name,
        "summary": _own_words(item.summary, item.summary_en),
        "town": town,
    }
