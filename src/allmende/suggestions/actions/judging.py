"""Deciding on reports and on appeals: caretakers alone, with reasons, and so that it can be taken back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory import actions as directory
from allmende.directory import queries
from allmende.directory.importers import undoing
from allmende.directory.importers.base import BLANK
from allmende.directory.models import Organisation, Revision, State, Visibility
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people import subjects
from allmende.people.models import Person
from allmende.suggestions import access, letters, rules
from allmende.suggestions.models import Appeal, Effect, Ground, Outcome, Report
from allmende.suggestions.queries import is_hidden

ADDRESS = "address"


@dataclass(frozen=True)
class Verdict:
    """What follows from a report, and why: the elements of Art. 17 (3) DSA."""

    effect: str
    facts: str
    fields: tuple[str, ...] = ()
    ground: str = ""
    basis: str = ""


@transaction.atomic
def decide_report(report: Report, verdict: Verdict, *, by: Person) -> Report:
    """Decide on a report: leave it, empty fields (in the history too), take the entry off the map or the thing off the pages.

    Both sides get the reasons. Refused, too, where the thing is gone, or its room says that it cannot be taken off as it is.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    require(report.decided_at is None, _already(report.decided_by))
    require(access.may_judge(by, report), _("Caretakers who are not involved decide on this."), NotAllowed)
    report.decided_at, report.decided_by = timezone.now(), by
    _put(report, verdict, by)
    trail.record("suggestions.report_decided", by=by, about=report, organisation=report.organisation_id, effect=report.effect)
    letters.judged(report)
    return report


