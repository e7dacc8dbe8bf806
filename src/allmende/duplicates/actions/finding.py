"""Pairs are found: while somebody types, in an import, at night, by a report. What is decided is never asked again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from allmende.directory.models import Kinship, Organisation, Revision, RevisionSet
from allmende.duplicates import lookup, rules
from allmende.duplicates.access import LIVE
from allmende.duplicates.models import WAITING, FoundBy, Pair, PairState, Round
from allmende.duplicates.scoring import Judgement, Verdict, compare
from allmende.ground import trail
from allmende.ground.bulk import update

BATCH = 2_000  # entries compared in one transaction
CHUNK = 400  # pairs in one question

Numbers = tuple[int, int]


@transaction.atomic
def note_pair(one: Organisation, other: Organisation, *, source: FoundBy | str, verdict: Verdict | None = None) -> Pair | None:
    """Put two entries on the list of possible duplicates, if nobody has decided about them yet.

    Without a `verdict` they are compared here. What the comparison holds for strangers is kept only where a person reported it.
    None: there is nothing to ask (decided before, known as branches, one of them merged, or not alike).
    """
    if one.pk == other.pk:
        return None
    said = verdict or compare(lookup.portrait_of(one), lookup.portrait_of(other))
    note_pairs([(one.pk, other.pk, said)], source=source)
    numbers = _ordered(one.pk, other.pk)
    return Pair.objects.filter(one=numbers[0], other=numbers[1], state__in=WAITING).first()


@transaction.atomic
def note_pairs(found: Iterable[tuple[int, int, Verdict]], *, source: FoundBy | str, found_in: RevisionSet | None = None) -> int:
    """The same for many at once; gives the number of pairs that are new. Writing them a second time changes nothing."""
    is_report = source == FoundBy.REPORT
    wanted = {_ordered(one, other): verdict for one, other, verdict in found if one != other and (is_report or _is_worth_asking(verdict))}
    numbers, new = list(wanted), 0
    for start in range(0, len(numbers), CHUNK):
        part = {pair: wanted[pair] for pair in numbers[start : start + CHUNK]}
        new += _note(part, FoundBy(source), found_in)
    if new:
        trail.record("duplicates.pairs_found", about=found_in, count=new, source=str(source))
    return new


def _ordered(one: int, other: int) -> Numbers:
    return (min(one, other), max(one, other))


def _note(wanted: dict[Numbers, Verdict], source: FoundBy, found_in: RevisionSet | None) -> int:
    pks = {pk for numbers in wanted for pk in numbers}
    live = set(Organisation.objects.filter(pk__in=pks, state__in=LIVE).values_list("pk", flat=True))
    known = {(pair.one_id, pair.other_id): pair for pair in _among(pks)}
    kin = _kin(pks) if source != FoundBy.REPORT else set()
    now, new = timezone.now(), []
    for numbers, verdict in wanted.items():
        if numbers in known or numbers in kin or not live.issuperset(numbers):
            continue
        new.append(Pair(one_id=numbers[0], other_id=numbers[1], found_by=source, found_at=now, found_in=found_in, **_said(verdict)))
    Pair.objects.bulk_create(new, ignore_conflicts=True)
    _say_again([(known[numbers], verdict) for numbers, verdict in wanted.items() if numbers in known], found_in)
    return len(new)


def _among(pks: Iterable[int]) -> QuerySet[Pair]:
    every = list(pks)
    return Pair.objects.filter(one__in=every, other__in=every)


def _said(verdict: Verdict) -> dict[str, object]:
    score = verdict.branch if verdict.judgement == Judgement.BRANCH else verdict.score
    return {"judgement": str(verdict.judgement), "score": score, "reasons": [reason.as_json() for reason in verdict.reasons]}


def _say_again(found: Sequence[tuple[Pair, Verdict]], found_in: RevisionSet | None) -> None:
    """What still waits says what the newest comparison says, and belongs to the later of two imports: that one brought the double."""
    changed = []
    for pair, verdict in found:
        said = _said(verdict)
        if found_in and pair.found_by == FoundBy.IMPORT and (pair.found_in_id or 0) < found_in.pk:
            said["found_in_id"] = found_in.pk
        if pair.state in WAITING and any(getattr(pair, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(pair, name, value)
            changed.append(pair)
    update(changed, ("judgement", "score", "reasons", "found_in_id"))


def _kin(pks: set[int]) -> set[Numbers]:
    """Which of these are known to belong together: a branch and its head, two branches of one head."""
    heads = dict(Kinship.objects.filter(branch__in=pks).values_list("branch_id", "head_id"))
    families: dict[int, list[int]] = {}
    for branch, head in heads.items():
        families.setdefault(head, [head]).append(branch)
    return {_ordered(one, other) for family in families.values() for one in family for other in family if one < other}


# ------------------------------------------------------------------------------------------------------ many at once


# Comparing takes seconds and only reads; it happens before the transaction, so that nobody waits for it.


def scan_import(revision_set: RevisionSet, *, after: int = 0) -> int | None:
    """Compare the next entries that an import has brought with everybody; where to go on, None at the end.

    Goes by the numbers of revisions, so that a second run of the same part finds the same pairs again and writes nothing new.
    """
    part = list(
        Revision.objects.filter(set=revision_set, pk__gt=after, before={}).order_by("pk").values_list("pk", "organisation_id")[:BATCH]
    )
    note_pairs(_found([organisation for _revision, organisation in part]), source=FoundBy.IMPORT, found_in=revision_set)
    return part[-1][0] if len(part) == BATCH else None


def begin_round() -> Round:
    """A nightly comparison begins: over all that changed since the last one began, at first over everything."""
    unfinished = Round.objects.filter(ended_at=None).order_by("-pk").first()
    if unfinished:
        return unfinished
    last = Round.objects.order_by("-pk").first()
    return Round.objects.create(began_at=timezone.now(), since=last.began_at if last else None)


def scan_changed(turn: Round, *, after: int = 0) -> int | None:
    """Compare the next entries of a round with everybody; where to go on, None at the end."""
    if turn.ended_at:
        return None
    pks = list(_changed(turn.since, turn.began_at).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    found, strangers = _found(pks), _no_longer_alike(pks)
    with transaction.atomic():
        Pair.objects.filter(pk__in=strangers, state=PairState.OPEN, answers=None).delete()
        new = note_pairs(found, source=FoundBy.SCAN)
        is_over = len(pks) < BATCH
        ended_at = timezone.now() if is_over else None
        Round.objects.filter(pk=turn.pk).update(found=F("found") + new, compared=F("compared") + len(pks), ended_at=ended_at)
    return None if is_over else pks[-1]


def _changed(since: datetime | None, until: datetime) -> QuerySet[Organisation]:
    live = Organisation.objects.filter(state__in=LIVE, changed_at__lte=until)
    return live.filter(changed_at__gt=since) if since else live


def _found(pks: Sequence[int]) -> list[tuple[int, int, Verdict]]:
    return [(pk, candidate.organisation_id, candidate.verdict) for pk, candidate in lookup.scan(pks)] if pks else []


def _no_longer_alike(pks: Sequence[int]) -> list[int]:
    """Pairs that a machine found, about which nobody has said anything, and whose entries are no longer alike."""
    gone: list[int] = []
    for start in range(0, len(pks), CHUNK):
        part = pks[start : start + CHUNK]
        pairs = Pair.objects.filter(Q(one__in=part) | Q(other__in=part), state=PairState.OPEN, answers=None, merges=None)
        pairs = pairs.exclude(found_by=FoundBy.REPORT).select_related("one__legal_form", "other__legal_form")
        gone += [pair.pk for pair in pairs.prefetch_related("one__places", "other__places") if not _is_alike(pair)]
    return gone


def _is_alike(pair: Pair) -> bool:
    return _is_worth_asking(compare(lookup.portrait_of(pair.one), lookup.portrait_of(pair.other)))


def _is_worth_asking(verdict: Verdict) -> bool:
    return rules.is_worth_asking(verdict.judgement, verdict.score, verdict.branch, [one.key for one in verdict.reasons])
