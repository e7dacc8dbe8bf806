"""What this room knows of a person, and how it lets go of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.constitution import access, actions, queries
from allmende.constitution.models import Office
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, blocks, forgets, keeps, knows

announces("constitution", label=gettext_lazy("Your offices"))


@knows("offices", label=gettext_lazy("Offices you hold or held"))
def offices(person: Person) -> list[dict[str, Any]]:
    """Where, which, from when until when."""
    rows = Office.objects.filter(person=person).select_related("cooperative__organisation").order_by("since", "pk")
    return [
        {
            "cooperative": office.cooperative.organisation.name,
            "office": office.kind,
            "title": office.title,
            "name": office.holder,
            "since": office.since,
            "until": office.until,
            "elected_by": office.elected_by,
            "discharged_on": office.discharged_on,
        }
        for office in rows
    ]


@blocks("constitution")
def last_on_board(person: Person) -> list[str]:
    """Whoever is the last on a board that can act first enters a successor."""
    sentence = _(
        "You are the only one on the board of “%(name)s” who can act here. Enter somebody else with an account first, under “Offices”."
    )
    return [sentence % {"name": str(cooperative)} for cooperative in queries.boards_alone(person)]


@keeps("constitution")
def what_stays(person: Person) -> list[Kept]:
    """Names of those who led, oversaw or audited a cooperative stand in minutes and registers."""
    if not Office.objects.filter(person=person, kind__in=access.OF_LAW).exists():
        return []
    why = _("Who was on the board, the supervisory board or audited stands in minutes and registers and is asked for years later.")
    return [Kept(_("Your name at offices of the law that you held"), why)]


@forgets("constitution", order=40)
def forget(person: Person) -> list[Kept] | None:
    """Tasks end and lose their name; offices of the law keep it, without the account."""
    actions.erase_person(person)
    return None
