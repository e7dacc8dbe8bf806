"""What rolls of voters know of a person: where and by what right they could vote. How they voted is not known here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.electorates import actions
from allmende.electorates.models import Voter
from allmende.people.models import Person
from allmende.people.personal import Kept, forgets, keeps, knows


@knows("electorates", label=_("Where you could vote"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row for each voice this account casts."""
    found = Voter.objects.filter(person=person).select_related("electorate__cooperative__organisation").order_by("pk")
    return [
        {
            "cooperative": str(one.electorate.cooperative),
            "day": one.electorate.day.isoformat(),
            "name": one.name,
            "group": one.category,
            "votes": one.votes,
            "reason": one.reason,
        }
        for one in found
    ]


@keeps("electorates")
def kept(person: Person) -> list[Kept]:
    """That a member of this name could vote belongs to the minutes."""
    if not Voter.objects.filter(person=person).exclude(key__startswith="c:").exclude(name="").exists():
        return []
    why = _("Who could vote about something is part of the minutes (§ 47 GenG). The name goes with the one in the register of members.")
    return [Kept(str(_("Your name in rolls of voters")), str(why))]


@forgets("electorates", order=40)
def forget(person: Person) -> list[Kept]:
    """The account casts nothing any more; names stay as long as the register keeps them."""
    stays = kept(person)
    actions.forget_person(person)
    return stays
