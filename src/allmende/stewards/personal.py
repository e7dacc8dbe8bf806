"""What this room knows of a person, and how it lets go of them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory.models import Caretaking, Stewardship
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, blocks, forgets, knows
from allmende.people.queries import confirmed_addresses
from allmende.stewards import actions, queries
from allmende.stewards.models import Claim, Invitation, Vouch

announces("stewards", label=gettext_lazy("Entries you look after"))


@knows("stewardships", label=gettext_lazy("Entries you look after or looked after"))
def stewardships(person: Person) -> list[dict[str, Any]]:
    """From when to when, in which role, and how it was shown."""
    rows = Stewardship.objects.filter(person=person).select_related("organisation").order_by("since", "pk")
    return [
        {
            "entry": held.organisation.name,
            "address": held.organisation.slug,
            "role": held.role,
            "proof": held.proof,
            "since": held.since,
            "until": held.until,
        }
        for held in rows
    ]


@knows("caretaking", label=gettext_lazy("Regions and sectors you take care of"))
def caretaking(person: Person) -> list[dict[str, Any]]:
    """Areas for which the network named them."""
    rows: list[dict[str, Any]] = [
        {"country": area.country, "region": area.region, "sector": area.sector.key if area.sector else "", "since": area.since}
        for area in Caretaking.objects.filter(person=person).select_related("sector").order_by("since", "pk")
    ]
    return [*rows, {"country": "*", "region": "*", "sector": "*", "since": None}] if person.is_caretaker else rows


@knows("claims", label=gettext_lazy("Claims you made"))
def claims(person: Person) -> list[dict[str, Any]]:
    """What they wrote and what became of it."""
    return [
        {
            "entry": claim.organisation.name,
            "proof": claim.proof,
            "state": claim.state,
            "message": claim.message,
            "evidence": claim.evidence,
            "email": claim.address,
            "opened_at": claim.opened_at,
            "proved_at": claim.proved_at,
            "decided_at": claim.decided_at,
            "reason": claim.reason,
        }
        for claim in Claim.objects.filter(person=person).select_related("organisation")
    ]


@knows("vouches", label=gettext_lazy("For whom you vouched"))
def vouches(person: Person) -> list[dict[str, Any]]:
    """For which claim, in whose name, with which words."""
    return [
        {"entry": vouch.claim.organisation.name, "in_the_name_of": vouch.organisation.name, "why": vouch.why, "at": vouch.at}
        for vouch in Vouch.objects.filter(person=person).select_related("claim__organisation", "organisation")
    ]


@knows("invitations", label=gettext_lazy("Invitations to entries, from you and to you"))
def invitations(person: Person) -> list[dict[str, Any]]:
    """Open ones to one's own addresses, those one answered, those one sent; addresses of others are theirs."""
    mine = confirmed_addresses(person)
    rows = Invitation.objects.filter(Q(by=person) | Q(person=person) | Q(email__in=mine)).select_related("organisation")
    return [
        {
            "entry": invitation.organisation.name,
            "role": invitation.role,
            "from_you": invitation.by_id == person.pk,
            "email": invitation.email if invitation.email in mine else "",
            "message": invitation.message,
            "state": invitation.state,
            "created_at": invitation.created_at,
            "decided_at": invitation.decided_at,
        }
        for invitation in rows
    ]


@blocks("stewards")
def alone(person: Person) -> list[str]:
    """Whoever is the only one to answer for published entries first hands them over or says that there is no successor."""
    sentence = _("You are the only one who answers for “%(entry)s”. Hand it over first, or leave it without a successor.")
    return [sentence % {"entry": organisation.name} for organisation in queries.last_owned(person)]


@forgets("stewards", order=30)
def forget(person: Person) -> list[Kept] | None:
    """All they look after ends; claims, vouches and invitations go."""
    actions.erase_person(person)
    return None
