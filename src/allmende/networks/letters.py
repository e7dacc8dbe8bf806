"""What networks and their members tell each other."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.access import ADMINISTERING
from allmende.directory.access import keepers_of
from allmende.directory.models import State
from allmende.ground import outbox
from allmende.members.models import Membership
from allmende.networks.models import Answer, Bond, Representative
from allmende.people.actions import tell
from allmende.people.models import Person


def _path(membership: Membership) -> str:
    return reverse("networks:member", args=[membership.cooperative.organisation.slug, membership.number])


def people_of(membership: Membership) -> QuerySet[Person]:
    """Who speaks for a member here: its own account, and those who look after its confirmed entry."""
    found = Person.objects.filter(pk=membership.person_id or 0, is_active=True)
    confirmed = Bond.objects.filter(membership=membership, answer=Answer.YES).exists()
    if membership.organisation and confirmed:
        return Person.objects.filter(
            pk__in=[*found.values_list("pk", flat=True), *keepers_of(membership.organisation).values_list("pk", flat=True)]
        )
    return found


def ask_organisation(membership: Membership) -> None:
    """Those who look after an organisation's entry are asked whether the register of a network is right."""
    organisation, network = membership.organisation, membership.cooperative.organisation
    if organisation is None or network.state != State.PUBLISHED or Bond.objects.filter(membership=membership).exists():
        return
    for person in keepers_of(organisation):
        with translation.override(person.language):
            named = {"network": network.name, "member": organisation.name}
            tell(
                person,
                kind="networks.asked",
                subject=_("%(network)s lists %(member)s as a member") % named,
                text=_("%(network)s has %(member)s in its list of members. Is that right? Only when you confirm it is it shown on the map.")
                % named,
                path=reverse("networks:answer", args=[network.slug, membership.number]),
            )


def please_confirm(one: Representative) -> None:
    """The side that did not name is asked to confirm."""
    membership = one.membership
    people = people_of(membership) if one.is_named_by_network else constitution.holders(membership.cooperative, ADMINISTERING)
    for person in people.exclude(pk=one.named_by_id or 0):
        with translation.override(person.language):
            tell(
                person,
                kind="networks.representative_named",
                subject=_("Somebody is to act for member %(number)04d") % {"number": membership.number},
                text=_("Please look at it and confirm it, or end it."),
                path=_path(membership),
            )


def tell_representative(one: Representative) -> None:
    """Whoever acts for a member from now on knows it: by a notice where they have an account, otherwise by mail."""
    network = one.membership.cooperative.organisation.name
    language = one.person.language if one.person else "de"
    with translation.override(language):
        subject = _("You act for a member of %(network)s") % {"network": network}
        since = date_format(one.since)
        until = date_format(one.until) if one.until else _("until somebody ends it")
        text = _("From %(since)s, %(until)s. You may: %(acting)s.") % {"since": since, "until": until, "acting": one.get_acting_display()}
        if one.person:
            tell(
                one.person,
                kind="networks.representing",
                subject=subject,
                text=text,
                path=reverse("networks:networks", args=[one.membership.cooperative.organisation.slug]),
            )
        elif one.email:
            outbox.post(one.email, subject, text, language=language, kind="networks.representing", about=one)
