"""Invitations: through an organisation to those who look after it, or by mail to one address; and their answers."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.circles import access, letters, rules
from allmende.circles.actions.founding import led, locked, require_active, require_shown
from allmende.circles.actions.joining import WORD_LIMIT, place, require_background
from allmende.circles.models import Circle, CircleMember, MailInvitation
from allmende.directory import access as directory
from allmende.directory.models import Organisation, State
from allmende.ground import trail
from allmende.ground.outbox import clean_address
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.people.queries import by_email, is_person


@transaction.atomic
def invite_organisation(circle: Circle, organisation: Organisation, *, word: str = "", by: Person) -> int:
    """Invite everybody who looks after an entry; how many. Who they are is shown to nobody before they accept."""
    circle = led(circle, by)
    require_active(circle)
    require_shown(circle)
    _require_measure(circle, by)
    require(organisation.state == State.PUBLISHED, _("This entry is not on the map any more, so nobody can be invited."))
    keepers = list(directory.keepers_of(organisation).order_by("pk"))
    require(keepers, _("Nobody looks after this entry here yet. Invite somebody by e-mail instead."))
    there = {one.person_id: one for one in circle.members.filter(person__in=keepers)}
    free = [person for person in keepers if _may_be_invited(there.get(person.pk))]
    require(free, _("Those who look after it are members or invited already, or have declined lately."))
    for person in free:
        member = place(circle, person, rules.INVITED, organisation=organisation, word=clean(word)[:WORD_LIMIT], invited_by=by)
        letters.invited(member)
    trail.record("circles.organisation_invited", by=by, about=circle, organisation=organisation.pk, people=len(free))
    return len(free)


def _may_be_invited(member: CircleMember | None) -> bool:
    if member is None:
        return True
    return rules.may_be_invited(member.state, member.by_self, member.since, timezone.now())


def _require_measure(circle: Circle, by: Person) -> None:
    waiting = circle.mail_invitations.filter(closed_at=None).count() + circle.members.filter(state=rules.INVITED).count()
    require(waiting < rules.OPEN_INVITATIONS, _("Very many invitations of this circle are open. Withdraw some first."))
    lately = timezone.now() - timedelta(days=1)
    today = MailInvitation.objects.filter(by=by, sent_at__gt=lately).count()
    today += CircleMember.objects.filter(invited_by=by, since__gt=lately, state=rules.INVITED).count()
    require(today < rules.INVITATIONS_A_DAY, _("You have sent very many invitations today. Please go on tomorrow."))


@transaction.atomic
def withdraw_invitations(circle: Circle, organisation: Organisation | None, *, by: Person) -> int:
    """Take back what nobody has answered yet, of all who were invited through this organisation; how many."""
    circle = led(circle, by)
    gone = CircleMember.objects.filter(circle=circle, state=rules.INVITED, organisation=organisation).delete()[0]
    require(gone, _("These invitations have been answered already."))
    trail.record("circles.invitations_withdrawn", by=by, about=circle, people=gone)
    return gone


@transaction.atomic
def accept_invitation(circle: Circle, *, by: Person) -> CircleMember:
    """Whoever was invited through their organisation is in."""
    mine = _invited(circle, by)
    require_active(mine.circle)
    require_shown(mine.circle)
    inviter = mine.invited_by
    member = place(mine.circle, by, rules.IN, role=mine.role, word="")
    trail.record("circles.invitation_accepted", by=by, about=mine.circle, member=member.pk)
    letters.answered(inviter, mine.circle, True, by)
    return member


@transaction.atomic
def decline_invitation(circle: Circle, *, by: Person) -> CircleMember:
    """No. The inviter hears that somebody declined, not who."""
    mine = _invited(circle, by)
    inviter = mine.invited_by
    member = place(mine.circle, by, rules.REFUSED, by_self=True, word="")
    trail.record("circles.invitation_declined", about=mine.circle)
    letters.answered(inviter, mine.circle, False, None)
    return member


def _invited(circle: Circle, by: Person) -> CircleMember:
    circle = locked(circle)
    mine = circle.members.select_related("invited_by").filter(person=by, state=rules.INVITED).first()
    require(mine, _("This invitation was withdrawn or answered already."))
    assert mine is not None  # noqa: S101 - said for mypy, required above
    mine.circle = circle
    return mine


# ---------------------------------------------------------------------------------------------------------------- by mail


@transaction.atomic
def invite_by_mail(circle: Circle, email: str, *, word: str = "", by: Person) -> MailInvitation:
    """Invite one address. Whether it has an account is told to nobody."""
    circle = led(circle, by)
    require_active(circle)
    require_shown(circle)
    try:
        email = clean_address(email)
    except ValueError as fault:
        raise BadInput(_("Please give exactly one e-mail address.")) from fault
    require(not circle.mail_invitations.filter(email=email, closed_at=None).exists(), _("This address is invited already."))
    _require_measure(circle, by)
    invitation = MailInvitation.objects.create(circle=circle, email=email, word=clean(word)[:WORD_LIMIT], by=by, sent_at=timezone.now())
    known = by_email(email)
    letters.mail_invited(invitation, by=by, language=known.language if known else (translation.get_language() or by.language)[:2])
    trail.record("circles.mail_invitation_sent", by=by, about=circle, invitation=invitation.pk)
    return invitation


@transaction.atomic
def withdraw_mail_invitation(invitation: MailInvitation, *, by: Person) -> MailInvitation:
    """Take it back; its link no longer works, its address is forgotten."""
    led(invitation.circle, by)
    invitation = _fresh(invitation)
    require(invitation.closed_at is None, _("This invitation was withdrawn or answered already."))
    _close(invitation)
    trail.record("circles.mail_invitation_withdrawn", by=by, about=invitation.circle, invitation=invitation.pk)
    return invitation


def require_usable(invitation: MailInvitation) -> None:
    """Whether it can still be answered."""
    is_old = timezone.now() - invitation.sent_at > timedelta(days=rules.INVITATION_DAYS)
    require(invitation.closed_at is None and not is_old, _("This invitation was withdrawn, answered or has expired. Ask for a new one."))
    require(invitation.circle.archived_at is None, _("This circle has ended its work in the meantime."))
    require_shown(invitation.circle)


@transaction.atomic
def accept_mail_invitation(invitation: MailInvitation, *, organisation: Organisation | None = None, by: Person) -> CircleMember:
    """Come in. Whoever has the link may, whichever address they signed up with: it was in their mail."""
    circle = locked(invitation.circle)
    invitation = _fresh(invitation)
    require_usable(invitation)
    if not is_person(by):
        raise NotAllowed(_("Please sign in first."))
    require_background(by, organisation)
    mine = access.membership(by, circle)
    if mine and mine.state == rules.IN:
        raise Refused(_("You are a member already."))
    member = place(circle, by, rules.IN, organisation=organisation, word="", invited_by=invitation.by)
    _close(invitation)
    trail.record("circles.invitation_accepted", by=by, about=circle, member=member.pk)
    letters.answered(invitation.by, circle, True, by)
    return member


@transaction.atomic
def decline_mail_invitation(invitation: MailInvitation) -> MailInvitation:
    """No. That needs no account: who has the link, has the letter."""
    locked(invitation.circle)
    invitation = _fresh(invitation)
    require_usable(invitation)
    _close(invitation)
    trail.record("circles.invitation_declined", about=invitation.circle)
    letters.answered(invitation.by, invitation.circle, False, None)
    return invitation


def forget_invitations() -> int:
    """Close what nobody answered in time, and forget the addresses; how many."""
    now = timezone.now()
    due = MailInvitation.objects.filter(closed_at=None, sent_at__lt=now - timedelta(days=rules.INVITATION_DAYS))
    return due.update(closed_at=now, email="", word="")


def _fresh(invitation: MailInvitation) -> MailInvitation:
    return MailInvitation.objects.select_for_update(of=("self",)).select_related("circle", "by").get(pk=invitation.pk)


def _close(invitation: MailInvitation) -> None:
    invitation.closed_at, invitation.email, invitation.word = timezone.now(), "", ""
    invitation.save(update_fields=["closed_at", "email", "word"])
