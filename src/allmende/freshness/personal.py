"""What this room knows of a person: what they were asked, what they answered, what they said about an end."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.freshness.models import Gone, Question
from allmende.people.models import Person
from allmende.people.personal import announces, forgets, knows

announces("freshness", label=_("Whether your entries are still true"))


@knows("freshness-questions", label=_("Questions whether your entries are still true"))
def questions(person: Person) -> list[dict[str, Any]]:
    """Every letter of this kind and its answer."""
    return [
        {
            "entry": one.organisation.slug,
            "name": one.organisation.name,
            "number": one.number,
            "asked_at": one.asked_at,
            "answer": one.answer,
            "answered_at": one.answered_at,
            "came_back_at": one.bounced_at,
        }
        for one in Question.objects.filter(person=person).select_related("organisation")
    ]


@knows("freshness-ends", label=_("What you said about the end of organisations"))
def ends(person: Person) -> list[dict[str, Any]]:
    """Where this person said that an organisation is no more."""
    return [
        {"entry": one.organisation.slug, "name": one.organisation.name, "year": one.year, "word": one.word, "said_at": one.said_at}
        for one in Gone.objects.filter(person=person).select_related("organisation")
    ]


@forgets("freshness", order=40)
def forget(person: Person) -> None:
    """The entry keeps that it was asked about, without whom and at which address; what was said about an end loses its author."""
    Question.objects.filter(person=person).update(person=None, address="")
    Gone.objects.filter(person=person, settled_at__isnull=False).update(person=None, word="")
    Gone.objects.filter(person=person).update(person=None)
