"""What this room knows of a person: which entries they entered, and on whose invitation others did."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.editing.models import Entering
from allmende.people.models import Person
from allmende.people.personal import announces, knows

announces("editing", label=_("Entries you entered"))


@knows("entered", label=_("Entries you entered"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row for each form sent. The link to the person goes with the account; the entry stays."""
    rows = Entering.objects.filter(person=person).select_related("organisation").order_by("at")
    return [{"name": one.organisation.name, "at": one.at, "licence": one.licence, "data_rules": one.rules_version} for one in rows]


@knows("invited-to-enter", label=_("Entries made on your invitation"))
def invited(person: Person) -> list[dict[str, Any]]:
    """One row for each entry that somebody made through a link of this person."""
    rows = Entering.objects.filter(invited_by=person).select_related("organisation").order_by("at")
    return [{"name": one.organisation.name, "at": one.at} for one in rows]
