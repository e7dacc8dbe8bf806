"""Offers and needs in every state."""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from allmende.directory import taxonomy
from allmende.directory.models import Term, Tree
from allmende.exchange import actions
from allmende.exchange.models import Listing
from allmende.home.demo.exchange.cast import Cast, Row, story
from allmende.places.queries import find_place


def put_up(cast: Cast) -> None:
    """All of the story, open or as drafts; how some of them end is told later, when they have been answered."""
    for row in story("listings"):
        with translation.override(row.get("language", "de")):
            listing = actions.open_listing(
                _whose(cast, row) | said(cast, row), by=cast.people[row["by"]], as_draft=row.get("state") == "draft"
            )
        cast.listings[row["key"]] = listing
        set_back(cast, listing, row["days_ago"])


def _whose(cast: Cast, row: Row) -> Row:
    name = row["by"]
    as_member = cast.is_member(name)
    return {"direction": row["is"], "organisation": cast.home(name), "as_member": as_member, "person_name": row.get("name", "")}


def said(cast: Cast, row: Row) -> dict[str, Any]:
    """What a form would say of it. What has ended in the story is still valid today here: the calendar ends it."""
    place = find_place(row["place"]) if "place" in row else None
    return {
        "title": row["title"],
        "text": row["text"],
        "category": taxonomy.by_key(Tree.EXCHANGE, row["category"]),
        "tags": row.get("tags", []),
        "sdgs": goals(row),
        "is_remote": row.get("remote", False),
        "town": row.get("place", ""),
        "lat": round(place.lat, 4) if place else None,
        "lon": round(place.lon, 4) if place else None,
        "radius": row.get("radius", 50),
        "terms": row["terms"],
        "terms_note": row.get("note", ""),
        "audience": row.get("audience", "public"),
        "chosen": cast.named(row.get("chosen", [])),
        "until": cast.day(max(0, row["until"])),
    }


def goals(row: Row) -> list[Term]:
    """The development goals a row names by number."""
    return list(Term.objects.filter(tree=Tree.SDG, key__in=[str(number) for number in row.get("sdgs", [])]))


def set_back(cast: Cast, listing: Listing, days: float) -> None:
    """As if it had been put up so many days ago."""
    at = cast.ago(days)
    opened = {} if listing.state == "draft" else {"opened_at": at}
    Listing.objects.filter(pk=listing.pk).update(created_at=at, changed_at=at, **opened)


@transaction.atomic
def end(cast: Cast) -> None:
    """Close what its people closed; let the calendar end what is over."""
    for row in story("listings"):
        listing = cast.listings[row["key"]]
        if row.get("state") == "closed":
            actions.close_listing(listing, row["closing_note"], by=cast.people[row["by"]])
            at = cast.ago(row["closed_days_ago"])
            Listing.objects.filter(pk=listing.pk).update(closed_at=at, changed_at=at)
        if row["until"] < 0:
            Listing.objects.filter(pk=listing.pk).update(until=cast.day(row["until"]))
    over = [cast.listings[row["key"]].pk for row in story("listings") if row["until"] < 0]
    with cast.told(8):
        actions.expire_ended(timezone.localdate(cast.now))
    Listing.objects.filter(pk__in=over).update(closed_at=cast.ago(8), changed_at=cast.ago(8))
