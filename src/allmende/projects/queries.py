"""Every question about projects asked twice; each begins at what the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.comments.models import Following
from allmende.directory.access import caretaken_by, organisations_visible_to
from allmende.directory.models import Organisation, Term, Tree
from allmende.exchange.access import listings_visible_to, open_listings_visible_to
from allmende.exchange.models import Listing
from allmende.ground.text import words
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.projects import access, rules
from allmende.projects.models import Part, Project, Step, Wanted

MOST_WORDS = 12


@dataclass(frozen=True)
class Filters:
    """What a list of projects is narrowed by; what is empty does not narrow."""

    q: str = ""
    stage: str = ""
    sdg: str = ""
    organisation: str = ""
    wants: bool = False

    def __bool__(self) -> bool:
        return bool(self.q or self.stage or self.sdg or self.organisation or self.wants)


def projects(viewer: Viewer, filters: Filters) -> QuerySet[Project]:
    """Published projects this viewer may read, the latest changes first; each with `is_wanting`."""
    found = with_wanting(viewer, access.projects_visible_to(viewer).filter(is_draft=False, hidden_at=None)).select_related("organisation")
    for word in words(filters.q)[:MOST_WORDS]:
        found = found.filter(folded__contains=word)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.sdg:
        found = found.filter(
            Exists(Project.sdgs.through.objects.filter(project=OuterRef("pk"), term__key=filters.sdg, term__tree=Tree.SDG))
        )
    if filters.organisation:
        named = organisations_visible_to(viewer).filter(Q(slug=filters.organisation) | Q(name__icontains=filters.organisation))
        takes_part = Part.objects.filter(project=OuterRef("pk"), state=rules.CONFIRMED, organisation__in=named.values("pk"))
        found = found.filter(Q(organisation__in=named.values("pk")) | Q(Exists(takes_part)))
    return found.filter(Q(is_wanting=True)) if filters.wants else found


def with_wanting(viewer: Viewer, found: QuerySet[Project]) -> QuerySet[Project]:
    """With `is_wanting`: whether this viewer sees an open need of the project."""
    open_now = open_listings_visible_to(viewer).filter(wanted_by__project=OuterRef("pk"))
    return found.annotate(is_wanting=Exists(open_now))


def stages_used(viewer: Viewer) -> dict[str, int]:
    """How many published projects this viewer sees at each stage."""
    seen = access.projects_visible_to(viewer).filter(is_draft=False, hidden_at=None)
    return dict(seen.order_by().values_list("stage").annotate(number=Count("pk")))


def goals() -> QuerySet[Term]:
    """The Sustainable Development Goals in their order."""
    return Term.objects.filter(tree=Tree.SDG).order_by("position", "key")


@dataclass(frozen=True)
class Parts:
    """Who takes part, sorted by what they do; open and past ones apart. `lead` is the part of who answers for the project."""

    lead: Part | None
    confirmed: Sequence[Part]
    left: Sequence[Part]
    open: Sequence[Part]
    declined: Sequence[Part]


_RANK = {rules.LEAD: 0, rules.PARTNER: 1, rules.SUPPORTER: 2}


def parts(viewer: Viewer, project: Project) -> Parts:
    """The parts this viewer sees. Who answers for the project stands first, whatever its own part says."""
    seen = sorted(access.parts_visible_to(viewer, project), key=lambda part: (_RANK[part.kind], part.organisation.name.casefold()))
    others = [part for part in seen if part.organisation_id != project.organisation_id]
    return Parts(
        lead=next((part for part in seen if part.organisation_id == project.organisation_id), None),
        confirmed=[part for part in others if part.state == rules.CONFIRMED],
        left=[part for part in others if part.state == rules.LEFT],
        open=[part for part in others if part.state in rules.OPEN_PARTS],
        declined=[part for part in others if part.state == rules.DECLINED],
    )


def steps(project: Project) -> list[Step]:
    """All steps, the latest day first."""
    return sorted(project.steps.all(), key=lambda step: (step.on, step.pk), reverse=True)


def way(found: Sequence[Step]) -> list[rules.Mark]:
    """The usual way with what these steps have reached."""
    return rules.way([(step.on, step.pk, step.stage) for step in found])


def wanted(viewer: Viewer, project: Project) -> list[Listing]:
    """The needs of this project that this viewer sees, open ones first."""
    seen = listings_visible_to(viewer).filter(wanted_by__project=project).select_related("category")
    return sorted(seen, key=lambda listing: (not listing.is_open, -listing.pk))


def adoptions(viewer: Viewer, project: Project) -> list[Project]:
    """Who has adopted this project, as far as this viewer may read it."""
    seen = access.projects_visible_to(viewer).filter(adopted_from=project, is_draft=False, hidden_at=None)
    return list(seen.select_related("organisation").order_by("published_at", "pk")[:50])


def source(viewer: Viewer, project: Project) -> Project | None:
    """The project this one was adopted from, if this viewer may read it."""
    if project.adopted_from_id is None:
        return None
    return access.projects_visible_to(viewer).filter(pk=project.adopted_from_id, is_draft=False).select_related("organisation").first()


def projects_of_organisation(viewer: Viewer, organisation: Organisation) -> list[tuple[Project, str]]:
    """What an organisation leads or takes part in, with its part: "" where it answers for the project."""
    kinds = dict(Part.objects.filter(organisation=organisation, state=rules.CONFIRMED).values_list("project", "kind"))
    seen = with_wanting(viewer, access.projects_visible_to(viewer).filter(is_draft=False, hidden_at=None))
    found = seen.filter(Q(organisation=organisation) | Q(pk__in=list(kinds))).select_related("organisation")
    return [(one, "" if one.organisation_id == organisation.pk else kinds[one.pk]) for one in found[:20]]


def mine(viewer: Viewer) -> QuerySet[Project]:
    """All projects this viewer may change, drafts included."""
    return access.projects_of(viewer).select_related("organisation").order_by("-is_draft", "-changed_at")


def parts_of_mine(viewer: Viewer) -> QuerySet[Part]:
    """What organisations of this viewer take part in without leading it."""
    own = (
        access.parts_of(viewer)
        .filter(state=rules.CONFIRMED, project__is_draft=False, project__hidden_at=None)
        .exclude(project__in=access.projects_of(viewer).values("pk"))
    )
    return own.select_related("organisation", "project__organisation").order_by("-project__changed_at", "-pk")


def waiting_parts(viewer: Viewer) -> QuerySet[Part]:
    """Questions and offers this viewer can answer."""
    return access.parts_to_answer(viewer).select_related("organisation", "project__organisation").order_by("asked_at", "pk")


def handovers(viewer: Viewer) -> QuerySet[Project]:
    """Projects this viewer's organisations were asked to take over, or could because nobody leads them any more."""
    own = access.organisations_to_carry_for(viewer).values("pk")
    takes_part = Part.objects.filter(project=OuterRef("pk"), organisation__in=own, state=rules.CONFIRMED)
    orphaned = access.without_lead() & Q(Exists(takes_part)) & ~Q(organisation__in=own)
    found = Project.objects.filter(Q(handover_to__in=own) | orphaned, is_draft=False, hidden_at=None)
    return found.select_related("organisation", "handover_to")


