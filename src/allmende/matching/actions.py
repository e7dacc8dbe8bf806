"""What changes in matching: portraits follow their listings; somebody says that two do not fit, or that they should talk."""

import secrets
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.models import Belonging, Organisation, Tree
from allmende.directory.models import State as EntryState
from allmende.exchange.models import Listing
from allmende.exchange.rules import NEED, OPEN
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.ground.text import root, words
from allmende.matching import access, index
from allmende.matching.models import Clock, Misfit, Portrait, Recommendation
from allmende.matching.portraits import portrait
from allmende.people.models import Person

MADE_BY = 1
"""Grows when portraits are drawn in another way, by other words or weights; older ones are drawn anew at night."""
AT_ONCE = 500


@transaction.atomic
def draw(listings: Iterable[int]) -> int:
    """Write anew what these listings are about, in the transaction of their change; how many there were."""
    wanted = list(listings)
    found = Listing.objects.filter(pk__in=wanted).select_related("category", "organisation").prefetch_related("sdgs")
    rows = list(found)
    if not rows:
        return 0
    moment, around = _tick(), _around({row.organisation_id for row in rows})
    Portrait.objects.bulk_create(
        [_drawn(row, moment, around) for row in rows],
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=["is_open", "number", "mark", "made_by", "words", "roots", "facts"],
    )
    return len(rows)


def draw_of(organisations: Collection[int]) -> int:
    """Listings of organisations whose entry has changed: they may have left the map, joined a network, taken up a goal."""
    return draw(Portrait.objects.filter(listing__organisation__in=organisations).values_list("pk", flat=True)[:AT_ONCE])


def draw_missing() -> int:
    """Listings without a portrait, and those drawn in an older way; in steps, so that nobody waits."""
    count = 0
    for older in (Listing.objects.filter(state=OPEN, portrait=None), Listing.objects.filter(portrait__made_by__lt=MADE_BY)):
        while pks := list(older.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            count += draw(pks)
    return count


def _tick() -> tuple[int, int]:
    """Number and mark of this change. The row is locked until it is written, so that numbers are seen in their order."""
    Clock.objects.get_or_create(pk=1)
    number, mark = Clock.objects.select_for_update().get(pk=1).number + 1, secrets.randbits(62)
    Clock.objects.filter(pk=1).update(number=number, mark=mark)
    return number, mark


Around = dict[int, tuple[list[int], list[int]]]


def _around(organisations: Collection[int]) -> Around:
    """For each organisation the networks it is in, and its goals."""
    networks: dict[int, set[int]] = {pk: set() for pk in organisations}
    belongs = Belonging.objects.filter(network__state=EntryState.PUBLISHED)
    for member, network in belongs.filter(member__in=organisations).values_list("member", "network"):
        networks[member].add(network)
    for network in belongs.filter(network__in=organisations).values_list("network", flat=True):
        networks[network].add(network)
    goals: dict[int, list[int]] = {pk: [] for pk in organisations}
    terms = Organisation.terms.through.objects.filter(organisation__in=organisations, term__tree=Tree.SDG)
    for organisation, term in terms.values_list("organisation_id", "term_id"):
        goals[organisation].append(term)
    return {pk: (sorted(networks[pk]), sorted(goals[pk])) for pk in organisations}


def _drawn(listing: Listing, moment: tuple[int, int], around: Around) -> Portrait:
    names = (listing.category.name_de, listing.category.name_en, *listing.category.synonyms)
    known = portrait(listing.title, listing.text, listing.tags, names)
    return Portrait(
        listing=listing,
        is_open=listing.state == OPEN and listing.organisation.state == EntryState.PUBLISHED,
        number=moment[0],
        mark=moment[1],
        made_by=MADE_BY,
        words=index.pack(known),
        roots=" ".join(known),
        facts=_facts(listing, *around[listing.organisation_id]),
    )


def _facts(listing: Listing, networks: list[int], goals: list[int]) -> dict[str, Any]:
    """What counts beside the words. Goals are the listing's own, or else its organisation's."""
    own = [term.pk for term in listing.sdgs.all()]
    return {
        "direction": listing.direction,
        "organisation": listing.organisation_id,
        "category": listing.category_id,
        "tags": sorted({root(word) for tag in listing.tags for word in words(tag)}),
        "is_remote": listing.is_remote,
        "lat": listing.lat,
        "lon": listing.lon,
        "radius": listing.radius,
        "goals": sorted(own or goals),
        "networks": networks,
        "opened": listing.opened_at.timestamp() if listing.opened_at else 0.0,
        "until": listing.until.toordinal(),
    }


# ------------------------------------------------------------------------------------------------------ what people say


def _sides(one: Listing, other: Listing) -> tuple[Listing, Listing]:
    """The need and the offer of two."""
    return (one, other) if one.direction == NEED else (other, one)


@transaction.atomic
def say_misfit(mine: Listing, other: Listing, why: str, note: str, *, by: Person) -> Misfit:
    """These two do not fit: neither is shown the other any more."""
    require(access.may_judge(by, mine), _("Only who looks after this listing can say what does not fit."), NotAllowed)
    need, offer = _sides(mine, other)
    require(need.direction != offer.direction, _("Only an offer and a need can be compared."))
    said = {"why": why, "note": note, "by": by, "at": timezone.now()}
    misfit, _is_new = Misfit.objects.update_or_create(need=need, offer=offer, said_by=mine, defaults=said)
    trail.record("matching.misfit_said", by=by, about=misfit, need=need.pk, offer=offer.pk, why=str(why))
    return misfit


@transaction.atomic
def take_back_misfit(misfit: Misfit, *, by: Person) -> None:
    """It fits after all, or was a slip: the two may be shown to each other again."""
    require(access.may_judge(by, misfit.said_by), _("Only who looks after this listing can take this back."), NotAllowed)
    trail.record("matching.misfit_taken_back", by=by, about=misfit, need=misfit.need_id, offer=misfit.offer_id)
    misfit.delete()


@transaction.atomic
def recommend(one: Listing, other: Listing, organisation: Organisation, *, by: Person) -> Recommendation:
    """Somebody of a third organisation says that these two should talk."""
    need, offer = _sides(one, other)
    require(need.direction != offer.direction, _("Only an offer and a need can be brought together."))
    require(
        access.may_recommend(by, organisation), _("You can recommend for organisations of the network that you look after."), NotAllowed
    )
    is_third = organisation.pk not in {need.organisation_id, offer.organisation_id}
    require(is_third, _("An organisation cannot recommend itself. You can ask the other one directly."))
    made, is_new = Recommendation.objects.get_or_create(need=need, offer=offer, organisation=organisation, defaults={"by": by})
    if is_new:
        trail.record("matching.recommended", by=by, about=made, need=need.pk, offer=offer.pk, organisation=organisation.pk)
    return made


@transaction.atomic
def take_back_recommendation(made: Recommendation, *, by: Person) -> None:
    """It was a slip, or is no longer meant."""
    require(access.may_recommend(by, made.organisation), _("Only who looks after the organisation can take this back."), NotAllowed)
    trail.record("matching.recommendation_taken_back", by=by, about=made, need=made.need_id, offer=made.offer_id)
    made.delete()
