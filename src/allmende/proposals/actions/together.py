"""Writing together: inviting authors, accepting, declining, leaving."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.people.models import Person
from allmende.proposals import access, rules
from allmende.proposals.actions.writing import locked
from allmende.proposals.models import Author, Proposal


@transaction.atomic
def invite_author(proposal: Proposal, who: str, *, by: Person) -> Author:
    """Ask somebody who takes part, named by e-mail or by their exact name. BadInput says where nobody or several are found."""
    proposal = locked(proposal)
    require(access.is_author(by, proposal), _("Only its authors can invite others to write along."), NotAllowed)
    require(proposal.state in access.EDITABLE, _("The text of this proposal is fixed now."))
    require(proposal.authors.count() < rules.AUTHORS, _("A proposal has at most %d authors.") % rules.AUTHORS)
    person = _found(proposal, who)
    author, is_new = Author.objects.get_or_create(proposal=proposal, person=person, defaults={"invited_by": by})
    require(is_new, _("This person writes along or is invited already."))
    trail.record("proposals.author_invited", by=by, about=proposal, cooperative=proposal.cooperative_id, author=author.pk)
    return author


def _found(proposal: Proposal, who: str) -> Person:
    who = " ".join(who.split())
    require(who, _("Please write a name or an e-mail address."), BadInput)
    circle = access.circle_of(proposal.cooperative)
    named = circle.filter(email__iexact=who) if "@" in who else circle.filter(name__iexact=who)
    found = list(named[:2])
    require(found, _("Nobody who takes part here has an account with this name or address."), BadInput)
    if len(found) > 1:
        raise BadInput(_("Several people have this name. Please write the e-mail address."))
    return found[0]


@transaction.atomic
def answer_invitation(proposal: Proposal, *, accepts: bool, by: Person) -> None:
    """Accept, and write along from now on; or decline."""
    proposal = locked(proposal)
    author = Author.objects.filter(proposal=proposal, person=by, accepted_at=None).first()
    if author is None:
        raise Refused(_("There is no open invitation for you here."))
    if accepts:
        require(
            access.may_propose(by, proposal.cooperative), _("Only those who take part in this cooperative can write along."), NotAllowed
        )
        author.accepted_at = timezone.now()
        author.save(update_fields=["accepted_at"])
    else:
        author.delete()
    verb = "proposals.author_accepted" if accepts else "proposals.author_declined"
    trail.record(verb, by=by, about=proposal, cooperative=proposal.cooperative_id)


@transaction.atomic
def withdraw_invitation(proposal: Proposal, author: int, *, by: Person) -> None:
    """An author takes an open invitation back."""
    proposal = locked(proposal)
    require(access.is_author(by, proposal), _("Only its authors can do this."), NotAllowed)
    gone, _rows = Author.objects.filter(proposal=proposal, pk=author, accepted_at=None).delete()
    require(gone, _("This invitation is answered already."))
    trail.record("proposals.invitation_withdrawn", by=by, about=proposal, cooperative=proposal.cooperative_id)


@transaction.atomic
def leave_proposal(proposal: Proposal, *, by: Person) -> None:
    """Write along no longer. The last author withdraws the proposal instead."""
    proposal = locked(proposal)
    mine = Author.objects.filter(proposal=proposal, person=by).exclude(accepted_at=None)
    require(mine.exists(), _("You do not write along here."), NotAllowed)
    others = proposal.authors.exclude(accepted_at=None).exclude(person=by).exists()
    require(others, _("You are the only author. Invite somebody else first, or withdraw the proposal."))
    mine.delete()
    trail.record("proposals.author_left", by=by, about=proposal, cooperative=proposal.cooperative_id)
