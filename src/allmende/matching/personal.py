"""What matching knows of a person: what they said does not fit, and what they recommended for an organisation."""

from django.utils.translation import gettext_lazy as _

from allmende.matching.models import Misfit, Recommendation
from allmende.people.models import Person
from allmende.people.personal import Rows, announces, knows

announces("matching", label=_("New matches for your offers and needs"))


@knows("matching", label=_("What you said about matches"))
def said(person: Person) -> Rows:
    """Misfits with their reasons, and recommendations. After erasure they stay as the organisation's, without a name (SET_NULL)."""
    misfits = Misfit.objects.filter(by=person).order_by("pk").values("need", "offer", "why", "note", "at")
    made = Recommendation.objects.filter(by=person).order_by("pk").values("need", "offer", "organisation", "at")
    return [{"said": "does not fit", **row} for row in misfits] + [{"said": "recommended", **row} for row in made]
