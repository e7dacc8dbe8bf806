"""No circles; a membership is what both sides say; the map's "member of the network" follows from it."""

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.directory.access import stewarded_by
from allmende.directory.models import Belonging
from allmende.directory.models import Kind as EntryKind
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.members.access import active_on
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.networks import access, queries, rules
from allmende.networks.models import Answer, Bond, Graph
from allmende.people.models import Person


@transaction.atomic
def require_no_circle(membership: Membership) -> None:
    """Refused where a network would become, directly or through others, a member of itself. Two at once come one after another."""
    network, member = membership.cooperative.organisation, membership.organisation
    if member is None:
        return
    require(member.pk != network.pk, _("An organisation is not a member of itself."), Refused)
    if network.kind != EntryKind.NETWORK or member.kind != EntryKind.NETWORK:
        return
    Graph.objects.get_or_create(pk=1)
    Graph.objects.select_for_update().get(pk=1)
    edges = queries.edges()
    words = _(
        "%(member)s already has %(network)s as a member, directly or through others. Networks are not members of each other in a circle."
    )
    require(not rules.closes_circle(edges, network.pk, member.pk), words % {"member": member.name, "network": network.name}, Refused)


@transaction.atomic
def answer(membership: Membership, *, says_yes: bool, by: Person) -> Bond:
    """The organisation confirms its line in a network's register, or says that it is not true. It may change its mind."""
    locked(membership.cooperative)
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("cooperative__organisation", "organisation").get(pk=membership.pk)
    )
    require(access.may_answer(by, membership), _("Only those who look after the organisation’s entry may answer."), NotAllowed)
    said = Answer.YES if says_yes else Answer.NO
    organisation = membership.organisation_id
    if organisation is None:
        raise Refused(_("No entry of the map is linked to this member."))
    made, is_new = Bond.objects.get_or_create(
        membership=membership, defaults={"answer": said, "answered_by": by, "organisation_id": organisation}
    )
    if not is_new and made.answer == said:
        return made
    made.answer, made.answered_by, made.is_by_application = said, by, False
    made.save(update_fields=["answer", "answered_by", "is_by_application", "answered_at"])
    trail.record("networks.membership_answered", by=by, about=membership, cooperative=membership.cooperative_id, answer=said)
    keep_in_step(membership, by=by)
    return made


@transaction.atomic
def bond_by_application(membership: Membership) -> None:
    """Who looks after the organisation's entry and applied for it has confirmed it by that."""
    person = membership.person
    if person is None or membership.organisation_id is None or Bond.objects.filter(membership=membership).exists():
        return
    if stewarded_by(person).filter(pk=membership.organisation_id).exists():
        Bond.objects.create(
            membership=membership, organisation_id=membership.organisation_id, answer=Answer.YES, is_by_application=True, answered_by=person
        )


@transaction.atomic
def keep_in_step(membership: Membership, *, by: Person | None = None) -> bool:
    """Let the map say that the organisation belongs to the network exactly while it is a member and both say so; says whether that changed.

    Without the organisation's answer the map stays as it is: it may know from elsewhere.
    """
    network, member = membership.cooperative.organisation, membership.organisation
    bond = Bond.objects.filter(membership=membership).first()
    if member is None or bond is None or network.kind != EntryKind.NETWORK or network.pk == member.pk:
        return False
    there = Belonging.objects.filter(network=network, member=member)
    today = Membership.objects.filter(active_on(localdate()), cooperative=membership.cooperative, organisation=member)
    belongs = today.filter(bond__answer=Answer.YES).exists()
    if belongs == there.exists():
        return False
    if belongs:
        Belonging.objects.create(network=network, member=member, since=membership.joined_on)
    else:
        there.delete()
    trail.record("directory.organisations_changed", by=by, about=member, organisations=[member.pk, network.pk], what="network")
    return True


@transaction.atomic
def follow_link(membership: Membership, *, by: Person | None) -> None:
    """Another entry of the map is linked: the former one's answer counts no longer, and the new one is asked."""
    require_no_circle(membership)
    bond = Bond.objects.filter(membership=membership).first()
    if bond and bond.organisation_id != membership.organisation_id:
        bond.delete()
        _leave(membership.cooperative_id, bond.organisation_id, by)
    bond_by_application(membership)
    keep_in_step(membership, by=by)


def _leave(cooperative: int, organisation: int, by: Person | None) -> None:
    """The former one belongs no longer, unless it is a member by another line."""
    still = Membership.objects.filter(active_on(localdate()), cooperative=cooperative, organisation=organisation, bond__answer=Answer.YES)
    gone = Belonging.objects.filter(network__cooperative=cooperative, member=organisation)
    if not still.exists() and gone.exists():
        network = gone.values_list("network", flat=True)[0]
        gone.delete()
        trail.record("directory.organisations_changed", by=by, organisations=[organisation, network], what="network")


def sync_all() -> int:
    """Memberships that began or ended since yesterday; says how many entries changed. For the daily job."""
    near = Q(organisation__isnull=False, bond__isnull=False, cooperative__organisation__kind=EntryKind.NETWORK)
    found = Membership.objects.filter(near).select_related("cooperative__organisation", "organisation").order_by("pk")
    return sum(keep_in_step(one) for one in found.iterator(chunk_size=500))
