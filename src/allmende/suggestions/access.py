"""Who may see and decide what others point out. Guests see only what their own link opens.

Suggestions are decided by those who look after the entry; its caretakers decide where nobody does, after a fortnight, and on whether
an entry belongs here. Missing organisations and reports of illegal content are the caretakers'.
"""

from datetime import datetime

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from allmende.directory import access as directory
from allmende.directory.models import Caretaking, Organisation, Stewardship
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.suggestions import rules
from allmende.suggestions.models import Appeal, Report, Side, Suggestion

_ABOUT_ENTRIES = ~Q(kind=rules.MISSING)
_FOREIGN = Q(problem=rules.FOREIGN)


def suggestions_visible_to(viewer: Viewer) -> QuerySet[Suggestion]:
    """Those for the entries one looks after, and those of the area one takes care of."""
    if not is_person(viewer):
        return Suggestion.objects.none()
    return Suggestion.objects.filter(_of_mine(viewer) | _of_my_area(viewer) | _proposed_to(viewer))


def suggestions_to_decide(viewer: Viewer, now: datetime | None = None) -> QuerySet[Suggestion]:
    """The open ones about entries that this viewer may decide on now."""
    if not is_person(viewer):
        return Suggestion.objects.none()
    held = Stewardship.objects.filter(organisation=OuterRef("organisation"), until=None, role__in=directory.KEEPERS, person__is_active=True)
    long_ago = (now or timezone.now()) - rules.STEWARDS_FIRST
    mine_now = _of_my_area(viewer) & (_FOREIGN | ~Q(Exists(held)) | Q(opened_at__lte=long_ago))
    return Suggestion.objects.filter(_of_mine(viewer) | mine_now, _ABOUT_ENTRIES, state=rules.OPEN)


def proposals_to_decide(viewer: Viewer) -> QuerySet[Suggestion]:
    """The missing organisations that wait for this caretaker."""
    if not is_person(viewer):
        return Suggestion.objects.none()
    return Suggestion.objects.filter(_proposed_to(viewer), state=rules.OPEN)


def may_decide(viewer: Viewer, suggestion: Suggestion, now: datetime | None = None) -> bool:
    """Whether this viewer decides on an open suggestion today."""
    kind = proposals_to_decide(viewer) if suggestion.kind == rules.MISSING else suggestions_to_decide(viewer, now)
    return kind.filter(pk=suggestion.pk).exists()


def has_stewards(organisation: Organisation) -> bool:
    """Whether somebody looks after this entry."""
    return directory.keepers_of(organisation).exists()


def caretakers_near(suggestion: Suggestion) -> QuerySet[Person]:
    """Who takes care of the area of a missing organisation; where there is nobody, those of the house."""
    near = Q(country="") | Q(country=suggestion.country, region__in=("", suggestion.region))
    sectors = {suggestion.sector_id, suggestion.sector.parent_id if suggestion.sector else None}
    areas = Caretaking.objects.filter(near).filter(Q(sector=None) | Q(sector_id__in=[pk for pk in sectors if pk]))
    active = Person.objects.filter(is_active=True)
    local = active.filter(pk__in=areas.values("person"))
    return local if local.exists() else active.filter(is_caretaker=True)


def reports_visible_to(viewer: Viewer) -> QuerySet[Report]:
    """Reports are seen by caretakers: of the area, those of the house all; what belongs to no entry is the house's."""
    if directory.may_caretake(viewer):
        return Report.objects.all()
    return Report.objects.filter(organisation__in=directory.caretaken_by(viewer).values("pk"))


def reports_to_judge(viewer: Viewer) -> QuerySet[Report]:
    """The open ones this caretaker may decide on: not of an entry they look after, nor their own, unless nobody else is there."""
    found = reports_visible_to(viewer).filter(decided_at=None)
    if not is_person(viewer) or _is_alone(viewer):
        return found
    partial = Q(organisation__in=directory.stewarded_by(viewer).values("pk")) | _answers_for(viewer)
    return found.exclude(partial).exclude(by=viewer)


def appeals_to_judge(viewer: Viewer) -> QuerySet[Appeal]:
    """The open appeals this caretaker may decide on: not against their own decision, unless nobody else is there."""
    found = Appeal.objects.filter(report__in=reports_visible_to(viewer).values("pk"), decided_at=None)
    if not is_person(viewer) or _is_alone(viewer):
        return found
    answered_for = Report.objects.filter(_answers_for(viewer)).values("pk")
    partial = Q(report__organisation__in=directory.stewarded_by(viewer).values("pk")) | Q(report__in=answered_for)
    return found.exclude(partial).exclude(by=viewer).exclude(report__by=viewer).exclude(report__decided_by=viewer)


def may_judge(viewer: Viewer, report: Report) -> bool:
    """Whether this viewer decides on a report."""
    return reports_to_judge(viewer).filter(pk=report.pk).exists()


def may_judge_appeal(viewer: Viewer, appeal: Appeal) -> bool:
    """Whether this viewer decides on an appeal."""
    return appeals_to_judge(viewer).filter(pk=appeal.pk).exists()


def token(thing: Suggestion | Report, side: str = Side.NOTIFIER) -> str:
    """The word in the link of those who wrote something, or of those it is about: whoever has the link may see and answer."""
    return signing.Signer(salt=f"suggestions.{thing._meta.model_name}.{side}").signature(str(thing.uuid))


def side_of(report: Report, word: str) -> Side | None:
    """Whose link this is; None for a word that is nobody's."""
    return next((side for side in Side if constant_time_compare(word, token(report, side))), None)


def has_token(suggestion: Suggestion, word: str) -> bool:
    """Whether this word opens the suggestion."""
    return constant_time_compare(word, token(suggestion))


def _of_mine(viewer: Person) -> Q:
    return Q(organisation__in=directory.stewarded_by(viewer).values("pk")) & ~_FOREIGN & _ABOUT_ENTRIES


def _of_my_area(viewer: Person) -> Q:
    return Q(organisation__in=directory.caretaken_by(viewer).values("pk")) & _ABOUT_ENTRIES


def _proposed_to(viewer: Person) -> Q:
    proposed = Q(kind=rules.MISSING)
    if directory.may_caretake(viewer):
        return proposed
    area = Q(pk__in=())
    for one in Caretaking.objects.filter(person=viewer):
        there = Q(country=one.country) & (Q(region=one.region) if one.region else Q()) if one.country else Q()
        area |= there & (Q(sector=one.sector_id) | Q(sector__parent=one.sector_id) if one.sector_id else Q())
    return proposed & area


def _answers_for(viewer: Person) -> Q:
    """Reports of things this caretaker answers for, where there is another caretaker of the house who does not."""
    answers = Report.responsible.through.objects.filter(report=OuterRef("pk"), person=viewer.pk)
    theirs = Report.responsible.through.objects.filter(report=OuterRef(OuterRef("pk"))).values("person")
    others = Person.objects.filter(is_caretaker=True, is_active=True).exclude(pk=viewer.pk).exclude(pk__in=theirs)
    return Q(Exists(answers)) & Q(Exists(others))


def _is_alone(viewer: Person) -> bool:
    """Whether no other caretaker of the house could decide in their place."""
    return not Person.objects.filter(is_caretaker=True, is_active=True).exclude(pk=viewer.pk).exists()
