"""Founding a circle, its settings, archiving and reopening it, taking it off after a report."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.circles import access, letters, rules
from allmende.circles.models import Audience, Circle, CircleMember, Joining
from allmende.directory import access as directory
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person


def locked(circle: Circle) -> Circle:
    """The circle as it stands now, for this transaction alone."""
    return Circle.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=circle.pk)


def led(circle: Circle, by: Person) -> Circle:
    """The locked circle, for those who coordinate it."""
    circle = locked(circle)
    require(access.may_coordinate(by, circle), _("Only those who coordinate the circle can do this."), NotAllowed)
    return circle


def worked_on(circle: Circle, by: Person) -> Circle:
    """The locked circle, for its members, as long as it is not archived."""
    circle = locked(circle)
    require(access.is_member(by, circle), _("Only members of the circle can do this."), NotAllowed)
    require_active(circle)
    return circle


def require_active(circle: Circle) -> None:
    """What is archived rests."""
    require(circle.archived_at is None, _("This circle is archived. Its coordinators can reopen it in the settings."))


def require_shown(circle: Circle) -> None:
    """What was taken off after a report gains nobody new, and nobody is written to in its name."""
    require(circle.hidden_at is None, _("This circle was taken off after a report. Nobody can join it at the moment."))


@transaction.atomic
def found_circle(
    organisation: Organisation, *, name: str, purpose: str, joining: str, audience: str, notes_open: bool = False, by: Person
) -> Circle:
    """Open a circle in the name of an organisation. Its founder coordinates it; who else looks after the organisation is invited to."""
    require(
        access.may_host_with(by).filter(pk=organisation.pk).exists(),
        _("Only who looks after an entry can found circles for it."),
        NotAllowed,
    )
    today = Circle.objects.filter(created_by=by, created_at__gt=timezone.now() - timedelta(days=1)).count()
    require(today < rules.CIRCLES_A_DAY, _("You have founded very many circles today. Please go on tomorrow."))
    _require_choices(joining, audience)
    circle = Circle.objects.create(
        organisation=organisation,
        name=clean(name)[:120],
        purpose=rules.as_written(purpose)[:4_000],
        joining=joining,
        audience=audience,
        notes_open=notes_open,
        created_by=by,
        is_demo=organisation.is_demo,
        language=(get_language() or by.language)[:2],
    )
    now = timezone.now()
    founder = {"person": by, "organisation": organisation, "role": rules.COORDINATOR, "since": now}
    CircleMember.objects.create(circle=circle, state=rules.IN, told_at=now, **founder)
    trail.record("circles.circle_founded", by=by, about=circle, organisation=organisation.pk)
    for person in directory.keepers_of(organisation).exclude(pk=by.pk):
        invited = founder | {"person": person, "state": rules.INVITED, "invited_by": by}
        letters.invited(CircleMember.objects.create(circle=circle, **invited))
    return circle


def _require_choices(joining: str, audience: str) -> None:
    require(joining in Joining.values and audience in Audience.values, _("Please choose how one joins and who sees the circle."), BadInput)


@transaction.atomic
def change_circle(
    circle: Circle, *, organisation: Organisation | None, name: str, purpose: str, joining: str, audience: str, notes_open: bool, by: Person
) -> Circle:
    """Other settings. A new host is one that whoever changes it looks after themselves."""
    circle = led(circle, by)
    require_active(circle)
    _require_choices(joining, audience)
    is_new = organisation is not None and organisation.pk != circle.organisation_id
    may_host = not is_new or (organisation is not None and access.may_host_with(by).filter(pk=organisation.pk).exists())
    require(organisation or circle.organisation is None, _("A circle needs a host."), BadInput)
    require(may_host, _("Choose an organisation that you look after yourself."), NotAllowed)
    circle.organisation, circle.joining, circle.audience, circle.notes_open = organisation, joining, audience, notes_open
    circle.name, circle.purpose = clean(name)[:120], rules.as_written(purpose)[:4_000]
    circle.save()
    trail.record("circles.circle_changed", by=by, about=circle, joining=joining, audience=audience)
    return circle


@transaction.atomic
def archive_circle(circle: Circle, *, by: Person) -> Circle:
    """The circle rests: members still read everything, nobody changes anything or joins."""
    circle = led(circle, by)
    require_active(circle)
    circle.archived_at = timezone.now()
    circle.save(update_fields=["archived_at", "changed_at"])
    trail.record("circles.circle_archived", by=by, about=circle)
    return circle


@transaction.atomic
def reopen_circle(circle: Circle, *, by: Person) -> Circle:
    """The circle goes on where it stopped."""
    circle = led(circle, by)
    require(circle.archived_at, _("This circle is not archived."))
    circle.archived_at = None
    circle.save(update_fields=["archived_at", "changed_at"])
    trail.record("circles.circle_reopened", by=by, about=circle)
    return circle


@transaction.atomic
def hide(circle: Circle, *, by: Person | None = None, reason: str = "") -> Circle:
    """Take a circle off all pages after a report; its members still have what is theirs."""
    circle = locked(circle)
    circle.hidden_at = circle.hidden_at or timezone.now()
    circle.save(update_fields=["hidden_at", "changed_at"])
    trail.record("circles.circle_hidden", by=by, about=circle)
    return circle


@transaction.atomic
def unhide(circle: Circle, *, by: Person | None = None, reason: str = "") -> Circle:
    """Put it back, after an appeal."""
    circle = locked(circle)
    circle.hidden_at = None
    circle.save(update_fields=["hidden_at", "changed_at"])
    trail.record("circles.circle_shown_again", by=by, about=circle)
    return circle
