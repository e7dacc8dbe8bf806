"""Questions about the register of resolutions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.http import Http404
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.ground.models import Entry
from allmende.ground.text import reads_english
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.processes.access import belongs_to
from allmende.resolutions import access, rules, wording
from allmende.resolutions.models import Body, Measure, MeasureState, Report, Resolution, State, Visibility

Thing = TypeVar("Thing", bound=models.Model)
MOST_SHOWN = 5
MOST_HISTORY = 60


@dataclass(frozen=True)
class Wanted:
    """What is looked for in the register."""

    search: str = ""
    standing: str = ""
    year: int | None = None
    body: str = ""
    order: str = ""


def with_standing(found: QuerySet[Resolution], today: date) -> QuerySet[Any]:
    """Each with `standing`: its state, or overdue (rules.standing, asked of the database)."""
    late = Measure.objects.filter(resolution=OuterRef("pk"), state=MeasureState.OPEN, due_on__lt=today)
    overdue = Q(state=State.IN_WORK) & (Q(due_on__lt=today) | Exists(late))
    standing = Case(When(overdue, then=Value(rules.OVERDUE)), default=F("state"), output_field=CharField())
    return cast("QuerySet[Any]", found.annotate(standing=standing))


def drafted_about(entry: Entry, things: QuerySet[Thing]) -> tuple[Resolution, Thing] | None:
    """The draft of a count that this line of the trail speaks of, and what was voted on; None where that is none of these things, or
    another cooperative's."""
    kind = things.model._meta.label_lower
    found = Resolution.objects.filter(pk=int(entry.about), ballot__isnull=False, about_kind=kind).select_related("cooperative").first()
    thing = things.filter(pk=found.about_id or 0).first() if found else None
    return (found, thing) if found and thing and belongs_to(thing, found.cooperative) else None


def register(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Resolution]:
    """What is entered here and may be read by this viewer."""
    return access.resolutions_visible_to(viewer).filter(cooperative=cooperative).exclude(state=State.DRAFT)


def chosen(viewer: Viewer, cooperative: Cooperative, wanted: Wanted) -> QuerySet[Any]:
    """The rows of the register, the latest first, each with `standing`, `last_report` and its words."""
    found: QuerySet[Any] = with_standing(register(viewer, cooperative), localdate())
    for word in wanted.search.split()[:6]:
        found = found.filter(_said(word))
    if wanted.standing == rules.REVIEW:
        found = found.filter(review_on__lte=localdate(), state__in=[State.IN_WORK, State.DONE])
    elif wanted.standing:
        found = found.filter(standing=wanted.standing)
    if wanted.year:
        found = found.filter(year=wanted.year)
    if wanted.body:
        found = found.filter(body=wanted.body)
    last = Report.objects.filter(resolution=OuterRef("pk")).order_by("-at", "-pk")
    found = found.annotate(reported_at=Subquery(last.values("at")[:1])).select_related("person", "replaced_by")
    if reads_english():  # votes are put into words anew
        found = found.select_related("ballot").prefetch_related("ballot__options")
    latest: list[Any] = ["-year", "-serial"]
    ordered: QuerySet[Any] = found.order_by(*([F("due_on").asc(nulls_last=True)] if wanted.order == "due" else []), *latest)
    return ordered


def _said(word: str) -> Q:
    """A word of the text, or a number as people cite it."""
    found = Q(title__icontains=word) | Q(wording__icontains=word) | Q(outcome__icontains=word) | Q(responsible__icontains=word)
    year, slash, serial = word.partition("/")
    if slash and year.isdecimal() and serial.isdecimal() and len(word) <= 15:
        found |= Q(year=int(year), serial=int(serial))
    return found


def counts(viewer: Viewer, cooperative: Cooperative) -> Counter[str]:
    """How many stand how."""
    found = with_standing(register(viewer, cooperative), localdate()).order_by().values_list("standing").annotate(n=Count("pk"))
    return Counter(dict(found))


def years(viewer: Viewer, cooperative: Cooperative) -> list[int]:
    """The years in which something was decided, the latest first."""
    found = register(viewer, cooperative).order_by("-year").values_list("year", flat=True).distinct()
    return [year for year in found if year is not None]


def bodies(viewer: Viewer, cooperative: Cooperative) -> list[tuple[str, str]]:
    """Who decided something here, to choose from."""
    there = set(register(viewer, cooperative).order_by().values_list("body", flat=True).distinct())
    return [(value, str(label)) for value, label in Body.choices if value in there]


