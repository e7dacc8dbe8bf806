"""What this room knows of a person: the own answers and the statements they wrote."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.opinions import rules
from allmende.opinions.models import Answer, Change, Landscape, Statement
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("opinions", label=_("Opinion landscapes of your cooperatives"))

_WORDS = {value: word for word, value in rules.WORDS.items()}


@knows("opinions", label=_("Your answers in opinion landscapes"))
def answers(person: Person) -> list[dict[str, Any]]:
    """One row per answer."""
    mine = Answer.objects.filter(person=person).select_related("statement", "landscape__cooperative__organisation").order_by("pk")
    return [
        {
            "cooperative": str(one.landscape.cooperative),
            "landscape": one.landscape.title,
            "statement": one.statement.text,
            "answer": _WORDS[one.value],
            "answered_at": one.answered_at.isoformat(),
        }
        for one in mine
    ]


@knows("statements", label=_("Your statements in opinion landscapes"))
def statements(person: Person) -> list[dict[str, Any]]:
    """One row per statement."""
    mine = Statement.objects.filter(author=person).select_related("landscape__cooperative__organisation").order_by("pk")
    return [
        {
            "cooperative": str(one.landscape.cooperative),
            "landscape": one.landscape.title,
            "statement": one.text,
            "added_at": one.added_at.isoformat(),
            "hidden_reason": one.hidden_reason,
        }
        for one in mine
    ]


@keeps("opinions")
def kept(person: Person) -> list[Kept]:
    """Others have answered the statements: they stay, without the name."""
    if not Statement.objects.filter(author=person).exists():
        return []
    why = _("Others have answered them. They stay without your name; it was shown to nobody.")
    return [Kept(str(_("Statements you added to opinion landscapes")), str(why))]


@forgets("opinions", order=30)
def forget(person: Person) -> list[Kept]:
    """Answers go; they are missing in the next picture. Statements stay without who wrote them."""
    remaining = kept(person)
    Answer.objects.filter(person=person).delete()
    Statement.objects.filter(author=person).update(author=None)
    Statement.objects.filter(hidden_by=person).update(hidden_by=None)
    Change.objects.filter(by=person).update(by=None)
    Landscape.objects.filter(created_by=person).update(created_by=None)
    Landscape.objects.filter(published_by=person).update(published_by=None)
    return remaining
