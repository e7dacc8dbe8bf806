"""What this room knows of a person: that they took part, and what they chose in open boxes. Of secret papers it knows nothing."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ballots import wording
from allmende.ballots.models import Participation, Vote
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("ballots", label=gettext_lazy("Ballots of your cooperatives"))


@knows("ballots", label=gettext_lazy("Ballots: where you took part, and your papers in open boxes"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row for each ballot; for secret ones without a choice and without a time."""
    votes = Vote.objects.filter(voter__person=person).select_related("ballot__cooperative__organisation").order_by("pk")
    rows = [
        {
            "cooperative": str(one.ballot.cooperative),
            "ballot": one.ballot.number,
            "question": one.ballot.question,
            "choice": wording.choice_in_words(one.choice, [option.label for option in one.ballot.options.all()]),
            "cast_at": one.cast_at.isoformat(),
        }
        for one in votes
    ]
    taken = Participation.objects.filter(voter__person=person).select_related("ballot__cooperative__organisation")
    secret = [
        {
            "cooperative": str(one.ballot.cooperative),
            "ballot": one.ballot.number,
            "question": one.ballot.question,
            "choice": "",
            "cast_at": "",
        }
        for one in taken.order_by("ballot__year", "ballot__serial", "voter_id")
    ]
    return rows + secret


@keeps("ballots")
def kept(person: Person) -> list[Kept]:
    """Papers stay counted."""
    if not (Vote.objects.filter(voter__person=person).exists() or Participation.objects.filter(voter__person=person).exists()):
        return []
    why = _("A result has to stay what it was. The roll keeps the name as long as the register of members does; your account is removed.")
    return [Kept(str(_("Your papers in ballots of your cooperatives")), str(why))]


@forgets("ballots", order=25)
def forget(person: Person) -> list[Kept]:
    """Nothing of a paper is changed; the roll forgets the account by itself (electorates)."""
    return kept(person)
