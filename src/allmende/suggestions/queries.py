"""Questions about what others pointed out: what waits for whom, what an inbox shows, what a decision needs, the yearly numbers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from allmende.directory import access as directory_access
from allmende.directory import history
from allmende.directory import queries as directory
from allmende.directory.access import organisations_visible_to
from allmende.directory.importers import undoing
from allmende.directory.models import Organisation
from allmende.duplicates import lookup
from allmende.duplicates.portraits import Portrait, Site
from allmende.duplicates.reasons import Reason
from allmende.duplicates.sketches import portrait_said
from allmende.people import subjects
from allmende.people.queries import GUEST, Viewer
from allmende.suggestions import access, fields, rules
from allmende.suggestions.fields import removable
from allmende.suggestions.models import Appeal, Effect, Matter, Outcome, Report, Suggestion

FOUND = 8  # entries offered for a name
KEPT_IN_INBOX = 50


def suggestions_waiting(viewer: Viewer) -> QuerySet[Suggestion]:
    """What this viewer may decide on now about entries, the longest waiting (`opened_at`) first."""
    return access.suggestions_to_decide(viewer).select_related("organisation", "organisation__sector")


def proposals_waiting(viewer: Viewer) -> QuerySet[Suggestion]:
    """The missing organisations that wait for this caretaker, the longest waiting (`opened_at`) first."""
    return access.proposals_to_decide(viewer).select_related("sector")


def reports_waiting(viewer: Viewer) -> QuerySet[Report]:
    """The reports of illegal content that wait for this caretaker, the longest waiting (`opened_at`) first."""
    return access.reports_to_judge(viewer).select_related("organisation", "organisation__sector")


def appeals_waiting(viewer: Viewer) -> QuerySet[Appeal]:
    """The appeals that wait for this caretaker, the longest waiting (`opened_at`) first."""
    return access.appeals_to_judge(viewer).select_related("report", "report__organisation")


def waiting_by_entry(viewer: Viewer) -> list[tuple[Organisation, int]]:
    """The entries with open suggestions that wait for this viewer, and how many."""
    waiting = access.suggestions_to_decide(viewer).values("organisation").annotate(n=Count("pk")).order_by("-n", "organisation")
    counts = {row["organisation"]: row["n"] for row in waiting}
    entries = Organisation.objects.in_bulk(list(counts))
    return [(entries[pk], number) for pk, number in counts.items() if pk in entries]


def waiting_at(viewer: Viewer, organisation: Organisation) -> int:
    """How many open suggestions for this entry wait for this viewer."""
    return access.suggestions_to_decide(viewer).filter(organisation=organisation).count()


def inbox(viewer: Viewer, organisation: Organisation) -> list[Suggestion]:
    """All this viewer may see for an entry: the open ones first, then the latest decided ones."""
    found = access.suggestions_visible_to(viewer).filter(organisation=organisation).exclude(kind=rules.MISSING)
    is_open = found.filter(state=rules.OPEN).order_by("opened_at")
    closed = found.exclude(state=rules.OPEN).select_related("decided_by").order_by("-decided_at")
    return [*is_open, *closed[:KEPT_IN_INBOX]]


def suggestion(viewer: Viewer, uuid: UUID) -> Suggestion | None:
    """The suggestion of that number, for those who decide."""
    return access.suggestions_visible_to(viewer).select_related("organisation", "decided_by").filter(uuid=uuid).first()


def report(viewer: Viewer, uuid: UUID) -> Report | None:
    """The report of that number, for caretakers."""
    return access.reports_visible_to(viewer).select_related("organisation", "decided_by").filter(uuid=uuid).first()


def by_link(uuid: UUID, word: str) -> Suggestion | None:
    """The suggestion a link leads to; None where number and word do not belong together."""
    found = Suggestion.objects.select_related("organisation").filter(uuid=uuid).first()
    return found if found and access.has_token(found, word) else None


def report_by_link(uuid: UUID, word: str) -> tuple[Report, str] | None:
    """The report a link leads to and whose link it is."""
    found = Report.objects.select_related("organisation").filter(uuid=uuid).first()
    side = access.side_of(found, word) if found else None
    return (found, side) if found and side else None


def entry(viewer: Viewer, slug: str) -> Organisation | None:
    """The entry as this viewer reads it, followed through merges."""
    return directory.organisation(viewer, slug)


def concealed(viewer: Viewer, item: Organisation) -> frozenset[str]:
    """The fields this viewer does not see."""
    return fields.concealed(item, directory_access.circle(viewer, item))


@dataclass(frozen=True)
class Unit:
    """One thing to decide on: what the entry says now, what it said when it was suggested, what is proposed."""

    name: str
    label: str
    now: str
    then: str
    proposed: str
    is_taken: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether somebody changed the entry there meanwhile."""
        return self.now != self.then

    @property
    def is_done(self) -> bool:
        """Whether the entry says already what is proposed."""
        return self.now == self.proposed


@dataclass
class Comparison:
    """A suggestion beside its entry. `seen` is the entry's newest revision: what a decision is based on."""

    seen: int
    now: fields.Values
    units: list[Unit] = field(default_factory=list)


