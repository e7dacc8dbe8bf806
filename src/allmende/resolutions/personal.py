"""What the register knows of a person: what they are responsible for, what they reported."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows
from allmende.resolutions import actions
from allmende.resolutions.models import Measure, Report, Resolution

announces("resolutions", label=_("Resolutions and measures you are responsible for"))


@knows("resolutions", label=_("Resolutions and measures"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row for each resolution and measure one is responsible for, and each report one wrote."""
    whole = Resolution.objects.filter(person=person).select_related("cooperative__organisation").order_by("pk")
    measures = Measure.objects.filter(person=person).select_related("resolution__cooperative__organisation").order_by("pk")
    reports = Report.objects.filter(by=person).select_related("resolution__cooperative__organisation").order_by("pk")
    return [
        *({"what": "resolution", "cooperative": str(one.cooperative), "number": one.number, "title": one.title} for one in whole),
        *({"what": "measure", **_of(one.resolution), "text": one.text, "state": one.state} for one in measures),
        *({"what": "report", **_of(one.resolution), "text": one.text, "at": one.at.isoformat()} for one in reports),
    ]


def _of(resolution: Resolution) -> dict[str, str]:
    return {"cooperative": str(resolution.cooperative), "number": resolution.number}


@keeps("resolutions")
def kept(person: Person) -> list[Kept]:
    """Reports stay without a name."""
    if not Report.objects.filter(by=person).exists():
        return []
    why = _("The register of resolutions is read for years. Your reports stay in it, without your name.")
    return [Kept(str(_("Reports on resolutions")), str(why))]


@forgets("resolutions", order=40)
def forget(person: Person) -> list[Kept]:
    """Nobody is responsible in their place; what they wrote stays without a name."""
    stays = kept(person)
    actions.forget_person(person)
    return stays
