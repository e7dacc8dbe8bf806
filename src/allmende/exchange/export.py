"""What the world may read of an offer or a need: one dict with stable names, no contact data; and the shapes others want it in."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from allmende.directory.audience import Audience
from allmende.directory.models import State as EntryState
from allmende.exchange.models import Direction, Listing, State, Terms
from allmende.ground.text import shorten
from allmende.web.markdown import plain

SCHEMA = "offers_wants_schema-v0.1.0"
ROUNDING = 4
# What their vocabulary has for our terms; an exchange of work or things is nearest to lending and borrowing.
TRANSACTIONS = {
    Terms.GIFT: ["receive-donate"],
    Terms.EXCHANGE: ["borrow-lend"],
    Terms.PAID: ["buy-sell"],
    Terms.COMMONS: ["borrow-lend", "receive-donate"],
}
GOODS = frozenset({"rooms", "mobility-exchange", "equipment", "goods"})
SCOPES = ((30, "local"), (250, "regional"), (1_000, "national"))


def is_public(item: Listing) -> bool:
    """Whether guests may read it at all."""
    return (
        item.audience == Audience.PUBLIC
        and item.organisation.state == EntryState.PUBLISHED
        and item.state not in (State.DRAFT, State.HIDDEN)
    )


def listing(item: Listing, base: str = "") -> dict[str, Any]:
    """A listing as everybody may read it. `base` is the site's address."""
    return {
        "id": str(item.uuid),
        "number": item.pk,
        "url": f"{base}{item.get_absolute_url()}",
        "direction": item.direction,
        "state": item.state,
        "title": item.title,
        "text": item.text,
        "language": item.language,
        "category": item.category.key,
        "tags": list(item.tags),
        "sdgs": sorted(int(term.key) for term in item.sdgs.all()),
        "organisation": {"slug": item.organisation.slug, "name": item.organisation.name, "url": f"{base}/o/{item.organisation.slug}/"},
        "by_a_member": item.person_id is not None,
        "member_name": item.person_name,
        "is_remote": item.is_remote,
        "town": item.town,
        "lat": None if item.lat is None else round(item.lat, ROUNDING),
        "lon": None if item.lon is None else round(item.lon, ROUNDING),
        "radius_km": None if item.lat is None else item.radius,
        "terms": item.terms,
        "terms_note": item.terms_note,
        "until": item.until.isoformat(),
        "opened_at": item.opened_at.isoformat(timespec="seconds") if item.opened_at else None,
        "changed_at": item.changed_at.isoformat(timespec="seconds"),
        "is_demo": item.is_demo,
    }


def murmurations(item: Listing, base: str) -> dict[str, Any]:
    """The listing as a profile of Murmurations' offers_wants_schema-v0.1.0. `expires` stands beside `expires_at` for the index itself."""
    data = listing(item, base)
    head = item.category.parent.key if item.category.parent else item.category.key
    end = int(datetime.combine(item.until, time.max, timezone.get_default_timezone()).timestamp())
    profile: dict[str, Any] = {
        "linked_schemas": [SCHEMA],
        "exchange_type": "offer" if item.direction == Direction.OFFER else "want",
        "item_type": "good" if head in GOODS else "service",
        "transaction_type": TRANSACTIONS[Terms(item.terms)],
        "tags": [*item.tags, item.category.name_de],
        "title": item.title,
        "description": shorten(plain(item.text), 1_000) or item.title,
        "details_url": data["url"],
        "geographic_scope": _scope(item),
        "contact_details": {"contact_form": data["url"]},
        "expires_at": end,
        "expires": end,
    }
    profile["tags"] = list(dict.fromkeys(profile["tags"]))
    if item.lat is not None:
        profile["geolocation"] = {"lat": data["lat"], "lon": data["lon"]}
    return profile


def _scope(item: Listing) -> str:
    if item.is_remote or item.lat is None:
        return "international"
    return next((name for km, name in SCOPES if item.radius <= km), "international")


def json_ld(item: Listing, base: str) -> dict[str, Any]:
    """The listing as schema.org's Offer or Demand."""
    data = listing(item, base)
    owner = {"@type": "Organization", "@id": f"{base}/o/{item.organisation.slug}/", "name": item.organisation.name}
    if item.direction == Direction.NEED:  # schema.org hangs a demand on who seeks, not the other way round
        return owner | {"@context": "https://schema.org/", "seeks": _offer(item, data)}
    return _offer(item, data) | {"@context": "https://schema.org/", "offeredBy": owner}


def _offer(item: Listing, data: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "Offer" if item.direction == Direction.OFFER else "Demand",
        "@id": data["url"],
        "url": data["url"],
        "identifier": f"urn:uuid:{data['id']}",
        "name": item.title,
        "description": plain(item.text),
        "category": item.category.name_de,
        "inLanguage": item.language,
        "validThrough": data["until"],
        "availabilityStarts": data["opened_at"],
    }
    if item.lat is not None:
        geo = {"@type": "GeoCoordinates", "latitude": data["lat"], "longitude": data["lon"]}
        node["areaServed"] = {"@type": "GeoCircle", "geoMidpoint": geo, "geoRadius": item.radius * 1_000}
    return {name: value for name, value in node.items() if value not in (None, "")}
