"""Invitations: who answers for an entry asks others by mail to look after it, too."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation, Proof, Role, State, Stewardship
from allmende.ground import trail
from allmende.ground.outbox import clean_address
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.people.queries import by_email
from allmende.stewards import access, letters, queries, rules
from allmende.stewards.actions.granting import grant, locked
from allmende.stewards.models import Invitation, InvitationState


@transaction.atomic
def invite_person(organisation: Organisation, email: str, *, role: str, message: str = "", by: Person) -> Invitation:
    """Ask somebody by mail to look after an entry. Whether the address has an account is told to nobody."""
    organisation = locked(organisation)
    require(access.may_lead_team(by, organisation), _("Only who answers for the entry can invite others."), NotAllowed)
    require(organisation.state in {State.PUBLISHED, State.DRAFT}, _("This entry is not on the map any more, so nobody can be invited."))
    require(role in Role.values, _("Please choose what they may do."), BadInput)
    email = _one_address(email)
    open_ones = Invitation.objects.filter(organisation=organisation, state=InvitationState.OPEN)
    require(not open_ones.filter(email=email).exists(), _("This address is invited already. You can send the letter again."))
    _require_measure(organisation, by)
    token, now = secrets.token_urlsafe(24), timezone.now()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        message=clean(message)[:500],
        by=by,
        token=queries.hashed(token),
        created_at=now,
        sent_at=now,
    )
    letters.invited(invitation, token, by=by, language=_language(email, by))
    trail.record("stewards.invitation_sent", by=by, about=invitation, organisation=organisation.pk, role=str(role))
    return invitation


def _one_address(email: str) -> str:
    try:
        return clean_address(email)
    except ValueError as fault:
        raise BadInput(_("Please give exactly one e-mail address.")) from fault


def _require_measure(organisation: Organisation, by: Person) -> None:
    waiting = Invitation.objects.filter(organisation=organisation, state=InvitationState.OPEN).count()
    require(waiting < rules.OPEN_INVITATIONS, _("Very many invitations of this entry are open. Withdraw some first."))
    today = Invitation.objects.filter(by=by, created_at__gt=timezone.now() - timedelta(days=1)).count()
    require(today < rules.INVITATIONS_A_DAY, _("You have sent very many invitations today. Please go on tomorrow."))


def _language(email: str, by: Person) -> str:
    known = by_email(email)
    return known.language if known else (translation.get_language() or by.language)[:2]


@transaction.atomic
def send_invitation_again(invitation: Invitation, *, by: Person) -> Invitation:
    """The letter once more, with a new link; the old one no longer works."""
    invitation = _open_for(invitation, by)
    too_often = _("This letter was sent %(n)d times. Perhaps talk to each other?") % {"n": invitation.letters}
    require(invitation.letters < rules.LETTERS_AN_INVITATION, too_often)
    token = secrets.token_urlsafe(24)
    invitation.token, invitation.sent_at, invitation.by = queries.hashed(token), timezone.now(), by
    invitation.letters += 1
    invitation.save(update_fields=["token", "sent_at", "by", "letters"])
    letters.invited(invitation, token, by=by, language=_language(invitation.email, by))
    trail.record("stewards.invitation_sent", by=by, about=invitation, organisation=invitation.organisation_id, role=invitation.role)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Person) -> Invitation:
    """Take an invitation back; its link no longer works."""
    invitation = _open_for(invitation, by)
    _close(invitation, InvitationState.WITHDRAWN)
    trail.record("stewards.invitation_withdrawn", by=by, about=invitation, organisation=invitation.organisation_id)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: Person) -> Stewardship:
    """Join those who look after the entry. Whoever has the link may, whichever address they signed up with: it was in their mail."""
    invitation = _taken(invitation)
    organisation = invitation.organisation
    require(
        organisation.state in {State.PUBLISHED, State.DRAFT}, _("The entry is not on the map any more, so there is nothing to look after.")
    )
    held = grant(organisation, by, role=invitation.role, proof=Proof.INVITED, by=by)
    _close(invitation, InvitationState.ACCEPTED, by)
    trail.record("stewards.invitation_accepted", by=by, about=invitation, organisation=organisation.pk, role=held.role)
    letters.invitation_answered(invitation, by)
    return held


@transaction.atomic
def decline_invitation(invitation: Invitation, *, by: Person | None = None) -> Invitation:
    """Say no. That needs no account: who has the link, has the letter."""
    invitation = _taken(invitation)
    _close(invitation, InvitationState.DECLINED, by)
    trail.record("stewards.invitation_declined", about=invitation, organisation=invitation.organisation_id)
    letters.invitation_answered(invitation, None)
    return invitation


def forget_invitations() -> int:
    """Close what nobody answered long after its last letter, and forget the addresses; how many."""
    long_ago = timezone.now() - timedelta(days=rules.FORGET_INVITATION_DAYS)
    due = Invitation.objects.filter(state=InvitationState.OPEN, sent_at__lt=long_ago)
    return due.update(state=InvitationState.EXPIRED, email="", decided_at=timezone.now())


def withdraw_invitations_by(person: Person, organisation: Organisation) -> None:
    """Who no longer answers for an entry has no open invitations to it, either: they would be a way back in."""
    open_ones = Invitation.objects.filter(organisation=organisation, by=person, state=InvitationState.OPEN)
    open_ones.update(state=InvitationState.WITHDRAWN, email="", decided_at=timezone.now())


def _taken(invitation: Invitation) -> Invitation:
    """The invitation as it stands now, if it can still be answered."""
    invitation = _locked(invitation)
    require_usable_invitation(invitation)
    return invitation


def require_usable_invitation(invitation: Invitation) -> None:
    """Whether it can still be answered; otherwise the sentence that says what became of it."""
    said = {
        InvitationState.ACCEPTED: _("This invitation has been accepted already; a link works only once."),
        InvitationState.DECLINED: _("This invitation has been declined. Ask for a new one if that was a mistake."),
        InvitationState.WITHDRAWN: _("This invitation was withdrawn."),
        InvitationState.EXPIRED: _("This invitation has expired. Ask for a new one."),
    }
    if invitation.state != InvitationState.OPEN:
        raise Refused(said[InvitationState(invitation.state)])
    require(not rules.is_past(invitation.sent_at, rules.INVITATION_DAYS, timezone.now()), said[InvitationState.EXPIRED])


def _open_for(invitation: Invitation, by: Person) -> Invitation:
    invitation = _locked(invitation)
    require(access.may_lead_team(by, invitation.organisation), _("Only who answers for the entry can change its invitations."), NotAllowed)
    require(invitation.state == InvitationState.OPEN, _("This invitation has been answered already."))
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    locked(invitation.organisation)
    return Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "by").get(pk=invitation.pk)


def _close(invitation: Invitation, state: InvitationState, person: Person | None = None) -> None:
    invitation.state, invitation.decided_at, invitation.person, invitation.email = state, timezone.now(), person, ""
    invitation.save(update_fields=["state", "decided_at", "person", "email"])
