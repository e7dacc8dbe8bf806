"""Every change that begins in a form of this room: entering, inviting to it, editing together, looking at what is new, leaving the map."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.directory import actions as directory
from allmende.directory.access import may_caretake_entry, organisations_visible_to
from allmende.directory.models import Organisation, Proof, Revision, Role, State
from allmende.directory.queries import newest_revision, rules_in_force
from allmende.duplicates import actions as duplicates
from allmende.duplicates.access import may_decide
from allmende.duplicates.models import FoundBy, Saying
from allmende.editing import access, letters, queries, rules
from allmende.editing.models import Entering
from allmende.ground import trail
from allmende.ground.models import Entry
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.models import Person
from allmende.stewards.actions import grant


def enter_organisation(
    said: dict[str, Any], *, by: Person, token: str, invitation: str = "", different: Iterable[int] = ()
) -> Organisation:
    """Make an entry of a form and let who sent it answer for it; the same form sent again gives the same entry.

    `invitation` is the signed part of an invitation's link, `different` the entries that this one is not, as the person said.
    """
    try:
        return _enter(said, by, token[:64], invitation, different)
    except IntegrityError:  # the same form, twice at once: the other one was faster
        held = Entering.objects.filter(person=by, token=token[:64]).select_related("organisation").first()
        if held:
            return held.organisation
        raise Refused(_("This invitation has been used already. Please open the form again.")) from None


@transaction.atomic
def _enter(said: dict[str, Any], by: Person, token: str, invitation: str, different: Iterable[int]) -> Organisation:
    require(access.may_enter(by), _("Please sign in to enter an organisation."), NotAllowed)
    if held := Entering.objects.filter(person=by, token=token).select_related("organisation").first():
        return held.organisation
    since = timezone.now() - timedelta(days=1)
    enough = Entering.objects.filter(person=by, at__gt=since).count() >= rules.ENTRIES_A_DAY and not access.may_invite(by)
    require(not enough, _("That is a lot for one day. Please go on tomorrow, or ask the caretakers for an import."))
    invited = queries.invitation(invitation) if invitation else None
    why = queries.why_live(by, said.get("website", ""), is_invited=invited is not None)
    state = State.PUBLISHED if why else State.DRAFT
    organisation = directory.create_organisation(said, by=by, state=state, reason=_reason(why))
    data_rules = rules_in_force()
    Entering.objects.create(
        token=token,
        organisation=organisation,
        person=by,
        because=why,
        invited_by=invited.by if invited else None,
        invitation=invited.word if invited else "",
        licence=organisation.licence,
        rules_version=data_rules.version if data_rules else 0,
    )
    grant(organisation, by, role=Role.OWNER, proof=Proof.FOUNDED, by=by)
    _mark_different(organisation, different, by)
    trail.record("editing.organisation_entered", by=by, about=organisation, state=str(state), because=str(why))
    return organisation


def _reason(why: rules.Why) -> str:
    with translation.override("de"):
        return _("Entered by somebody who was invited") if why == rules.Why.INVITED else _("Entered in the form")


def _mark_different(organisation: Organisation, others: Iterable[int], by: Person) -> None:
    """What somebody said is not the same is kept: as a decision if they answer for both, else as the answer of their side.

    The other side hears of it only when the new entry is published; before, the pair is a matter of the caretakers.
    """
    for other in organisations_visible_to(by).filter(pk__in=list(others)[:5]).exclude(pk=organisation.pk):
        if may_decide(by, organisation, other):
            duplicates.mark_different(organisation, other, by=by)
        elif (pair := duplicates.note_pair(organisation, other, source=FoundBy.TYPING)) and organisation.state == State.PUBLISHED:
            duplicates.answer_pair(pair, Saying.DIFFERENT, by=by)


@transaction.atomic
def invite_to_enter(*, by: Person, email: str = "", greeting: str = "") -> str:
    """A link by which one organisation can be entered and is published at once; sent to an address if there is one. Gives its path."""
    require(access.may_invite(by), _("Caretakers invite, and those who look after a published entry."), NotAllowed)
    since = timezone.now() - timedelta(days=1)
    made = Entry.objects.filter(verb="editing.invitation_made", by=by, at__gt=since).count()
    require(made < rules.INVITATIONS_A_DAY, _("You have made many invitations today. Please go on tomorrow."))
    word = secrets.token_hex(8)
    path = f"{reverse('editing:new')}?einladung={queries.invitation_link_word(by, word)}"
    trail.record("editing.invitation_made", by=by, sent=bool(email))
    if email:
        letters.invite(email, path, by=by, greeting=greeting)
    return path


@dataclass(frozen=True)
class Saved:
    """What became of a form: the revision, None where nothing differed; and the fields others changed meanwhile."""

    revision: Revision | None
    meanwhile: list[str]


@transaction.atomic
def save_entry(organisation: Organisation, said: dict[str, Any], *, by: Person, base: int, reason: str = "") -> Saved:
    """Bring what somebody changed together with what others changed since the form was opened at revision `base`.

    Raises `history.EditConflict` where both changed the same; nothing is written then.
    """
    meanwhile: list[str] = []
    if base != newest_revision(organisation.pk):
        then, now = queries.state_at(organisation.pk, base), queries.state_now(organisation.pk)
        meanwhile = [name for name in now if now[name] != then[name] and name != "state"]
    revision = directory.edit_organisation(organisation, said, by=by, base=base, reason=reason)
    return Saved(revision, meanwhile)


@transaction.atomic
def take_off_the_map(organisation: Organisation, *, by: Person, ended: int | None, reason: str = "") -> Organisation:
    """An organisation no longer exists, or does not want to be on the map. Its address stays and says so."""
    if ended:
        directory.edit_organisation(organisation, {"ended": ended}, by=by, base=newest_revision(organisation.pk), reason=reason)
    return directory.archive_organisation(organisation, by=by, reason=reason)


@transaction.atomic
def publish_entry(organisation: Organisation, *, by: Person, reason: str = "") -> Organisation:
    """A caretaker has looked at an entry and puts it on the map, for the first time or again."""
    done = directory.publish_organisation(organisation, by=by, reason=reason)
    _looked_at(done, by, reason)
    return done


@transaction.atomic
def decline_entry(organisation: Organisation, *, by: Person, reason: str) -> Organisation:
    """A caretaker has looked at an entry and does not put it on the map; whoever entered it gets to read why."""
    require(may_caretake_entry(by, organisation), _("Only caretakers may publish entries."), NotAllowed)
    require(organisation.state == State.DRAFT, _("This entry does not wait any more."))
    done = directory.archive_organisation(organisation, by=by, reason=reason)
    _looked_at(done, by, reason)
    return done


def _looked_at(organisation: Organisation, by: Person, reason: str) -> None:
    entering = Entering.objects.filter(organisation=organisation, looked_at=None).select_related("person").first()
    if entering is None:
        return
    entering.looked_at = timezone.now()
    entering.save(update_fields=["looked_at"])
    trail.record("editing.organisation_looked_at", by=by, about=organisation, state=organisation.state)
    if entering.person and entering.person != by and not entering.because:
        letters.looked_at(entering.person, organisation, reason)
