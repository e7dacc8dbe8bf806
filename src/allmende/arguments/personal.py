"""What this room knows of a person: what they argued and asked, what they share.

Arguments belong to the deliberation: others shared and answered them, decisions rest on them. They stay, without the name.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.arguments.models import Argument, Share
from allmende.people.models import Person
from allmende.people.personal import Kept, Rows, announces, forgets, keeps, knows

announces("arguments", label=gettext_lazy("Questions and answers on proposals"))


@knows("arguments", label=gettext_lazy("Your arguments and questions"))
def written(person: Person) -> Rows:
    """What one wrote, about what, and what became of it."""
    columns = ("about_kind", "about_id", "side", "text", "created_at", "edited_at", "withdrawn_at", "answer", "hidden_at", "hidden_reason")
    return list(Argument.objects.filter(author=person).order_by("pk").values(*columns))


@knows("arguments-shared", label=gettext_lazy("Arguments you share"))
def shared(person: Person) -> Rows:
    """What one shares, since when."""
    return list(
        Share.objects.filter(person=person)
        .order_by("pk")
        .values("argument__about_kind", "argument__about_id", "argument__text", "shared_at")
    )


@knows("arguments-answered", label=gettext_lazy("Questions you answered"))
def answered(person: Person) -> Rows:
    """What one answered."""
    return list(
        Argument.objects.filter(answered_by=person).order_by("pk").values("about_kind", "about_id", "text", "answer", "answered_at")
    )


@keeps("arguments")
def kept(person: Person) -> list[Kept]:
    """Arguments that others share or that were answered, without the name."""
    if not _staying(person).exists():
        return []
    why = _("Others shared or answered them, and decisions rest on them. You can withdraw them now.")
    return [Kept(_("Arguments and questions that others share or that were answered, without your name"), why)]


@forgets("arguments", order=40)
def forget(person: Person) -> list[Kept]:
    """What nobody shared or answered goes with its author; the rest stays without the name. Shares go."""
    stays = kept(person)
    mine = Argument.objects.filter(author=person)
    mine.exclude(pk__in=list(_staying(person).values_list("pk", flat=True))).delete()
    mine.update(author=None)
    Argument.objects.filter(answered_by=person).update(answered_by=None)
    Argument.objects.filter(hidden_by=person).update(hidden_by=None)
    Share.objects.filter(person=person).delete()
    return stays


def _staying(person: Person) -> QuerySet[Argument]:
    is_shared = Q(pk__in=Share.objects.filter(argument__author=person).values("argument"))
    return Argument.objects.filter(~Q(answer="") | is_shared, author=person, withdrawn_at=None)
