"""What the data cooperative knows of a person: votes and answers they gave for their organisations."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.commons.models import RequestAnswer, RulesVote
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("commons", label=_("Data rules and requests for data"))


@knows("commons", label=_("Votes on the data rules and answers to requests for data"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per vote and per answer."""
    votes = RulesVote.objects.filter(by=person).select_related("organisation", "rules").order_by("pk")
    answers = RequestAnswer.objects.filter(by=person).select_related("organisation", "request").order_by("pk")
    return [
        *(_row("vote", f"data rules {one.rules.version}", one.organisation.name, one.choice, one.at) for one in votes),
        *(_row("answer", one.request.who, one.organisation.name, one.answer, one.at) for one in answers),
    ]


def _row(what: str, about: str, organisation: str, said: str, at: datetime) -> dict[str, Any]:
    return {"what": what, "about": about, "for": organisation, "said": said, "at": at.isoformat()}


@keeps("commons")
def kept(person: Person) -> list[Kept]:
    """The organisation's vote stays, without the name of who cast it."""
    if not RulesVote.objects.filter(by=person).exists() and not RequestAnswer.objects.filter(by=person).exists():
        return []
    return [Kept(str(_("The votes of your organisations")), str(_("They belong to the organisation; your name is removed from them.")))]


@forgets("commons", order=30)
def forget(person: Person) -> list[Kept]:
    """Votes and answers stay with their organisations, without the person."""
    remaining = kept(person)
    RulesVote.objects.filter(by=person).update(by=None)
    RequestAnswer.objects.filter(by=person).update(by=None)
    return remaining