def drafts(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Resolution]:
    """What waits for its number, the oldest first; for board and administration."""
    found = access.resolutions_visible_to(viewer).filter(cooperative=cooperative, state=State.DRAFT)
    return found.select_related("ballot").order_by("decided_on", "pk")


def resolution_at(viewer: Viewer, cooperative: Cooperative, year: int, serial: int) -> Resolution:
    """One of the register; Http404 for whoever may not read it."""
    found = register(viewer, cooperative).filter(year=year, serial=serial) if year < 10_000 and serial < 2**31 else None
    one = found.select_related("person", "replaced_by", "ballot", "entered_by").first() if found is not None else None
    if one is None:
        raise Http404
    return one


def draft_at(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> Resolution:
    """A draft; Http404 for whoever does not keep the register."""
    found = drafts(viewer, cooperative).filter(uuid=uuid).select_related("person").first()
    if found is None:
        raise Http404
    return found


def measure_at(resolution: Resolution, uuid: UUID) -> Measure:
    """A measure of this resolution."""
    found = resolution.measures.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def standing_of(resolution: Resolution, measures: list[Measure]) -> str:
    """The same as `with_standing`, of one that is in hand."""
    open_until = [one.due_on for one in measures if one.state == MeasureState.OPEN]
    return rules.standing(resolution.state, resolution.due_on, open_until, localdate())


def measures_of(resolution: Resolution) -> list[Measure]:
    """What is to be done, in the order in which it was written down."""
    return list(resolution.measures.select_related("person").prefetch_related(Prefetch("reports", Report.objects.order_by("at"))))


def reports_of(resolution: Resolution) -> list[Report]:
    """What became of it, the latest first."""
    return list(resolution.reports.select_related("by", "measure"))


@dataclass(frozen=True)
class Event:
    """A line of the history."""

    at: object
    label: str
    by: Person | None


def history_of(resolution: Resolution) -> list[Event]:
    """Who did what when, from the trail, the latest first."""
    lines = Entry.objects.filter(kind="resolutions.resolution", about=str(resolution.pk), verb__startswith="resolutions.")
    found = [Event(one.at, wording.event_label(one.verb.partition(".")[2]), one.by) for one in lines.select_related("by").order_by("-pk")]
    return [one for one in found if one.label][:MOST_HISTORY]


def about(viewer: Viewer, kind: str, number: int) -> QuerySet[Any]:
    """The resolutions on a thing, the latest first, each with `standing`."""
    found = access.resolutions_visible_to(viewer).filter(about_kind=kind, about_id=number).exclude(state=State.DRAFT)
    return with_standing(found, localdate()).order_by("-year", "-serial")


def replaceable(viewer: Viewer, resolution: Resolution) -> QuerySet[Resolution]:
    """Resolutions that can stand in the place of this one."""
    holding = register(viewer, resolution.cooperative).filter(state__in=[State.IN_WORK, State.DONE])
    return holding.exclude(pk=resolution.pk).order_by("-year", "-serial")[:200]


def usual_visibility(cooperative: Cooperative) -> str:
    """What a new resolution is: as the last one that was entered, members at first."""
    last = Resolution.objects.filter(cooperative=cooperative, serial__isnull=False).order_by("-entered_at", "-pk").first()
    return last.visibility if last else Visibility.MEMBERS


@dataclass(frozen=True)
class Waiting:
    """What waits for board and administration."""

    drafts: int
    overdue: int
    reviews: int


def waiting(viewer: Viewer, cooperative: Cooperative) -> Waiting:
    """Drafts without an outcome statement, what is overdue, what is to be looked at again."""
    today = localdate()
    here = with_standing(register(viewer, cooperative), today)
    found = here.aggregate(
        overdue=Count("pk", filter=Q(standing=rules.OVERDUE)),
        reviews=Count("pk", filter=Q(review_on__lte=today, state__in=[State.IN_WORK, State.DONE])),
    )
    return Waiting(drafts(viewer, cooperative).count(), found["overdue"], found["reviews"])


def mine(person: Person) -> list[Measure]:
    """Open measures of this person, what is due first."""
    return list(access.measures_of(person).order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_SHOWN])


def public(cooperative: Cooperative) -> QuerySet[Resolution]:
    """What everybody may read, with its measures and reports: the open data."""
    found = Resolution.objects.filter(access.PUBLIC, cooperative=cooperative).exclude(state=State.DRAFT)
    found = found.select_related("cooperative__organisation", "replaced_by", "ballot").prefetch_related("measures", "reports")
    return with_standing(found, localdate()).order_by("-year", "-serial")
