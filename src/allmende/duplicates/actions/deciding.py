"""What people say about a pair: different, one a branch of the other, asked, answered, open again. Merging has its own file.

Locks are taken in one order everywhere: first the entries by their numbers, then the pair.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.access import caretakers_of, keepers_of
from allmende.directory.models import Kinship, Organisation, Role
from allmende.duplicates import access, letters, rules
from allmende.duplicates.models import WAITING, Answer, FoundBy, Pair, PairState, Saying
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person

CHANGED = "directory.organisations_changed"


@transaction.atomic
def mark_different(one: Organisation, other: Organisation, *, by: Person, note: str = "") -> Pair:
    """Say that two entries are not one organisation. Nobody is asked about them again."""
    one, other = take(one, other)
    _require_may(by, one, other)
    return _decide(one, other, PairState.DIFFERENT, by, note)


@transaction.atomic
def mark_branch(branch: Organisation, head: Organisation, *, by: Person, note: str = "") -> Pair:
    """Say that the one entry is a branch of the other: both stay, and each leads to the other."""
    branch, head = take(branch, head)
    _require_may(by, branch, head)
    return _make_branch(branch, head, by, note)


@transaction.atomic
def ask_owners(pair: Pair, *, by: Person) -> int:
    """Ask those who answer for the two entries; gives how many were told. Where an entry has nobody, its caretakers are told."""
    require(access.may_ask(by, pair), _("Only those who look after one of the two entries, or a caretaker, may ask."), NotAllowed)
    one, other = take(pair.one, pair.other)
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    require(pair.state in WAITING, _("This has been decided already."))
    require(pair.state == PairState.OPEN, _("They have been asked already."))
    asked = _owners(pair, one, other)
    require(asked, _("Nobody looks after these two entries yet. Please decide yourself."))
    pair.state, pair.asked_at = PairState.ASKED, timezone.now()
    pair.save(update_fields=["state", "asked_at"])
    without = [entry for entry in (one, other) if not _owners(pair, entry)]
    told = (asked | {person for entry in without for person in caretakers_of(entry)}) - {by}
    letters.ask(pair, told)
    trail.record("duplicates.owners_asked", by=by, about=pair, organisations=[one.pk, other.pk], told=len(told))
    return len(told)


@transaction.atomic
def answer_pair(pair: Pair, saying: Saying | str, *, by: Person) -> Pair:
    """Answer for the entries one answers for. When both sides say the same, it is decided, and "the same" merges them."""
    one, other = take(pair.one, pair.other)
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    sides = access.side_of(by, pair) if access.may_ask(by, pair) else []
    require(sides, _("Only who answers for one of the two entries may answer."), NotAllowed)
    require(pair.state in WAITING, _("This has been decided already."))
    for entry in sides:
        said = {"saying": Saying(saying), "by": by, "at": timezone.now()}
        Answer.objects.update_or_create(pair=pair, organisation=entry, defaults=said)
    if pair.state == PairState.OPEN:  # one side has spoken, so the other is asked
        pair.state, pair.asked_at = PairState.ASKED, timezone.now()
        pair.save(update_fields=["state", "asked_at"])
    trail.record("duplicates.pair_answered", by=by, about=pair, organisations=[entry.pk for entry in sides], saying=str(saying))
    answers = dict(Answer.objects.filter(pair=pair).values_list("organisation_id", "saying"))
    both = rules.agreed(answers, (one.pk, other.pk))
    if both:
        _as_agreed(pair, one, other, Saying(both), by)
    else:
        letters.answered(pair, Saying(saying), _owners(pair, one, other) - {by})
    return Pair.objects.get(pk=pair.pk)


def _as_agreed(pair: Pair, one: Organisation, other: Organisation, saying: Saying, by: Person) -> None:
    note = _("Both sides said so.")
    if saying == Saying.DIFFERENT:
        _decide(one, other, PairState.DIFFERENT, by, note)
    elif saying == Saying.SAME:
        from allmende.duplicates.actions.merging import merge_as_agreed

        merge_as_agreed(one, other, by=by, reason=note)
    else:
        branch, head = (one, other) if saying == Saying.ONE else (other, one)
        _make_branch(branch, head, by, note)


@transaction.atomic
def reopen_pair(pair: Pair, *, by: Person) -> Pair:
    """Take a decision back: the pair is open again, and a branch is no branch any more. A merge is undone by `undo_merge`."""
    one, other = take(pair.one, pair.other)
    _require_may(by, one, other)
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    require(pair.state in {PairState.DIFFERENT, PairState.BRANCH}, _("This pair is not decided."))
    kin = Kinship.objects.filter(Q(branch=one, head=other) | Q(branch=other, head=one))
    is_changed = pair.state == PairState.BRANCH and kin.delete()[0]
    Answer.objects.filter(pair=pair).delete()
    before, pair.state, pair.decided_at, pair.decided_by, pair.asked_at = pair.state, PairState.OPEN, None, None, None
    pair.save(update_fields=["state", "decided_at", "decided_by", "asked_at"])
    trail.record("duplicates.pair_reopened", by=by, about=pair, organisations=[one.pk, other.pk], before=before)
    if is_changed:
        trail.record(CHANGED, by=by, about=pair, organisations=[one.pk, other.pk], what="branch")
    return pair


# ------------------------------------------------------------------------------------------------------- what both use


def take(one: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    """Both entries, locked by their numbers, as they now are. One and the same, or merged ones, are refused with a sentence."""
    require(one.pk != other.pk, _("This is one and the same entry."))
    held = {entry.pk: entry for entry in lock([one.pk, other.pk])}
    for entry in held.values():
        into = entry.merged_into.name if entry.merged_into else ""
        require(not into, _("“%(name)s” has been merged into “%(into)s” meanwhile.") % {"name": entry.name, "into": into})
    return held[one.pk], held[other.pk]


def lock(pks: Iterable[int]) -> list[Organisation]:
    """These entries in the order of their numbers, locked until the transaction ends: two who want the same two never wait in a circle."""
    return list(Organisation.objects.select_for_update(of=("self",)).select_related("merged_into").filter(pk__in=list(pks)).order_by("pk"))


def _require_may(by: Person, one: Organisation, other: Organisation) -> None:
    sentence = _("Only who answers for both entries, or takes care of both, may decide. You can ask those who look after them.")
    require(access.may_decide(by, one, other), sentence, NotAllowed)


def _decide(one: Organisation, other: Organisation, state: PairState, by: Person, note: str) -> Pair:
    pair = pair_of(one, other)
    require(pair.state in WAITING or pair.state == state, _("This has been decided already. Please open it again first."))
    pair.state, pair.decided_by, pair.decided_at, pair.note = state, by, timezone.now(), note[:500]
    pair.save(update_fields=["state", "decided_by", "decided_at", "note"])
    trail.record("duplicates.pair_decided", by=by, about=pair, organisations=[pair.one_id, pair.other_id], state=str(state))
    return pair


def pair_of(one: Organisation, other: Organisation) -> Pair:
    """The pair of these two, locked; made where nobody has found it yet."""
    small, large = sorted((one, other), key=lambda entry: entry.pk)
    new = {"judgement": rules.UNSURE, "found_by": FoundBy.REPORT, "found_at": timezone.now()}
    Pair.objects.get_or_create(one=small, other=large, defaults=new)
    return Pair.objects.select_for_update().get(one=small, other=large)


def _make_branch(branch: Organisation, head: Organisation, by: Person, note: str) -> Pair:
    known = Kinship.objects.select_related("head").filter(branch=branch).first()
    if known and known.head_id != head.pk:
        names = {"name": branch.name, "head": known.head.name}
        require(False, _("“%(name)s” is a branch of “%(head)s” already. Please take that back first.") % names)
    above = Kinship.objects.select_related("head").filter(branch=head).first()
    if above:
        names = {"name": head.name, "head": above.head.name}
        require(False, _("“%(name)s” is itself a branch of “%(head)s”. A branch has no branches.") % names)
    is_head = Kinship.objects.filter(head=branch).exists()
    require(not is_head, _("“%(name)s” has branches of its own. A branch has no branches.") % {"name": branch.name})
    Kinship.objects.get_or_create(branch=branch, head=head)
    pair = _decide(branch, head, PairState.BRANCH, by, note)
    facts = {"branch": branch.pk, "head": head.pk}
    trail.record("duplicates.branch_marked", by=by, about=pair, **facts)
    trail.record(CHANGED, by=by, about=pair, organisations=[branch.pk, head.pk], what="branch")
    return pair


def _owners(pair: Pair, *entries: Organisation) -> set[Person]:
    """Who answers for these entries and may see the pair: nobody learns of another one's draft this way."""
    return {person for person in keepers_of(*entries, roles=(Role.OWNER,)) if access.may_ask(person, pair)}