@transaction.atomic
def appeal_decision(report: Report, side: str, text: str, *, by: Person | None = None) -> Appeal:
    """Object to a decision; the caller has checked whose link it is."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    sides = report.appeals.values_list("side", flat=True)
    allowed = rules.may_appeal(report.decided_at, timezone.now(), sides, side)
    require(allowed, _("An appeal is possible once, within six months of the decision."))
    appeal = Appeal.objects.create(report=report, side=side, text=text, by=by)
    trail.record("suggestions.appeal_made", by=by, about=appeal, report=report.pk, side=str(side))
    letters.appealed(appeal)
    return appeal


@transaction.atomic
def decide_appeal(appeal: Appeal, outcome: str, answer: str, *, by: Person, verdict: Verdict | None = None) -> Appeal:
    """Decide on an appeal: the decision stands, or `verdict` takes its place; what it had removed comes back first."""
    report = Report.objects.select_for_update().get(pk=appeal.report_id)
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    require(appeal.decided_at is None, _already(appeal.decided_by))
    require(access.may_judge_appeal(by, appeal), _("Another caretaker than the first decides on an appeal."), NotAllowed)
    appeal.outcome, appeal.answer = outcome, answer
    appeal.decided_at, appeal.decided_by = timezone.now(), by
    appeal.save()
    if outcome == Outcome.CHANGED and verdict is not None:
        _lift(report, by)
        _put(report, verdict, by)
    appeal.report = report
    trail.record("suggestions.appeal_decided", by=by, about=appeal, report=report.pk, outcome=str(outcome), effect=report.effect)
    letters.appeal_judged(appeal)
    return appeal


def _already(who: Person | None) -> str:
    return _("%(who)s has decided on this already.") % {"who": (who and who.name) or _("Somebody")}


def _put(report: Report, verdict: Verdict, by: Person) -> None:
    report.effect, report.fields, report.facts = verdict.effect, sorted(verdict.fields), verdict.facts
    report.ground, report.basis = verdict.ground, verdict.basis
    organisation = report.organisation
    if report.effect == Effect.HIDDEN:
        _hide(report, by)
    if organisation is not None and report.effect == Effect.FIELDS:
        report.removed = _remove(organisation, report.fields, by)
    if organisation is not None and report.effect == Effect.ARCHIVED and organisation.state != State.ARCHIVED:
        directory.archive_organisation(organisation, by=by, reason=_("Decision on a report"))
        report.removed = {"archived": True}
    report.save()


def _hide(report: Report, by: Person) -> None:
    """Take a thing off the pages, by the action of its own room; one that is hidden already stays so, now by this decision."""
    thing = subjects.as_it_is(report.kind, report.number or 0)
    subject = subjects.by_kind(report.kind)
    can = thing is not None and subject is not None and subject.hide is not None
    require(can, _("This is not here any more, so it cannot be taken off. Please choose “Nothing changes” and say so."))
    if thing is not None and subject is not None and subject.hide is not None and not is_hidden(thing):
        reason = f"{_('Decision on a report')}: {Ground(report.ground).label if report.ground else report.get_matter_display()}"
        subject.hide(thing, by=by, reason=reason)
    report.removed = {"hidden": True}


def _show_again(report: Report, by: Person) -> None:
    thing = subjects.as_it_is(report.kind, report.number or 0)
    subject = subjects.by_kind(report.kind)
    if thing is not None and subject is not None and subject.unhide is not None and is_hidden(thing):
        subject.unhide(thing, by=by)


def _remove(organisation: Organisation, names: list[str], by: Person) -> dict[str, Any]:
    """Empty these fields, today and in every revision; gives what they said. The address is kept and shown to stewards only."""
    now = undoing.said(organisation.pk)
    told = [name for name in names if name != ADDRESS and now[name] != BLANK[name]]
    said: dict[str, Any] = {name: BLANK[name] for name in told}
    if ADDRESS in names:
        said["visibility"] = {**now["visibility"], ADDRESS: str(Visibility.STEWARDS)}
    _edit(organisation, said, by)
    kept = {name: now[name] for name in said}
    return {"now": kept, "revisions": _emptied(organisation, [name for name in names if name != ADDRESS])}


def _emptied(organisation: Organisation, names: list[str]) -> dict[str, Any]:
    """Empty the fields in the history, which is public as well; gives what stood there, by revision."""
    found: dict[str, Any] = {}
    for revision in Revision.objects.filter(organisation=organisation):
        said = {part: {name: getattr(revision, part)[name] for name in names if getattr(revision, part).get(name)} for part in _PARTS}
        if any(said.values()):
            found[str(revision.pk)] = said
            for part in _PARTS:
                getattr(revision, part).update({name: BLANK[name] for name in said[part]})
            revision.save(update_fields=_PARTS)
    return found


_PARTS = ["before", "after"]


def _lift(report: Report, by: Person) -> None:
    """Bring back what a decision took away, unless somebody has written something else there since."""
    organisation, removed = report.organisation, report.removed
    report.removed = {}
    if removed.get("hidden"):
        _show_again(report, by)
    if report.kind or organisation is None or not removed:
        return
    if removed.get("archived") and organisation.state == State.ARCHIVED:
        directory.publish_organisation(organisation, by=by, reason=_("Decision on an appeal"))
        return
    for revision in Revision.objects.filter(organisation=organisation, pk__in=map(int, removed.get("revisions", {}))):
        for part, said in removed["revisions"][str(revision.pk)].items():
            getattr(revision, part).update(said)
        revision.save(update_fields=_PARTS)
    now, before = undoing.said(organisation.pk), removed.get("now", {})
    said = {name: value for name, value in before.items() if name != "visibility" and now[name] == BLANK[name]}
    if "visibility" in before:
        said["visibility"] = _shown_again(now["visibility"], before["visibility"])
    _edit(organisation, said, by)


def _shown_again(now: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    rest = {name: value for name, value in now.items() if name != ADDRESS}
    return {**rest, ADDRESS: before[ADDRESS]} if ADDRESS in before else rest


def _edit(organisation: Organisation, said: dict[str, Any], by: Person) -> None:
    base = queries.newest_revision(organisation.pk)
    directory.edit_organisation(organisation, said, by=by, base=base, reason=_("Decision on a report"))
