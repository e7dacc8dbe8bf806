"""What this room knows of a person: ideas they wrote, support, answers they gave.

An idea that others support or that was answered is no longer only its author's: it stays, without the name.
"""

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet, RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ideas.models import Answer, Edition, Idea, MergeWish, Support
from allmende.people.models import Person
from allmende.people.personal import Kept, Rows, announces, forgets, keeps, knows

announces("ideas", label=gettext_lazy("Ideas: answers, merges, support"))


@knows("ideas", label=gettext_lazy("Your ideas"))
def written(person: Person) -> Rows:
    """What one wrote, and what became of it."""
    columns = ("uuid", "title", "text", "topic", "persona", "story_role", "story_wish", "story_benefit", "state", "visibility")
    more = ("created_at", "edited_at", "merged_into__title", "hidden_at", "hidden_reason", "cooperative__organisation__name")
    return list(Idea.objects.filter(author=person).order_by("pk").values(*columns, *more))


@knows("ideas-editions", label=gettext_lazy("Former words of your ideas"))
def former(person: Person) -> Rows:
    """How one's ideas read before they were changed."""
    return list(Edition.objects.filter(idea__author=person).order_by("pk").values("idea__title", "number", "words", "until"))


@knows("ideas-supported", label=gettext_lazy("Ideas you support"))
def supported(person: Person) -> Rows:
    """What one supports, since when, and by which merge it came to that."""
    columns = ("idea__title", "idea__cooperative__organisation__name", "supported_at", "came_from__title")
    return list(Support.objects.filter(person=person).order_by("pk").values(*columns))


@knows("ideas-answered", label=gettext_lazy("Answers you gave to ideas"))
def answered(person: Person) -> Rows:
    """What one answered for a cooperative."""
    return list(Answer.objects.filter(by=person).order_by("pk").values("idea__title", "state", "text", "at"))


@knows("ideas-merges", label=gettext_lazy("Merges of ideas you asked for"))
def wished(person: Person) -> Rows:
    """What one asked for and nobody has answered."""
    return list(MergeWish.objects.filter(by=person).order_by("pk").values("idea__title", "into__title", "at"))


@keeps("ideas")
def kept(person: Person) -> list[Kept]:
    """Ideas that others support or that were answered, without the name."""
    if not _staying(person).exists():
        return []
    why = _("Others support them, they were answered, merged or became proposals. What is only yours is deleted.")
    return [Kept(_("Ideas that others support or that were answered, without your name"), why)]


@forgets("ideas", order=40)
def forget(person: Person) -> list[Kept]:
    """What is only the person's goes; the rest stays without the name. Support goes."""
    stays = kept(person)
    Support.objects.filter(person=person).delete()
    MergeWish.objects.filter(by=person).delete()
    staying = list(_staying(person).values_list("pk", flat=True))
    for idea in Idea.objects.filter(author=person).exclude(pk__in=staying):
        _remove(idea)
    Idea.objects.filter(author=person).update(author=None)
    Answer.objects.filter(by=person).update(by=None)
    Idea.objects.filter(hidden_by=person).update(hidden_by=None)
    return stays


def _remove(idea: Idea) -> None:
    """Delete it, unless something else points at it: then its words stay without the name."""
    try:
        with transaction.atomic():
            idea.delete()
    except (ProtectedError, RestrictedError):
        Idea.objects.filter(pk=idea.pk).update(author=None)


def _staying(person: Person) -> QuerySet[Idea]:
    by_others = Support.objects.filter(idea__author=person).exclude(person=person).values("idea")
    shared = Q(pk__in=by_others) | Q(answers__isnull=False) | Q(merged__isnull=False) | Q(merged_into__isnull=False)
    return Idea.objects.filter(shared, author=person).distinct()
