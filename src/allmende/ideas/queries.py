"""Questions about ideas: the list with filters, one idea with everything beside it, what is similar."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground.text import stemmed, stems, words
from allmende.ideas import access, rules
from allmende.ideas.models import Idea, MergeWish, State, Support
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

ORDERS = ("newest", "most")
WORDS = ("title", "text", "topic", "persona", "story_role", "story_wish", "story_benefit")
"""What an author writes; what editions keep."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to."""

    topic: str = ""
    state: str = ""
    order: str = "newest"
    q: str = ""
    is_mine: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return not (self.topic or self.state or self.q or self.is_mine)


def ideas_of(viewer: Viewer, cooperative: Cooperative, filters: Filters) -> QuerySet[Any]:
    """The ideas of a cooperative this viewer sees, each with `n_supports` and whether they support it (`is_mine`).

    Without a state all that are not merged or withdrawn.
    """
    found = access.ideas_visible_to(viewer).filter(cooperative=cooperative)
    found = found.filter(state=filters.state) if filters.state else found.exclude(state__in=[State.MERGED, State.WITHDRAWN])
    if filters.topic:
        found = found.filter(topic=filters.topic)
    if filters.is_mine and is_person(viewer):
        found = found.filter(Q(author=viewer) | Q(pk__in=Support.objects.filter(person=viewer).values("idea")))
    for word in words(filters.q)[:10]:
        any_stem = Q(pk__in=())
        for stem in stems(word):
            any_stem |= Q(found_by__contains=stem)
        found = found.filter(any_stem)
    order = ("-n_supports", "-created_at", "-pk") if filters.order == "most" else ("-created_at", "-pk")
    return with_supports(found, viewer).order_by(*order)


def with_supports(found: QuerySet[Idea], viewer: Viewer) -> QuerySet[Any]:
    """Each with how many support it and whether this viewer does."""
    mine: Exists | Value = Value(False, output_field=BooleanField())
    if is_person(viewer):
        mine = Exists(Support.objects.filter(person=viewer, idea=OuterRef("pk")))
    return found.annotate(n_supports=Count("supports"), is_mine=mine)


def similar(viewer: Viewer, cooperative: Cooperative, text: str, apart_from: int = 0) -> list[Any]:
    """Ideas on their way that say much the same, the most alike first, with their supports."""
    there = access.ideas_visible_to(viewer).filter(cooperative=cooperative, state__in=rules.LIVE, hidden_at=None).exclude(pk=apart_from)
    newest = there.order_by("-created_at").values_list("pk", "title", "text")[: rules.MOST_COMPARED]
    found = rules.similar(text, ((pk, f"{title} {body[:600]}") for pk, title, body in newest))
    by_pk = {one.pk: one for one in with_supports(there.filter(pk__in=found), viewer)}
    return [by_pk[pk] for pk in found]


def called(person: Person | None) -> str:
    """The name that stands beside an idea."""
    return person.name if person is not None and person.name else _("A member")


def searchable(idea: Idea) -> str:
    """The stems of all its words."""
    return stemmed(" ".join(str(getattr(idea, one)) for one in WORDS if one != "topic"))


def written(idea: Idea) -> dict[str, str]:
    """Its words as they stand now."""
    return {one: str(getattr(idea, one)) for one in WORDS}


def is_supported_by_others(idea: Idea) -> bool:
    """Whether anybody but its author supports it."""
    return idea.supports.exclude(person=idea.author_id or 0).exists()


def merged_into(idea: Idea) -> QuerySet[Idea]:
    """The ideas that went into this one, with their authors: they keep their credit."""
    return Idea.objects.filter(merged_into=idea).select_related("author").order_by("merged_at", "pk")


def wishes_for(person: Person) -> QuerySet[MergeWish]:
    """Merges this person is asked to agree to: one of the two ideas is theirs, somebody else wants it."""
    asked = Q(idea__author=person) | Q(into__author=person)
    live = Q(idea__state__in=rules.LIVE, into__state__in=rules.LIVE)
    found = MergeWish.objects.filter(asked & live).exclude(by=person)
    return found.select_related("idea", "into", "by", "idea__cooperative__organisation").order_by("pk")


def written_lately(person: Person, since: Any) -> int:
    """How many ideas somebody published since a moment."""
    return Idea.objects.filter(author=person, created_at__gt=since).count()
