"""What happens by itself: following entries through merges, raising what nobody decides on, forgetting what is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from allmende.directory import queries as directory
from allmende.directory.models import State
from allmende.ground import trail
from allmende.suggestions import access, letters, rules
from allmende.suggestions.models import Move, Report, Suggestion

CLOSED = (rules.DECLINED, rules.WITHDRAWN, rules.EXPIRED)


@transaction.atomic
def follow_merge(loser: int, winner: int) -> int:
    """Open suggestions and all reports about the entry that was merged now are about the one it was merged into."""
    base = directory.newest_revision(winner)
    moves = [
        Move(suggestion=one, loser_id=loser, winner_id=winner, base=one.base)
        for one in Suggestion.objects.filter(organisation=loser, state=rules.OPEN)
    ]
    moves += [Move(report=one, loser_id=loser, winner_id=winner) for one in Report.objects.filter(organisation=loser)]
    Move.objects.bulk_create(moves)
    Suggestion.objects.filter(organisation=loser, state=rules.OPEN).update(organisation=winner, base=base)
    Report.objects.filter(organisation=loser).update(organisation=winner)
    return len(moves)


@transaction.atomic
def follow_unmerge(loser: int, winner: int) -> int:
    """What had followed goes back, unless it was decided on meanwhile."""
    moves = list(Move.objects.filter(loser=loser, winner=winner).select_related("suggestion", "report"))
    for move in moves:
        if move.suggestion and move.suggestion.state == rules.OPEN and move.suggestion.organisation_id == winner:
            Suggestion.objects.filter(pk=move.suggestion.pk).update(organisation=loser, base=move.base)
        elif move.report and move.report.organisation_id == winner:
            before = Q(decided_at=None) | Q(decided_at__lt=move.at)
            Report.objects.filter(before, pk=move.report.pk).update(organisation=loser)
    Move.objects.filter(pk__in=[move.pk for move in moves]).delete()
    return len(moves)


def raise_waiting(now: datetime | None = None) -> int:
    """Tell the caretakers of suggestions that nobody has decided on for a fortnight, each once."""
    long_ago = (now or timezone.now()) - rules.STEWARDS_FIRST
    waiting = Suggestion.objects.filter(state=rules.OPEN, raised_at=None, opened_at__lte=long_ago).exclude(kind=rules.MISSING)
    pks = list(waiting.exclude(problem=rules.FOREIGN).values_list("pk", flat=True))
    return sum(_raise(pk) for pk in pks)


@transaction.atomic
def _raise(pk: int) -> bool:
    suggestion = Suggestion.objects.select_for_update().filter(pk=pk, state=rules.OPEN, raised_at=None).first()
    if suggestion is None or suggestion.organisation is None:
        return False
    suggestion.raised_at = timezone.now()
    suggestion.save(update_fields=["raised_at"])
    if not access.has_stewards(suggestion.organisation) or suggestion.organisation.state == State.MERGED:
        return False  # its caretakers have known from the beginning
    trail.record("suggestions.suggestion_raised", about=suggestion, organisation=suggestion.organisation_id)
    letters.raised(suggestion)
    return True


def forget_old(now: datetime | None = None) -> dict[str, int]:
    """Let what nobody decided on expire; delete what was declined, withdrawn or expired a year ago, and persons from the rest."""
    now = now or timezone.now()
    year_ago = now - rules.KEPT_AFTER
    waiting = Suggestion.objects.filter(state=rules.OPEN, opened_at__lte=now - rules.EXPIRES_AFTER)
    expired = sum(_expire(pk, now) for pk in list(waiting.values_list("pk", flat=True)))
    old = Suggestion.objects.filter(decided_at__lte=year_ago)
    deleted = old.filter(state__in=CLOSED).delete()[0]
    held = ~Q(remark="") | ~Q(reason="") | Q(by__isnull=False) | ~Q(answer="")
    emptied = old.filter(held).update(remark="", reason="", answer="", by=None)
    return {"expired": expired, "deleted": deleted, "emptied": emptied, "reports": _forget_reports(now)}


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    suggestion = Suggestion.objects.select_for_update().filter(pk=pk, state=rules.OPEN).first()
    if suggestion is None:
        return False
    contact, suggestion.contact = suggestion.contact, ""
    suggestion.state, suggestion.decided_at = rules.EXPIRED, now
    suggestion.save(update_fields=["state", "decided_at", "contact"])
    trail.record("suggestions.suggestion_expired", about=suggestion, organisation=suggestion.organisation_id)
    letters.decided(suggestion, contact)
    return True


@transaction.atomic
def _forget_reports(now: datetime) -> int:
    """Names and addresses go when no appeal can follow; the words, and what was removed, a year after the decision."""
    done = Report.objects.select_for_update().filter(decided_at__lte=now - rules.APPEAL_WITHIN, emptied_at=None)
    settled = [report for report in done if _is_settled(report, now)]
    for report in settled:
        report.name = report.email = ""
        report.by, report.removed = None, {}
        report.responsible.clear()
        if report.decided_at and now - report.decided_at >= rules.KEPT_AFTER:
            report.reason = report.place = report.title = report.facts = report.basis = ""
            report.number = None
            report.appeals.update(text="", answer="", by=None)
            report.emptied_at = now
        report.save()
    return len(settled)


def _is_settled(report: Report, now: datetime) -> bool:
    appeals = list(report.appeals.values_list("decided_at", flat=True))
    last = max((one for one in appeals if one), default=None)
    return rules.is_settled(report.decided_at, None in appeals, last, now)