def orphans(viewer: Viewer) -> QuerySet[Project]:
    """Projects without a lead in the area this viewer takes care of."""
    cared = caretaken_by(viewer).values("pk")
    found = Project.objects.filter(access.without_lead(), organisation__in=cared, is_draft=False, handover_to=None)
    return found.select_related("organisation").order_by("pk")


def newest(viewer: Viewer, number: int) -> list[Project]:
    """The projects published last."""
    found = access.projects_visible_to(viewer).filter(is_draft=False, hidden_at=None).select_related("organisation")
    return list(with_wanting(viewer, found).order_by("-published_at", "-pk")[:number])


def newest_changes(viewer: Viewer, number: int) -> list[Project]:
    """What this viewer may read, the latest changes first: for feeds."""
    return list(projects(viewer, Filters())[:number])


def project_of_listing(viewer: Viewer, listing: Listing) -> Project | None:
    """The project a need belongs to, if this viewer may read it."""
    link = Wanted.objects.filter(listing=listing).first()
    if link is None:
        return None
    return access.projects_visible_to(viewer).filter(pk=link.project_id).select_related("organisation").first()


def listeners(project: Project) -> list[Person]:
    """Who hears of steps and news: those who take part or were asked, and those who follow; not who wants to hear nothing of it."""
    rows = Following.objects.filter(kind=Project._meta.label_lower, number=project.pk)
    concerned = Q(pk__in=access.participants_of(project).values("pk")) | Q(pk__in=rows.filter(is_wanted=True).values("person"))
    found = Person.objects.filter(concerned, is_active=True, is_service=False).exclude(pk__in=rows.filter(is_wanted=False).values("person"))
    return [one for one in found.order_by("pk") if access.projects_visible_to(one).filter(pk=project.pk).exists()]


def step_to_take_back(found: Sequence[Step]) -> Step | None:
    """The step noted last, where it can still be taken back."""
    newest_step = max(found, key=lambda step: step.pk, default=None)
    if newest_step is None or len(found) < 2 or newest_step.stage == rules.TRANSFERRED:
        return None
    return newest_step if rules.may_be_corrected(newest_step.at, timezone.now()) else None


def first_day(found: Sequence[Step]) -> date | None:
    """Since when the project exists."""
    return min((step.on for step in found), default=None)
