"""What only an export of Allmende itself carries: the sources behind an entry, its last confirmation, its networks."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.text import slugify

from allmende.directory.importers import entries
from allmende.directory.importers.base import Draft
from allmende.directory.importers.checking import LICENCES
from allmende.directory.importers.values import url
from allmende.directory.models import Belonging, Confirmation, Organisation, Record, Source
from allmende.directory.rules import is_share_alike

SHORTLY = timedelta(seconds=1)  # before the import itself, whose moment marks the rows it has seen


def keep(owned: Sequence[tuple[Draft, int]], now: datetime) -> None:
    """Write origins and confirmations of these drafts to the organisations beside them."""
    _origins([(origin, pk) for draft, pk in owned for origin in draft.origins], now)
    _confirmations([(draft.confirmed_on, pk) for draft, pk in owned if draft.confirmed_on], now)


def join_networks(source: Source, wanted: Sequence[tuple[str, list[str]]]) -> set[int]:
    """Enter members, given by remote id, into their networks, given by address; at the end, for a network may stand below its members.

    Networks that are not here are passed over. Gives the ids of those who joined.
    """
    slugs = {slug for _id, networks in wanted for slug in networks}
    known = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    standing = entries.standing(known.values())
    known = {slug: standing[pk] for slug, pk in known.items()}
    records = source.records.filter(remote_id__in=[remote_id for remote_id, _networks in wanted], organisation__isnull=False)
    members = dict(records.values_list("remote_id", "organisation_id"))
    pairs = {(known[slug], members[one]) for one, networks in wanted for slug in networks if slug in known and one in members}
    pairs -= set(Belonging.objects.filter(network__in=known.values()).values_list("network_id", "member_id"))
    pairs = {(network, member) for network, member in pairs if network != member}
    Belonging.objects.bulk_create(Belonging(network_id=network, member_id=member) for network, member in pairs)
    return {member for _network, member in pairs if member}


def _origins(origins: list[tuple[dict[str, Any], int]], now: datetime) -> None:
    """A record for each source of an entry, without its row; one that is here already stays as it is.

    Its digest is empty, so that a file of the source itself brings it up to date.
    """
    sources = {one.key: one for one in Source.objects.all()} if origins else {}
    Record.objects.bulk_create(
        [record for origin, pk in origins if (record := _record(origin, pk, sources, now))],
        ignore_conflicts=True,
    )


def _record(origin: dict[str, Any], pk: int, sources: dict[str, Source], now: datetime) -> Record | None:
    source_key, remote_id = str(origin.get("source") or ""), str(origin.get("remote_id") or "")
    licence = str(origin.get("licence") or "")
    if not remote_id or len(remote_id) > 200 or licence not in LICENCES or slugify(source_key)[:60] != source_key:
        return None
    link = url(str(origin.get("url") or "")) or ""
    if source_key not in sources:
        sources[source_key] = Source.objects.create(
            key=source_key,
            name=str(origin.get("name") or source_key)[:200],
            licence=licence,
            attribution=str(origin.get("attribution") or "")[:300],
            share_alike=is_share_alike(licence),
        )
    at = _moment(str(origin.get("retrieved_on") or ""), now) or now - SHORTLY
    return Record(
        source=sources[source_key],
        remote_id=remote_id,
        organisation_id=pk,
        licence=licence,
        url=link,
        raw={},
        digest="",
        retrieved_at=at,
        seen_at=at,
        gone_at=at if origin.get("gone") is True else None,
    )


def _confirmations(dates: list[tuple[str, int]], now: datetime) -> None:
    """The day of the last confirmation, unless it is known or lies ahead."""
    moments = {pk: at for said, pk in dates if (at := _moment(said, now))}
    known = Confirmation.objects.filter(organisation__in=moments).values_list("organisation_id", "at")
    for pk, at in known:
        if pk in moments and at.date() >= moments[pk].date():
            del moments[pk]
    Confirmation.objects.bulk_create(Confirmation(organisation_id=pk, at=at) for pk, at in moments.items())


def _moment(said: str, now: datetime) -> datetime | None:
    """Noon of that day, or just now if that is still to come; None for a day that lies ahead."""
    try:
        day = parse_date(said[:10])
    except ValueError:
        return None
    return min(datetime.combine(day, time(12), UTC), now - SHORTLY) if day and day <= now.date() else None