def comparison(found: Suggestion) -> Comparison:
    """What the deciders look at: each unit now, then and as proposed."""
    if found.organisation_id is None:
        return Comparison(0, {})
    seen = directory.newest_revision(found.organisation_id)
    now = fields.current(undoing.said(found.organisation_id))
    then = fields.current(history.state_at(found.organisation_id, found.base)) if found.base else now
    made = Comparison(seen, now)
    for name in rules.units(found.fields):
        proposed = fields.told(name, {**then, **found.fields}), fields.told(name, then)
        made.units.append(
            Unit(name, str(fields.LABELS[name]), fields.told(name, now), proposed[1], proposed[0], is_taken=name in found.taken)
        )
    return made


def portrait(said: dict[str, Any]) -> Portrait:
    """A proposed organisation as duplicates are looked up by."""
    place = {name: said.get(name, "") for name in rules.SEAT}
    site = Site(place["street"], place["postcode"], place["town"], place["country"])
    return portrait_said(said, [site] if any(place.values()) else [])


def look_alikes(viewer: Viewer, said: dict[str, Any], *, public: bool = True) -> list[tuple[Organisation, tuple[Reason, ...]]]:
    """Entries that may be the proposed organisation, with reasons; for guests with public reasons only."""
    found = lookup.candidates(portrait(said), limit=5, public=public)
    entries = organisations_visible_to(GUEST if public else viewer).in_bulk([one.organisation_id for one in found])
    return [(entries[one.organisation_id], one.verdict.reasons) for one in found if one.organisation_id in entries]


def entries_named(text: str, *, but: Organisation) -> list[Organisation]:
    """Public entries by what somebody typed: an address of this house, or the beginning of a name."""
    visible = organisations_visible_to(GUEST).exclude(pk=but.pk)
    if "/o/" in text:
        slug = text.partition("/o/")[2].split("/")[0].split("?")[0].split("#")[0].split(".")[0]
        target = directory.organisation(GUEST, slug[:100]) if slug else None
        return [target] if target and target.pk != but.pk else []
    same = list(visible.filter(name__iexact=text)[:FOUND])
    return same or list(visible.filter(name__icontains=text).order_by("name")[:FOUND])


@dataclass(frozen=True)
class About:
    """The thing a report is about, as those who judge it see it: also where they may not see its page."""

    label: str
    title: str
    url: str = ""
    words: str = ""
    is_gone: bool = False
    is_hidden: bool = False
    can_be_hidden: bool = False


def about(found: Report) -> About | None:
    """The thing of a report; None for reports of entries."""
    if not found.kind:
        return None
    subject, thing = subjects.by_kind(found.kind), subjects.as_it_is(found.kind, found.number or 0)
    if subject is None or thing is None:
        return About(str(subject.label) if subject else "", found.title, is_gone=True)
    return About(
        str(subject.label),
        subject.title(thing),
        subject.url(thing),
        subject.words(thing),
        is_hidden=is_hidden(thing),
        can_be_hidden=subject.hide is not None,
    )


def is_hidden(thing: Any) -> bool:
    """Whether a thing is off the pages already: rooms remember it by `hidden_at` or by their state `hidden`."""
    return bool(getattr(thing, "hidden_at", None)) or getattr(thing, "state", "") == "hidden"


@dataclass
class Year:
    """What became of the reports of a year, in numbers."""

    year: int
    received: int = 0
    conduct: int = 0
    open: int = 0
    none: int = 0
    fields: int = 0
    archived: int = 0
    hidden: int = 0
    appeals: int = 0
    changed: int = 0
    days: int | None = None


def register() -> list[Year]:
    """The public yearly numbers of reports and decisions, newest year first. No names, no entries."""
    years: dict[int, Year] = {}
    spans: dict[int, list[timedelta]] = defaultdict(list)
    for opened, decided, effect, matter in Report.objects.values_list("opened_at", "decided_at", "effect", "matter"):
        number = timezone.localtime(opened).year
        year = years.setdefault(number, Year(number))
        year.received += 1
        year.conduct += matter == Matter.CONDUCT
        _count(year, effect)
        if decided:
            spans[number].append(decided - opened)
    appealed = Appeal.objects.values_list("report__opened_at", "outcome")
    for opened, outcome in appealed:
        year = years[timezone.localtime(opened).year]
        year.appeals += 1
        year.changed += outcome == Outcome.CHANGED
    for number, year in years.items():
        year.days = rules.median_days(spans[number])
    return sorted(years.values(), key=lambda one: -one.year)


def _count(year: Year, effect: str) -> None:
    if effect == "":
        year.open += 1
    elif effect == Effect.NONE:
        year.none += 1
    elif effect == Effect.FIELDS:
        year.fields += 1
    elif effect == Effect.HIDDEN:
        year.hidden += 1
    else:
        year.archived += 1


def case(found: Report, side: str = "") -> dict[str, Any]:
    """What the pages of a report show beside it: its appeals, what was removed in words, and whether this side may still appeal."""
    appeals = list(found.appeals.all())
    names = {**{name: str(label) for name, label in fields.LABELS.items()}, **dict(removable())}
    may = bool(side) and rules.may_appeal(found.decided_at, timezone.now(), [one.side for one in appeals], side)
    until = found.decided_at + rules.APPEAL_WITHIN if found.decided_at else None
    mine = next((one for one in appeals if one.side == side), None)
    removed = [names.get(name, name) for name in found.fields]
    return {"appeals": appeals, "my_appeal": mine, "removed": removed, "may_appeal": may, "appeal_until": until}
