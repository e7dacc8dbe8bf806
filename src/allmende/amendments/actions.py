"""Every change of amendments: proposed, changed, withdrawn, adopted, rejected, voted on, undone, overtaken."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.amendments import access, queries, rules
from allmende.amendments.models import Amendment, Change, State
from allmende.ballots.models import Ballot
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.proposals import actions as proposals
from allmende.proposals import queries as texts
from allmende.proposals.models import Proposal
from allmende.proposals.models import State as ProposalState
from allmende.proposals.rules import PARAGRAPH_LIMIT


@transaction.atomic
def propose_amendment(proposal: Proposal, edits: Sequence[rules.Edit], *, title: str, reason: str, base: int, by: Person) -> Amendment:
    """The next Ä of this proposal. What it changes must still say what was read; a text that changed meanwhile is told at once."""
    proposal = proposals.locked(proposal)
    require(access.may_amend(by, proposal), _("Only those who take part in this cooperative can propose amendments."), NotAllowed)
    _require_open(proposal)
    title, reason, edits = _checked(proposal, edits, title, reason)
    serial = (Amendment.objects.filter(proposal=proposal).aggregate(most=Max("serial"))["most"] or 0) + 1
    require(serial <= rules.AMENDMENTS, _("There are very many amendments to this proposal. Please talk to its authors."))
    amendment = Amendment.objects.create(
        proposal=proposal, serial=serial, title=title, reason=reason, base=min(base, proposal.newest), author=by
    )
    _write(amendment, edits)
    _say("amendments.amendment_proposed", amendment, by)
    return amendment


@transaction.atomic
def change_amendment(amendment: Amendment, edits: Sequence[rules.Edit], *, title: str, reason: str, base: int, by: Person) -> Amendment:
    """Its author changes it, or fits it to the text of now when it was overtaken."""
    amendment = _locked(amendment)
    require(access.may_change(by, amendment), _("Only who proposed an amendment can change it."), NotAllowed)
    require(amendment.state in access.OPEN, _("This amendment is not open any more."))
    _require_open(amendment.proposal)
    title, reason, edits = _checked(amendment.proposal, edits, title, reason)
    amendment.title, amendment.reason, amendment.base = title, reason, min(base, amendment.proposal.newest)
    amendment.state, amendment.changed_at = State.OPEN, timezone.now()
    amendment.save()
    amendment.changes.all().delete()
    _write(amendment, edits)
    _say("amendments.amendment_changed", amendment, by)
    return amendment


@transaction.atomic
def withdraw_amendment(amendment: Amendment, *, by: Person) -> Amendment:
    """Its author takes it back."""
    amendment = _locked(amendment)
    require(access.may_change(by, amendment), _("Only who proposed an amendment can withdraw it."), NotAllowed)
    require(amendment.state in access.OPEN, _("This amendment is not open any more."))
    amendment.state, amendment.changed_at = State.WITHDRAWN, timezone.now()
    amendment.save()
    _say("amendments.amendment_withdrawn", amendment, by)
    return amendment


@transaction.atomic
def accept_amendment(amendment: Amendment, *, by: Person, answer: str = "") -> Amendment:
    """The authors adopt it: a new version says what it says. Others that change the same paragraph are overtaken by that."""
    amendment = _decided_by(amendment, by)
    require(amendment.state != State.OVERTAKEN, _overtaken())
    require(amendment.state == State.OPEN, _("This amendment is not open any more."))
    _merge(amendment, by=by, answer=answer)
    _say("amendments.amendment_accepted", amendment, by)
    return amendment


@transaction.atomic
def reject_amendment(amendment: Amendment, reason: str, *, by: Person) -> Amendment:
    """The authors do not adopt it, and say why. It can still be put to the vote."""
    amendment = _decided_by(amendment, by)
    require(amendment.state in access.OPEN, _("This amendment is not open any more."))
    reason = clean(reason)
    require(reason, _("Please say why, so that the reason can be read."), BadInput)
    require(len(reason) <= 1_000, _("This text is too long: at most %d characters.") % 1_000, BadInput)
    _settle(amendment, State.REJECTED, by=by, answer=reason)
    _say("amendments.amendment_rejected", amendment, by)
    return amendment


@transaction.atomic
def undo_acceptance(amendment: Amendment, *, by: Person) -> Amendment:
    """Take an adopted amendment out again, while nothing newer stands on it: a further version says what was said before it."""
    amendment = _decided_by(amendment, by)
    require(amendment.state == State.ACCEPTED, _("This amendment is not adopted."))
    require(amendment.ballot_id is None, _("The members have decided about this amendment; that is not undone by its authors."))
    require(
        queries.newest_of(amendment.proposal, amendment), _("There is a newer version already. Change the text, or propose an amendment.")
    )
    before = texts.parts_of(texts.version_of(amendment.proposal, (amendment.merged or 1) - 1))
    amendment.state, amendment.merged, amendment.decided_at, amendment.decided_by = State.OPEN, None, None, None
    amendment.answer = ""
    amendment.save()
    why = _("%s is taken out again") % amendment.number
    proposals.add_version(amendment.proposal, before, why=why, amendment=amendment.serial, by=by, is_undoing=True)
    _say("amendments.acceptance_undone", amendment, by)
    return amendment


def into_vote(amendment: Amendment, ballot: Ballot) -> None:
    """A ballot about it opens: until it is counted, the paragraphs it changes stay as they are."""
    amendment = _locked(amendment)
    require(amendment.proposal.state == ProposalState.DELIBERATION, _("Amendments are voted on while the proposal is deliberated."))
    require(amendment.state != State.OVERTAKEN, _overtaken())
    require(amendment.state in rules.TO_VOTE, _("This amendment is not open any more."))
    now = queries.words_now(queries.parts_now(amendment.proposal))
    require(not any(rules.overtaken(one, now) for one in queries.edits_of(amendment)), _overtaken())
    rivals = _voting_on_the_same(amendment)
    require(not rivals, _("%s changes the same paragraph and is being voted on. Please wait for its count.") % ", ".join(rivals))
    amendment.state, amendment.ballot = State.VOTING, ballot
    amendment.decided_at, amendment.decided_by, amendment.answer = None, None, ""
    amendment.save()
    _say("amendments.vote_opened", amendment, None)


def counted(amendment: Amendment, ballot: Ballot, outcome: str) -> None:
    """The members have decided: adopted becomes a version, everything else leaves the text as it is."""
    amendment = _locked(amendment)
    if amendment.state != State.VOTING or amendment.ballot_id != ballot.pk:
        return
    if outcome == "accepted":
        _merge_as_voted(amendment)
    elif outcome == "rejected":
        _settle(amendment, State.REJECTED, by=None, answer="")
        _say("amendments.amendment_rejected", amendment, None)
    else:
        _reopen(amendment)


def back_from_ballot(amendment: Amendment, ballot: Ballot) -> None:
    """The vote was cancelled: open again."""
    amendment = _locked(amendment)
    if amendment.state == State.VOTING and amendment.ballot_id == ballot.pk:
        _reopen(amendment)


def follow_text(proposal: Proposal) -> None:
    """A new version stands: say of every open amendment whether it still fits; Refused where it touches what is being voted on."""
    now = queries.words_now(queries.parts_now(proposal))
    found = Amendment.objects.filter(proposal=proposal, state__in=rules.PENDING).prefetch_related("changes")
    for amendment in found:
        fits = not any(rules.overtaken(queries.edit_of(one), now) for one in amendment.changes.all())
        if amendment.state == State.VOTING:
            require(fits, _("%s is being voted on: the paragraphs it changes stay as they are until the count.") % amendment.number)
        elif (amendment.state == State.OPEN) != fits:
            amendment.state = State.OPEN if fits else State.OVERTAKEN
            amendment.save(update_fields=["state"])
            if not fits:
                amendment.proposal = proposal
                _say("amendments.amendment_overtaken", amendment, None)


def require_settled(proposal: Proposal) -> None:
    """Before a proposal is decided, every amendment to it is, also a hidden one that is voted on: Refused, naming those that are not."""
    counts = Q(state=State.VOTING) | Q(hidden_at=None)
    found = Amendment.objects.filter(counts, proposal=proposal, state__in=rules.PENDING).order_by("serial")
    named = ", ".join(one.number for one in found[:10])
    require(not named, _("Before the proposal is decided, its amendments are: adopt them, reject them or have them voted on (%s).") % named)


def require_no_vote(proposal: Proposal) -> None:
    """A proposal does not go away while its amendments are voted on."""
    running = Amendment.objects.filter(proposal=proposal, state=State.VOTING).exists()
    require(not running, _("An amendment is being voted on. Please wait for the count, or let the vote be cancelled."))


@transaction.atomic
def hide_amendment(amendment: Amendment, *, by: Person | None = None, reason: str = "") -> Amendment:
    """Take it off all pages after a report."""
    Amendment.objects.filter(pk=amendment.pk, hidden_at=None).update(hidden_at=timezone.now())
    _say("amendments.amendment_hidden", amendment, by)
    amendment.refresh_from_db()
    return amendment


@transaction.atomic
def unhide_amendment(amendment: Amendment, *, by: Person | None = None, reason: str = "") -> Amendment:
    """Put it back, after an appeal."""
    Amendment.objects.filter(pk=amendment.pk).update(hidden_at=None)
    _say("amendments.amendment_shown_again", amendment, by)
    amendment.refresh_from_db()
    return amendment


def _merge(amendment: Amendment, *, by: Person | None, answer: str) -> None:
    made = rules.applied(queries.parts_now(amendment.proposal), queries.edits_of(amendment), amendment.serial)
    amendment.merged = amendment.proposal.newest + 1
    _settle(amendment, State.ACCEPTED, by=by, answer=clean(answer)[:1_000])
    proposals.add_version(amendment.proposal, made, why=amendment.title, amendment=amendment.serial, by=by)


def _merge_as_voted(amendment: Amendment) -> None:
    """What the members decided comes into the text. Where the text cannot take it up (two votes struck all that was left), the vote counts
    all the same: the amendment is open again with the reason, for the authors to make room."""
    try:
        with transaction.atomic():
            _merge(amendment, by=None, answer="")
    except Refused as refusal:
        amendment.merged = None
        why = _("The members adopted it, but the text could not take it up: %s The authors make room for it and adopt it then.")
        _settle(amendment, State.OPEN, by=None, answer=(why % refusal.sentence)[:1_000])
        _say("amendments.vote_not_merged", amendment, None)
    else:
        _say("amendments.amendment_accepted", amendment, None)


def _settle(amendment: Amendment, state: State, *, by: Person | None, answer: str) -> None:
    amendment.state, amendment.decided_at, amendment.decided_by, amendment.answer = state, timezone.now(), by, answer
    amendment.save()


def _reopen(amendment: Amendment) -> None:
    amendment.state, amendment.ballot = State.OPEN, None
    amendment.save()
    _say("amendments.vote_without_result", amendment, None)


def _voting_on_the_same(amendment: Amendment) -> list[str]:
    keys = [one.key for one in queries.edits_of(amendment) if one.key is not None]
    others = Amendment.objects.filter(proposal=amendment.proposal, state=State.VOTING, changes__key__in=keys).exclude(pk=amendment.pk)
    return [one.number for one in others.distinct().order_by("serial")]


def _locked(amendment: Amendment) -> Amendment:
    proposal = proposals.locked(amendment.proposal)
    found = Amendment.objects.select_for_update().get(pk=amendment.pk)
    found.proposal = proposal
    return found


def _decided_by(amendment: Amendment, by: Person) -> Amendment:
    amendment = _locked(amendment)
    require(access.may_decide(by, amendment), _("The authors of the proposal decide about amendments, or a vote does."), NotAllowed)
    require(amendment.proposal.state == ProposalState.DELIBERATION, _("Amendments are decided while the proposal is deliberated."))
    return amendment


def _require_open(proposal: Proposal) -> None:
    require(proposal.state == ProposalState.DELIBERATION, _("Amendments are proposed while the proposal is deliberated."))
    require(queries.is_open(proposal), _("In this phase no amendments are proposed. The phases say when it is open again."))


def _checked(proposal: Proposal, edits: Sequence[rules.Edit], title: str, reason: str) -> tuple[str, str, list[rules.Edit]]:
    title, reason = " ".join(clean(title).split()), clean(reason)
    require(title, _("Please say in short what the amendment is about."), BadInput)
    require(len(title) <= rules.TITLE_LIMIT, _("This text is too long: at most %d characters.") % rules.TITLE_LIMIT, BadInput)
    require(len(reason) <= rules.REASON_LIMIT, _("This text is too long: at most %d characters.") % rules.REASON_LIMIT, BadInput)
    require(edits, _("Please change at least one paragraph."), BadInput)
    require(len(edits) <= rules.CHANGES, _("An amendment changes at most %d paragraphs.") % rules.CHANGES, BadInput)
    now = queries.words_now(queries.parts_now(proposal))
    checked = [rules.Edit(one.kind, one.key, one.before, clean(one.text).strip(), one.inserted) for one in edits]
    for one in checked:
        _check(one, now)
    touched = [one.key for one in checked if one.kind != rules.INSERT]
    require(len(touched) == len(set(touched)), _("An amendment changes or strikes each paragraph once."), BadInput)
    left = rules.applied(queries.parts_now(proposal), checked, 0)
    require(left, _("A proposal needs at least one paragraph."))
    return title, reason, checked


def _check(edit: rules.Edit, now: dict[UUID, str]) -> None:
    require(edit.kind in (rules.CHANGE, rules.DELETE, rules.INSERT), _("Please choose what happens to the paragraph."), BadInput)
    require(edit.key is not None or edit.kind == rules.INSERT, _("Please choose what happens to the paragraph."), BadInput)
    require(edit.key is None or edit.key in now, _("A paragraph you wanted to change is gone by now. Please look at the text again."))
    if edit.kind != rules.INSERT and edit.key is not None:
        require(now[edit.key] == edit.before, _("A paragraph you wanted to change says something else by now. Please look at it again."))
    require(edit.kind == rules.DELETE or edit.text, _("Please write what the paragraph shall say."), BadInput)
    require(len(edit.text) <= PARAGRAPH_LIMIT, _("A paragraph is too long: at most %d characters.") % PARAGRAPH_LIMIT, BadInput)
    require(edit.kind != rules.CHANGE or edit.text != edit.before, _("One of the paragraphs is not changed at all."), BadInput)


def _write(amendment: Amendment, edits: Sequence[rules.Edit]) -> None:
    Change.objects.bulk_create(
        Change(
            amendment=amendment, position=n, kind=one.kind, key=one.key, before="" if one.kind == rules.INSERT else one.before,
            text="" if one.kind == rules.DELETE else one.text, inserted=one.inserted,
        )
        for n, one in enumerate(edits, 1)
    )  # fmt: skip


def _overtaken() -> str:
    return _("A paragraph this amendment changes says something else by now. Its author has to fit it to the present text first.")


def _say(verb: str, amendment: Amendment, by: Person | None) -> None:
    proposal = amendment.proposal
    trail.record(verb, by=by, about=amendment, cooperative=proposal.cooperative_id, proposal=proposal.pk, serial=amendment.serial)
